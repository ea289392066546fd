using System.Numerics.Tensors;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Model;

/// <summary>
/// Computes Kullback-Leibler divergences between the components of two mixtures, in nats: with d the difference of the means,
/// KL(a || b) = 1/2 (tr(Sigma_b^-1 Sigma_a) + d^T Sigma_b^-1 d - D + ln |Sigma_b| - ln |Sigma_a|). Of covariances without off-diagonal entries it
/// builds no D x D matrix.
/// </summary>
internal sealed unsafe class Divergences
{
    private readonly Parameters _first;
    private readonly Parameters _second;
    private readonly bool _isDiagonal;
    private readonly Side[] _firsts;
    private readonly Side[] _seconds;
    private readonly double[] _traces;
    private readonly double[] _reverseTraces;

    public Divergences(Parameters first, Parameters second)
    {
        (_first, _second) = (first, second);
        _isDiagonal = !first.Family.HasOffDiagonal && !second.Family.HasOffDiagonal;
        _firsts = [.. Enumerable.Range(0, first.Matrices).Select(matrix => SideOf(first, matrix))];
        _seconds = [.. Enumerable.Range(0, second.Matrices).Select(matrix => SideOf(second, matrix))];
        (_traces, _reverseTraces) = (new double[_firsts.Length * _seconds.Length], new double[_firsts.Length * _seconds.Length]);
        for (var i = 0; i < _traces.Length; i++)
        {
            var (a, b) = (_firsts[i / _seconds.Length], _seconds[i % _seconds.Length]);
            (_traces[i], _reverseTraces[i]) = (Trace(a, b), Trace(b, a));
        }
    }

    /// <summary>Gives KL(a || b) and KL(b || a) of component <paramref name="i"/> of the first mixture and <paramref name="j"/> of the second.</summary>
    public (double Forward, double Reverse) Between(int i, int j)
    {
        var (a, b) = (_first.MatrixOf(i), _second.MatrixOf(j));
        var (forward, reverse) = OfCovariances(a, b);
        return (Math.Max(0, forward + Squared(_seconds[b], i, j) / 2), Math.Max(0, reverse + Squared(_firsts[a], i, j) / 2));
    }

    /// <summary>Gives the part of KL(a || b) + KL(b || a) that the covariances alone make.</summary>
    public double CovariancePart(int i, int j)
    {
        var (forward, reverse) = OfCovariances(_first.MatrixOf(i), _second.MatrixOf(j));
        return Math.Max(0, forward + reverse);
    }

    /// <summary>Gives the distance of two means in standard deviations, with the mean of the two covariances.</summary>
    public double MeanDistance(int i, int j)
    {
        var (d, a, b) = (_first.Dimension, _first.MatrixOf(i), _second.MatrixOf(j));
        var difference = Difference(i, j);
        double sum = 0;
        if (_isDiagonal)
        {
            for (var p = 0; p < d; p++) sum += difference[p] * difference[p] / ((_first.Variance(a, p) + _second.Variance(b, p)) / 2);
            return Math.Sqrt(sum);
        }
        var (middle, other) = (new double[d * d], new double[d * d]);
        _first.Family.Expand(_first.CovarianceOf(a), middle);
        _second.Family.Expand(_second.CovarianceOf(b), other);
        TensorPrimitives.Add<double>(middle, other, middle);
        TensorPrimitives.Multiply(middle, 0.5, middle);
        Cholesky.TryFactor(middle, d, out _, out _);
        return Math.Sqrt(Side.Squared(Inverted(middle, d), difference));
    }

    private (double Forward, double Reverse) OfCovariances(int a, int b)
    {
        var (at, d) = (a * _seconds.Length + b, _first.Dimension);
        var logs = _seconds[b].LogDeterminant - _firsts[a].LogDeterminant;
        return ((_traces[at] - d + logs) / 2, (_reverseTraces[at] - d - logs) / 2);
    }

    private double Squared(Side side, int i, int j)
    {
        var difference = Difference(i, j);
        if (!_isDiagonal) return Side.Squared(side.Inverse, difference);
        double sum = 0;
        for (var p = 0; p < difference.Length; p++) sum += difference[p] * difference[p] / side.Root[p];
        return sum;
    }

    private double[] Difference(int i, int j)
    {
        var difference = new double[_first.Dimension];
        TensorPrimitives.Subtract<double>(_first.Mean(i), _second.Mean(j), difference);
        return difference;
    }

    private Side SideOf(Parameters parameters, int matrix)
    {
        var d = parameters.Dimension;
        double log = 0;
        if (_isDiagonal)
        {
            var variances = new double[d];
            for (var j = 0; j < d; j++) log += Parameters.Log(variances[j] = parameters.Variance(matrix, j));
            return new Side(variances, [], log);
        }
        var root = new double[d * d];
        parameters.Family.Expand(parameters.CovarianceOf(matrix), root);
        Cholesky.TryFactor(root, d, out _, out _);
        for (var j = 0; j < d; j++) log += 2 * Parameters.Log(root[j * d + j]);
        return new Side(root, Inverted(root, d), log);
    }

    private static double[] Inverted(double[] root, int dimension)
    {
        var inverse = (double[])root.Clone();
        Cholesky.InvertLower(inverse, dimension);
        return inverse;
    }

    // Gives tr(Sigma_b^-1 Sigma_a): the squares of the entries of W_b L_a.
    private double Trace(Side a, Side b)
    {
        var d = _first.Dimension;
        double sum = 0;
        if (_isDiagonal)
        {
            for (var j = 0; j < d; j++) sum += a.Root[j] / b.Root[j];
            return sum;
        }
        var row = new double[d];
        fixed (double* root = a.Root, inverse = b.Inverse, product = row)
        {
            for (var i = 0; i < d; i++)
            {
                row.AsSpan(0, i + 1).Clear();
                for (var p = 0; p <= i; p++) DenseRows.AddMultiple(inverse[i * d + p], root + p * d, product, p + 1);
                sum += DenseRows.Dot(product, product, i + 1);
            }
        }
        return sum;
    }

    /// <summary>Holds one covariance: the Cholesky factor L and W = L^-1, or [D] variances.</summary>
    private sealed record Side(double[] Root, double[] Inverse, double LogDeterminant)
    {
        /// <summary>Gives |W d|^2.</summary>
        public static double Squared(double[] inverse, double[] difference)
        {
            var d = difference.Length;
            double sum = 0;
            fixed (double* rows = inverse, x = difference)
            {
                for (var i = 0; i < d; i++)
                {
                    var whitened = DenseRows.Dot(rows + i * d, x, i + 1);
                    sum += whitened * whitened;
                }
            }
            return sum;
        }
    }
}
