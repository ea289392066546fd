using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Scoring;

namespace Gmm.Fast;

// What is unusual: a log-density says nothing by itself, but the share of the training points that have one as low does.
public sealed unsafe partial class GaussianMixture
{
    internal GaussianMixture(Factored mixture, IReadOnlyList<string>? columnNames, DensityQuantiles? quantiles)
        : this(mixture, columnNames) => Quantiles = quantiles;

    internal DensityQuantiles? Quantiles { get; }

    /// <summary>
    /// Whether the model knows the distribution of the log-densities of its training points, which <see cref="TailProbability(double)"/> and
    /// <see cref="DensityQuantile"/> need. <see cref="FitOptions.DensityQuantiles"/> and <see cref="WithDensityQuantiles(Points, int)"/> give it.
    /// </summary>
    public bool HasDensityQuantiles => Quantiles is not null;

    /// <summary>
    /// Gives the share of the training points, by weight, whose log-density is at most that of a point: 0 for a point less likely than all of them,
    /// 1 for one as likely as the most likely. A point with 0.01 or less is among the most unusual 1 %. Of at most 1000 training rows the share is
    /// exact. Of more it is exact at some hundred log-densities, the lowest ones among them, and between them off by less than a tenth of itself and by
    /// less than 0.01, except within the 1e-4 of the depth below the largest density that one bin is wide. A point without a value, where <see cref="MissingValues"/> allows it,
    /// has 1.
    /// </summary>
    /// <param name="point">[D], finite, or NaN where that is allowed.</param>
    /// <exception cref="ArgumentException">The length does not fit, or a number is not finite.</exception>
    /// <exception cref="InvalidOperationException">The model has no density quantiles.</exception>
    public double TailProbability(ReadOnlySpan<double> point) =>
        HasGaps(point) && TensorPrimitives.IsNaNAll(point) ? Known().ShareUpTo(double.PositiveInfinity) : TailProbability(LogDensity(point));

    /// <summary>Gives the share of the training points, by weight, with a log-density of at most <paramref name="logDensity"/>.</summary>
    /// <param name="logDensity">In nats; may be infinite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The log-density is NaN.</exception>
    /// <exception cref="InvalidOperationException">The model has no density quantiles.</exception>
    public double TailProbability(double logDensity)
    {
        if (double.IsNaN(logDensity)) Throw.OutOfRange(nameof(logDensity), logDensity, "a number is required");
        return Known().ShareUpTo(logDensity);
    }

    /// <summary>
    /// Gives the log-density below which a share of the training points lies: the smallest one with a <see cref="TailProbability(double)"/> of at
    /// least <paramref name="probability"/>, in nats.
    /// </summary>
    /// <param name="probability">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not from 0 to 1.</exception>
    /// <exception cref="InvalidOperationException">The model has no density quantiles.</exception>
    public double DensityQuantile(double probability)
    {
        if (!(probability >= 0 && probability <= 1)) Throw.OutOfRange(nameof(probability), probability, "a number from 0 to 1 is required");
        return Known().Quantile(probability);
    }

    /// <summary>Gives the same model with the distribution of the log-densities of some points, found in one pass.</summary>
    /// <param name="points">[N x D], finite, with or without weights: the training points, or others that are to count as usual.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    /// <exception cref="ArgumentException">There is no point of weight above 0, the dimension differs, or a number cannot be used.</exception>
    public GaussianMixture WithDensityQuantiles(Points points, int maxDegreeOfParallelism = -1)
    {
        if (points.Count == 0) Throw.Argument(nameof(points), "points is empty; at least one point is required");
        CheckDimension(points.Dimension);
        fixed (double* weights = points.Weights)
        {
            return points.IsSingle
                ? WithQuantilesOf(points.Floats, points, weights, maxDegreeOfParallelism)
                : WithQuantilesOf(points.Doubles, points, weights, maxDegreeOfParallelism);
        }
    }

    /// <summary>Gives the same model with the distribution of the log-densities of the points of a source, found in one pass.</summary>
    /// <typeparam name="T">double or float; floats are scored as doubles.</typeparam>
    /// <param name="source">N points of D finite numbers, with or without weights.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">There is no point of weight above 0, the dimension differs, or a number cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The pass was canceled.</exception>
    public GaussianMixture WithDensityQuantiles<T>(
        PointSource<T> source, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var points = Wide(source);
        if (points.PointCount == 0) Throw.Argument(nameof(source), "source has no points; at least one is required");
        var counts = new DensityCounts(Mixture, points.PointCount);
        Count(points, 0, counts, maxDegreeOfParallelism, cancellation);
        if (!counts.HasPoints) Throw.Argument(nameof(source), "all weights are 0; at least one point of weight above 0 is required");
        return With(counts.Quantiles());
    }

    /// <summary>Gives the same model with quantiles.</summary>
    internal GaussianMixture With(DensityQuantiles quantiles) => new(Mixture, ColumnNames, quantiles) { MissingValues = MissingValues };

    /// <summary>Adds the log-densities of the points of a source, in their order.</summary>
    /// <param name="points">The points.</param>
    /// <param name="first">The number of the first point, in the whole data set.</param>
    /// <param name="counts">Receives them.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    /// <param name="cancellation">Ends the pass.</param>
    internal void Count(PointSource<double> points, long first, DensityCounts counts, int maxDegreeOfParallelism, CancellationToken cancellation) =>
        ScoreWeighted(
            points, Scores.LogDensities, (scored, weights) => counts.Add(first + scored.First, scored.LogDensities, weights), maxDegreeOfParallelism,
            cancellation);

    /// <summary>Scores the points of a source and gives the scores to a receiver in order, with weights; a point without a value has weight 0.</summary>
    /// <param name="points">The points.</param>
    /// <param name="wanted">The scores to compute.</param>
    /// <param name="receiver">Receives the scores, on the calling thread.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    /// <param name="cancellation">Ends the pass.</param>
    internal void ScoreWeighted(
        PointSource<double> points, Scores wanted, WeightedScoreReceiver receiver, int maxDegreeOfParallelism, CancellationToken cancellation)
    {
        double[] weights = [], rows = [];
        var (hasGaps, dimension) = (MissingValues == MissingValues.Marginalize, Dimension);
        if (points.HasWeights) points = new ZeroWeightSource(points);
        Score(points, wanted, scored =>
        {
            if (points.HasWeights || hasGaps)
            {
                if (weights.Length < scored.Count) weights = new double[scored.Count];
                if (points.HasWeights) points.ReadWeights(scored.First, weights.AsSpan(0, scored.Count));
                else weights.AsSpan(0, scored.Count).Fill(1);
            }
            if (hasGaps)
            {
                // A point without a value has no density.
                if (rows.Length < scored.Count * dimension) rows = new double[scored.Count * dimension];
                var read = points.Read(scored.First, scored.Count, rows);
                for (var i = 0; i < scored.Count; i++)
                {
                    if (TensorPrimitives.IsNaNAll(read.Slice(i * dimension, dimension))) weights[i] = 0;
                }
            }
            receiver(scored, points.HasWeights || hasGaps ? weights.AsSpan(0, scored.Count) : []);
        }, maxDegreeOfParallelism: maxDegreeOfParallelism, cancellation: cancellation);
    }

    private GaussianMixture WithQuantilesOf<T>(ReadOnlySpan2D<T> rows, Points points, double* weights, int maxDegreeOfParallelism)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* origin = &rows.DangerousGetReference())
        {
            var source = new MemoryPoints<T>(origin, points.Count, points.Dimension, points.Pitch, weights, points.HasWeights);
            return WithDensityQuantiles(source, maxDegreeOfParallelism);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DensityQuantiles Known()
    {
        if (Quantiles is null) Throw.NoQuantiles();
        return Quantiles;
    }
}
