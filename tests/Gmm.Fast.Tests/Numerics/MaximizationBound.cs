using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Numerics;

/// <summary>
/// Bounds the rounding of an M-step in doubles with given responsibilities, in units of the exact spreads s. No condition number enters: sums of N
/// terms in 8 partial sums lose n = N/8 + 4 roundings of their largest, and deviations are taken from a center near the mean. With m_j the mean
/// square of the deviations from it, in units of s_j^2:
///   mean_j:    (2 n + 4) u sqrt(m_j), from sum r d, the count and the division; and half a unit in the last place of the mean, which is a double;
///   S_ij:      (6 n + 16) u sqrt(m_i m_j), from sum r d d^T and twice from the displacement; and u, because it is a double.
/// The center is the mean of the iteration before where that costs at most a factor of 1000 in the mean squares, else the new mean as a first pass
/// found it. What the engine defines to be no variance (Rounding.Remove) is 0, and underflow is 2^-1074 a term.
/// </summary>
internal sealed class MaximizationBound
{
    private const double U = 1.0 / (1L << 53);
    private const double Cancellation = 1001;

    private readonly MixtureProblem _start;
    private readonly ExactMixture _own;
    private readonly double _roundings;
    private readonly Component[] _components;

    /// <param name="start">Data and the parameters of the iteration before.</param>
    /// <param name="responsibilities">[N][K], as the engine found them.</param>
    /// <param name="regularization">In squared units of the data.</param>
    public MaximizationBound(MixtureProblem start, BigReal[][] responsibilities, double regularization)
    {
        _start = start;
        _roundings = start.N / 8.0 + 4;
        Exact = ExactMixture.From(start).MStep(start.Data, responsibilities, regularization);
        var ones = Enumerable.Repeat(1.0, start.K * start.D).ToArray();
        _own = ExactMixture.From("diag", start.Weights, start.Means, ones).MStep(start.Data, responsibilities);
        _components = [.. Enumerable.Range(0, start.K).Select(Of)];
    }

    /// <summary>The exact M-step.</summary>
    public ExactMixture Exact { get; }

    /// <summary>Of a weight, relative.</summary>
    public double Weight => (_roundings + 2) * U;

    /// <summary>Of a mean in feature <paramref name="j"/>, in spreads.</summary>
    public double Mean(int k, int j)
    {
        var own = _components[k];
        return (2 * _roundings + 4) * U * own.Root[j] + own.HalfUnit[j] + Math.ScaleB(_start.N / own.Count + 2, -1074) / own.Spread[j];
    }

    /// <summary>Of an entry of a covariance, in products of spreads.</summary>
    public double Covariance(int k, int i, int j)
    {
        var constant = (6 * _roundings + 16 + _start.K + 2 * _start.D) * U;
        if (!Layout.IsShared(_start.CovarianceType)) return U + _components[k].Entry(i, j, constant, _start.N / _components[k].Count);
        return U + _components.Where(own => own.Count > 0).Sum(own => own.Count / _start.N * own.Entry(i, j, constant, _start.K));
    }

    /// <summary>
    /// The smallest eigenvalue of the correlation matrix from which on a factorization must succeed: the error of the matrix, what the factorization
    /// adds, and a pivot of D u. The engine calls pivots below (D + 32) u singular; those 32 u, which it allows for the error of the matrix, are not
    /// added, although that error counts in full: it is far from its bound.
    /// </summary>
    public double Doubt(int k)
    {
        if (Exact.Covariances[k].Where((row, i) => row[i].IsZero).Any()) return double.PositiveInfinity;
        var (squares, hasOffDiagonal) = (0.0, Layout.HasOffDiagonal(_start.CovarianceType));
        for (var i = 0; i < _start.D; i++)
        {
            for (var j = 0; j < _start.D; j++) squares += i == j || hasOffDiagonal ? Math.Pow(Covariance(k, i, j), 2) : 0;
        }
        return Math.Sqrt(squares) + _start.D * (_start.D + 2) * U;
    }

    private Component Of(int k)
    {
        var d = _start.D;
        var count = (double)(_own.Weights[k] * _start.N);
        double[] Each(Func<int, double> value) => [.. Enumerable.Range(0, d).Select(value)];
        var spread = Each(j => (double)BigReal.Sqrt(Exact.Covariances[k][j][j]));
        double InSpreads(BigReal square, int j) =>
            Exact.Covariances[k][j][j].IsZero ? double.PositiveInfinity : (double)(square / Exact.Covariances[k][j][j]);
        var variance = Each(j => InSpreads(_own.Covariances[k][j][j], j));
        var displaced = Each(j => InSpreads(Square(_own.Means[k][j] - _start.Means[k * d + j]), j));
        var halfUnit = Each(j => HalfUnit((double)_own.Means[k][j]) / spread[j]);
        var least = Each(j => InSpreads(Square(_own.Means[k][j]), j) * Math.ScaleB(1, -103));
        if (Layout.IsSpherical(_start.CovarianceType))
        {
            // One variance, and one cancellation, for all dimensions.
            (variance, displaced, least) = (Each(_ => variance.Sum()), Each(_ => displaced.Sum()), Each(_ => least.Average() * d));
        }
        var off = Each(j => halfUnit[j] + 2 * _roundings * U * Math.Sqrt(variance[j] + displaced[j]));
        var nothing = Each(j => variance[j] <= Math.Max(least[j], Math.ScaleB(off[j] * off[j], -15)) ? Math.Sqrt(variance[j]) : 0);
        var root = Each(j => Math.Sqrt(Math.Min(variance[j] + displaced[j], Cancellation * variance[j]) + variance[j] + off[j] * off[j] + double.Epsilon));
        return new Component(count, spread, root, halfUnit, nothing);
    }

    private static BigReal Square(BigReal x) => x * x;

    private static double HalfUnit(double x) => (Math.BitIncrement(Math.Abs(x)) - Math.Abs(x)) / 2;

    /// <param name="Count">N_k.</param>
    /// <param name="Spread">[D]: s.</param>
    /// <param name="Root">[D]: sqrt(m).</param>
    /// <param name="HalfUnit">[D]: half a unit in the last place of the mean, in spreads.</param>
    /// <param name="Nothing">[D]: the standard deviation, in spreads, where it may be called 0.</param>
    private sealed record Component(double Count, double[] Spread, double[] Root, double[] HalfUnit, double[] Nothing)
    {
        public double Entry(int i, int j, double constant, double terms)
        {
            const int HalfOfLeast = -537;
            var underflow = 4 * terms * (Math.ScaleB(1, HalfOfLeast) / Spread[i]) * (Math.ScaleB(1, HalfOfLeast) / Spread[j]);
            return constant * Root[i] * Root[j] + Math.Max(Nothing[i], Nothing[j]) + underflow;
        }
    }
}
