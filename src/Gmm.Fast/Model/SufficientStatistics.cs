using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;

namespace Gmm.Fast;

/// <summary>
/// Holds the sums of one pass over the data, from which the M-step follows (Bishop, PRML, equations 9.24 to 9.27).
///   N_k = sum r,  F_k = sum r d,  S_k = sum r d d^T,  d = x - center_k
/// N_k is the effective count of component k, F_k its first moment and S_k its second moment. The total log-likelihood, the sum of weights and the
/// number of points follow. All numbers lie in one flat span. Statistics of parts of the data about the same centers combine by addition: of
/// threads, blocks, batches, files and machines.
/// </summary>
public sealed class SufficientStatistics
{
    private const int Tail = 3;

    private readonly double[] _values;

    /// <summary>Makes statistics of zero points, about centers at 0.</summary>
    /// <param name="covarianceType">The covariance type, which decides the part of the second moments that is kept.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the sums do not fit an array.</exception>
    public SufficientStatistics(CovarianceType covarianceType, int components, int dimension)
        : this(Checked(covarianceType, components, dimension).Moments, components, dimension)
    {
    }

    internal SufficientStatistics(MomentKind moments, int components, int dimension, bool hasCenters = true)
    {
        Moments = moments;
        Components = components;
        Dimension = dimension;
        SecondMomentLength = moments.Length(dimension);
        _values = new double[checked(components * ComponentLength + Tail)];
        Centers = hasCenters ? new double[checked(components * dimension)] : [];
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>
    /// The numbers kept of one second moment: D(D+1)/2 with off-diagonal entries, the lower triangle row after row; D for diagonal types; 1 for
    /// spherical types, the trace.
    /// </summary>
    public int SecondMomentLength { get; }

    /// <summary>[K x (1 + D + SecondMomentLength) + 3]: all sums, which add, scale and may be sent to other machines.</summary>
    public Span<double> Values => _values;

    /// <summary>The number of points.</summary>
    public double PointCount
    {
        get => _values[^1];
        internal set => _values[^1] = value;
    }

    /// <summary>The sum of the points' weights; the number of points where they have none.</summary>
    public double TotalWeight
    {
        get => _values[^2];
        internal set => _values[^2] = value;
    }

    /// <summary>The sum over the points of weight times log-density under the mixture, in nats (Bishop, PRML, equation 9.28).</summary>
    public double LogLikelihood
    {
        get => _values[^3];
        internal set => _values[^3] = value;
    }

    internal MomentKind Moments { get; }

    internal double[] Centers { get; }

    private int ComponentLength => 1 + Dimension + SecondMomentLength;

    /// <summary>Gives the effective count N_k of component <paramref name="k"/> (Bishop, PRML, equation 9.27).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public double EffectiveCount(int k) => _values[Place(k)];

    /// <summary>[K x D]: the origins of the deviations; they do not add.</summary>
    public ReadOnlySpan<double> AllCenters => Centers;

    /// <summary>Gives the center [D] of component <paramref name="k"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public ReadOnlySpan<double> Center(int k)
    {
        CheckComponent(k);
        return Centers.AsSpan(k * Dimension, Dimension);
    }

    /// <summary>Gives sum r d [D] of component <paramref name="k"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public ReadOnlySpan<double> FirstMoment(int k) => _values.AsSpan(Place(k) + 1, Dimension);

    /// <summary>Gives the kept part [SecondMomentLength] of sum r d d^T of component <paramref name="k"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component.</exception>
    public ReadOnlySpan<double> SecondMoment(int k) => _values.AsSpan(Place(k) + 1 + Dimension, SecondMomentLength);

    /// <summary>Returns to zero points; centers stay.</summary>
    public void Clear() => Values.Clear();

    /// <summary>Adds the statistics of other points about the same centers.</summary>
    /// <param name="other">Statistics of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes or the centers differ; <see cref="Recenter"/> moves statistics to other centers.</exception>
    public void Add(SufficientStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.SecondMomentLength != SecondMomentLength || other.Components != Components || other.Dimension != Dimension)
        {
            Throw.Argument(nameof(other),
                $"other has {other.Components} components of {other.Dimension} dimensions with {other.SecondMomentLength} numbers "
                    + $"per second moment; {Components}, {Dimension} and {SecondMomentLength} are required");
        }
        if (!other.Centers.AsSpan().SequenceEqual(Centers))
            Throw.Argument(nameof(other), "other has moments about other centers; recenter one of the two first");
        AddValues(other);
    }

    /// <summary>Multiplies all sums by a factor, as if the weight of every point had it.</summary>
    /// <param name="factor">Finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative or not finite.</exception>
    public void Scale(double factor)
    {
        Check.FiniteNonNegative(nameof(factor), factor);
        foreach (ref var value in Values) value *= factor;
    }

    /// <summary>
    /// Moves the moments to other centers c': with e = c' - c, F' = F - N e and S' = S - F e^T - e F^T + N e e^T. This loses digits where e is many
    /// times the spread of a component.
    /// </summary>
    /// <param name="centers">[K x D], finite.</param>
    /// <exception cref="ArgumentException">The length is wrong, or a number is not finite.</exception>
    public void Recenter(ReadOnlySpan<double> centers)
    {
        Check.Shape(nameof(centers), centers.Length, Components, Dimension);
        Check.Finite(nameof(centers), centers);
        var move = new double[Dimension];
        for (var k = 0; k < Components; k++)
        {
            var center = Centers.AsSpan(k * Dimension, Dimension);
            for (var j = 0; j < move.Length; j++) move[j] = centers[k * Dimension + j] - center[j];
            var first = _values.AsSpan(k * ComponentLength + 1, Dimension);
            var second = _values.AsSpan(k * ComponentLength + 1 + Dimension, SecondMomentLength);
            var count = EffectiveCount(k);
            Moments.AddProduct(second, first, move, -2);
            Moments.AddProduct(second, move, move, count);
            for (var j = 0; j < move.Length; j++) first[j] -= count * move[j];
            centers.Slice(k * Dimension, Dimension).CopyTo(center);
        }
    }

    private int Place(int k)
    {
        CheckComponent(k);
        return k * ComponentLength;
    }

    private void CheckComponent(int k)
    {
        if ((uint)k >= (uint)Components) Throw.OutOfRange(nameof(k), k, $"0 to {Components - 1} is required");
    }

    /// <summary>Adds the sums of statistics with the same shape and centers, unchecked.</summary>
    internal void AddValues(SufficientStatistics other)
    {
        var values = _values;
        var addend = other._values;
        for (var i = 0; i < values.Length; i++) values[i] += addend[i];
    }

    /// <summary>Gives the same statistics with less of the second moments: of a triangle the diagonal, of a diagonal the trace.</summary>
    internal SufficientStatistics As(MomentKind moments)
    {
        if (moments == Moments) return this;
        var less = new SufficientStatistics(moments, Components, Dimension);
        Centers.CopyTo(less.Centers, 0);
        for (var k = 0; k < Components; k++)
        {
            var target = less._values.AsSpan(k * less.ComponentLength, less.ComponentLength);
            target[0] = EffectiveCount(k);
            FirstMoment(k).CopyTo(target[1..]);
            for (var j = 0; j < Dimension; j++) target[1 + Dimension + moments.DiagonalIndex(j)] += SecondMoment(k)[Moments.DiagonalIndex(j)];
        }
        _values.AsSpan(^Tail..).CopyTo(less._values.AsSpan(^Tail..));
        return less;
    }

    /// <summary>Gives the displacement F_k / N_k of component k's mean from its center in dimension j.</summary>
    internal double Delta(int k, int j) => _values[k * ComponentLength + 1 + j] / _values[k * ComponentLength];

    /// <summary>Gives the squared length of the displacement of component k's mean.</summary>
    internal double SquaredDelta(int k)
    {
        double sum = 0;
        for (var j = 0; j < Dimension; j++) sum += Delta(k, j) * Delta(k, j);
        return sum;
    }

    /// <summary>
    /// Gives the largest ratio, over dimensions, of the second moment of component k about its center to that about its mean. Its logarithm is the
    /// number of digits that centering loses. It is 1 without a displacement, and infinite if no digit is left.
    /// </summary>
    internal double Cancellation(int k)
    {
        var second = SecondMoment(k);
        if (Moments.DiagonalLength(Dimension) < Dimension) return CancellationOf(second[0] / EffectiveCount(k), Math.Sqrt(SquaredDelta(k)));
        double worst = 1;
        for (var j = 0; j < Dimension; j++)
            worst = Math.Max(worst, CancellationOf(second[Moments.DiagonalIndex(j)] / EffectiveCount(k), Delta(k, j)));
        return worst;
    }

    /// <summary>Tells whether moments about these centers lose so many digits that they are summed once more, about the new means.</summary>
    internal bool LosesDigits(Model.Precision precision)
    {
        // Centering divides the precision of moments by this factor at most.
        var most = precision == Model.Precision.Single ? 30 : 1e3;
        for (var k = 0; k < Components; k++)
        {
            if (EffectiveCount(k) > 0 && Cancellation(k) > most) return true;
        }
        return false;
    }

    // Gives E[d^2] / (E[d^2] - delta^2).
    private static double CancellationOf(double meanSquare, double delta)
    {
        if (delta == 0) return 1;
        var variance = meanSquare - delta * delta;
        return variance > 0 ? meanSquare / variance : double.PositiveInfinity;
    }

    private static Family Checked(CovarianceType covarianceType, int components, int dimension)
    {
        var family = FamilyTable.Of(covarianceType);
        Check.MixtureSize(components, dimension, family.HasOffDiagonal);
        return family;
    }
}
