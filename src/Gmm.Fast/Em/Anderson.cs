using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>
/// Combines the last steps so that what is left of f is the least: damped Anderson acceleration with restarts (Henderson and Varadhan, Damped Anderson
/// acceleration with restarts and monotonicity control for accelerating EM and EM-like algorithms, JCGS 28, 2019). With the steps as columns of S and
/// their falls of f as columns of Y,
///   c = argmin |f - Y c|^2 + lambda |c|^2,  p = f + (S - Y) c
/// lambda makes |c|^2 the fraction 1 / (1 + 1.2^(25 - s)) of its value without damping; s counts proposals that were taken, and each refused one takes
/// the order from it. Columns of Y have length 1 here, so that old, long steps do not decide alone.
/// </summary>
/// <param name="shape">Parameters of the shape to accelerate.</param>
internal sealed class Anderson(Parameters shape) : SecantAccelerator(shape, Order)
{
    private const int Order = 5;
    private const double DampingBase = 1.2;
    private const int DampingSteps = 25;
    private const int MostDamping = -2 * DampingSteps;

    // Directions of Y with less than this of the largest eigenvalue of Y^T Y are rounding.
    private const double SmallestEigenvalue = 1e-13;
    private const int Halvings = 60;

    private int _taken;

    public override void Judge(bool isTaken)
    {
        base.Judge(isTaken);
        _taken = isTaken ? _taken + 1 : Math.Max(_taken - Order, MostDamping);
    }

    public override void Carry(StateCarrier state)
    {
        base.Carry(state);
        state.Carry(ref _taken);
    }

    protected override bool TryDirect(Span<double> direction)
    {
        Span<double> c = stackalloc double[Order];
        Solve(c[..Count]);
        Left.CopyTo(direction);
        for (var age = 0; age < Count; age++)
        {
            AddMultiple(c[age], Step(age), direction);
            AddMultiple(-c[age], Fall(age), direction);
        }
        if (Count == Order) Forget();
        return true;
    }

    private void Solve(Span<double> c)
    {
        var m = c.Length;
        Span<double> lengths = stackalloc double[m], gram = stackalloc double[m * m], vectors = stackalloc double[m * m], right = stackalloc double[m];
        for (var i = 0; i < m; i++)
        {
            lengths[i] = Norm(Fall(i));
            if (lengths[i] == 0) lengths[i] = 1;
            for (var j = 0; j <= i; j++) gram[i * m + j] = gram[j * m + i] = Dot(Fall(i), Fall(j)) / lengths[i] / lengths[j];
        }
        SymmetricEigenvectors.Decompose(gram, m, vectors);
        Span<double> values = stackalloc double[m];
        double largest = 0;
        for (var i = 0; i < m; i++) largest = Math.Max(largest, gram[i * m + i]);
        for (var i = 0; i < m; i++)
        {
            values[i] = gram[i * m + i];
            for (var j = 0; j < m; j++) right[i] += vectors[i * m + j] * (Dot(Fall(j), Left) / lengths[j]);
            if (values[i] <= SmallestEigenvalue * largest) (values[i], right[i]) = (1, 0);
        }
        var damping = Damping(values, right, largest);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++) c[j] += vectors[i * m + j] * (right[i] / (values[i] + damping)) / lengths[j];
        }
    }

    // |c|^2 falls with lambda, so halving an interval finds it.
    private double Damping(ReadOnlySpan<double> values, ReadOnlySpan<double> right, double largest)
    {
        var target = SquareLength(values, right, 0) / (1 + Growth(DampingSteps - _taken));
        var (low, high) = (0.0, largest * Growth(DampingSteps - MostDamping));
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + high) / 2;
            if (SquareLength(values, right, middle) > target) low = middle;
            else high = middle;
        }
        return high;
    }

    private static double Growth(int steps) => Parameters.Exp(steps * Parameters.Log(DampingBase));

    private static double SquareLength(ReadOnlySpan<double> values, ReadOnlySpan<double> right, double damping)
    {
        double sum = 0;
        for (var i = 0; i < values.Length; i++) sum += right[i] / (values[i] + damping) * (right[i] / (values[i] + damping));
        return sum;
    }
}
