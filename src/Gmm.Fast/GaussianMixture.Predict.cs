using System.Buffers;
using System.Numerics;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Scoring;

namespace Gmm.Fast;

// Scores many points, with several threads where there is enough work. The bits are those of the same points one by one. One thread allocates
// nothing.
public sealed unsafe partial class GaussianMixture
{
    private static readonly Scores s_all = Enum.GetValues<Scores>().Aggregate((all, score) => all | score);

    // Of a window whose totals are kept: the least common multiple of the numbers up to 16, some hundred million points.
    private const int BlocksOfTotals = 720_720;

    private BlockScorer? _blockScorer;

    // Two threads that begin together may each make one, and both use the first.
    private BlockScorer ForBlocks =>
        Volatile.Read(ref _blockScorer) ?? Interlocked.CompareExchange(ref _blockScorer, new BlockScorer(Mixture), null) ?? _blockScorer;

    /// <summary>Writes any set of scores of many points in one pass.</summary>
    /// <param name="points">[N x D], finite; weights are ignored.</param>
    /// <param name="outputs">Receive the scores.</param>
    /// <param name="maxDegreeOfParallelism">
    /// The most threads, at least 1, or -1 for one per processor. The scores have the same bits for any number.
    /// </param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">
    /// A length does not fit, or a number is not finite; the message names the place. With such a number the outputs are undefined.
    /// </exception>
    /// <exception cref="OperationCanceledException">The pass was canceled; the outputs are undefined.</exception>
    public void Score(Points points, ScoreOutputs outputs, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        CheckLength(nameof(outputs.Labels), outputs.Labels.Length, points.Count, 1);
        CheckLength(nameof(outputs.LogDensities), outputs.LogDensities.Length, points.Count, 1);
        CheckLength(nameof(outputs.Responsibilities), outputs.Responsibilities.Length, points.Count, ComponentCount);
        CheckLength(nameof(outputs.ComponentLogDensities), outputs.ComponentLogDensities.Length, points.Count, ComponentCount);
        CheckLength(nameof(outputs.MahalanobisDistances), outputs.MahalanobisDistances.Length, points.Count, ComponentCount);
        fixed (int* labels = outputs.Labels)
        fixed (double* logDensities = outputs.LogDensities, responsibilities = outputs.Responsibilities)
        fixed (double* components = outputs.ComponentLogDensities, distances = outputs.MahalanobisDistances)
        {
            var targets = new ScoreTargets
            {
                Labels = labels,
                LogDensities = logDensities,
                Responsibilities = responsibilities,
                ComponentLogDensities = components,
                Distances = distances,
                IsWeighted = outputs.Weighted,
            };
            Run(points, targets, maxDegreeOfParallelism, cancellation);
        }
    }

    /// <summary>
    /// Scores the points of a source in one pass and gives the scores to a receiver in order, some blocks at a time. Memory does not grow with N.
    /// </summary>
    /// <typeparam name="T">double or float; floats are scored as doubles.</typeparam>
    /// <param name="source">N points of D finite numbers; weights are ignored.</param>
    /// <param name="wanted">The scores to compute.</param>
    /// <param name="receiver">Receives the scores, on the calling thread.</param>
    /// <param name="weighted">Whether log-densities of components contain the logarithm of their weights.</param>
    /// <param name="maxDegreeOfParallelism">
    /// The most threads, at least 1, or -1 for one per processor. The scores have the same bits for any number.
    /// </param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">The dimension differs, or a number is not finite; the message names the place.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No scores are wanted, or unknown ones, or the number of threads is out of range.</exception>
    /// <exception cref="OperationCanceledException">The pass was canceled; the receiver has the scores of the points before.</exception>
    public void Score<T>(
        PointSource<T> source, Scores wanted, ScoreReceiver receiver, bool weighted = false, int maxDegreeOfParallelism = -1,
        CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(receiver);
        if (wanted == Scores.None || (wanted & ~s_all) != 0) Throw.OutOfRange(nameof(wanted), wanted, "some of the named scores are required");
        var points = Wide(source);
        var threads = Threads(maxDegreeOfParallelism);

        // Threads start anew for each window, so it has blocks enough that this seldom counts, as far as its outputs stay within some megabytes.
        const int BlocksPerThread = 64;
        const int WindowNumbers = 1 << 21;
        var blockPoints = BlockShape.For<double>(1 << 20, Dimension).BlockPoints;
        Scores[] wide = [Scores.Responsibilities, Scores.ComponentLogDensities, Scores.MahalanobisDistances];
        var numbers = 1 + (long)ComponentCount * wide.Count(score => wanted.HasFlag(score));
        var blocks = Math.Clamp(WindowNumbers / (blockPoints * numbers), threads, BlocksPerThread * (long)threads);
        var window = (int)Math.Min(points.PointCount, blockPoints * blocks);
        TValue[] Room<TValue>(Scores score, int columns) => wanted.HasFlag(score) ? new TValue[checked(window * columns)] : [];
        var labels = Room<int>(Scores.Labels, 1);
        var (logDensities, responsibilities) = (Room<double>(Scores.LogDensities, 1), Room<double>(Scores.Responsibilities, ComponentCount));
        var components = Room<double>(Scores.ComponentLogDensities, ComponentCount);
        var distances = Room<double>(Scores.MahalanobisDistances, ComponentCount);
        for (long first = 0; first < points.PointCount; first += window)
        {
            var count = (int)Math.Min(window, points.PointCount - first);
            fixed (int* label = labels)
            fixed (double* logDensity = logDensities, responsibility = responsibilities, component = components, distance = distances)
            {
                var targets = new ScoreTargets
                {
                    Labels = label,
                    LogDensities = logDensity,
                    Responsibilities = responsibility,
                    ComponentLogDensities = component,
                    Distances = distance,
                    IsWeighted = weighted,
                };
                BatchScorer.Run(ForBlocks, points, first, count, targets, threads, GapScorers, cancellation);
            }
            receiver(new ScoredPoints
            {
                First = first,
                Count = count,
                Labels = Part(labels, count),
                LogDensities = Part(logDensities, count),
                Responsibilities = Part(responsibilities, count * ComponentCount),
                ComponentLogDensities = Part(components, count * ComponentCount),
                MahalanobisDistances = Part(distances, count * ComponentCount),
            });
        }

        static ReadOnlySpan<TValue> Part<TValue>(TValue[] values, int count) => values.Length == 0 ? [] : values.AsSpan(0, count);
    }

    /// <summary>Writes the component with the largest responsibility for each point, the first of equals.</summary>
    /// <param name="points">[N x D], finite.</param>
    /// <param name="labels">[N], receives components from 0.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    public void Labels(Points points, Span<int> labels, int maxDegreeOfParallelism = -1)
    {
        Check.Shape(nameof(labels), labels.Length, points.Count, 1);
        fixed (int* target = labels) Run(points, new ScoreTargets { Labels = target }, maxDegreeOfParallelism, default);
    }

    /// <summary>Writes ln p(x) of each point.</summary>
    /// <param name="points">[N x D], finite.</param>
    /// <param name="logDensities">[N], receives the log-densities.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    public void LogDensities(Points points, Span<double> logDensities, int maxDegreeOfParallelism = -1)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, points.Count, 1);
        fixed (double* target = logDensities) Run(points, new ScoreTargets { LogDensities = target }, maxDegreeOfParallelism, default);
    }

    /// <summary>Sums weight times ln p(x) over all points, in an order that depends on N alone; points without weights have weight 1.</summary>
    /// <param name="points">[N x D], finite.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    public double TotalLogLikelihood(Points points, int maxDegreeOfParallelism = -1)
    {
        CheckDimension(points);
        if (points.Count == 0) return 0;
        if (points.HasWeights && !points.Weights.ContainsAnyExcept(0))
            Throw.Argument("points", "all weights are 0; at least one point of weight above 0 is required");
        var blocks = checked((int)BatchScorer.Blocks(points.Count, Dimension));
        var rented = ArrayPool<double>.Shared.Rent(blocks);
        fixed (double* totals = rented) Run(points, new ScoreTargets { BlockTotals = totals }, maxDegreeOfParallelism, default);
        var total = Sum(rented.AsSpan(0, blocks));
        ArrayPool<double>.Shared.Return(rented);
        return total;
    }

    /// <summary>
    /// Sums weight times ln p(x) over all points of a source, in an order that depends on N alone; points without weights have weight 1.
    /// </summary>
    /// <typeparam name="T">double or float; floats are scored as doubles.</typeparam>
    /// <param name="source">N points of D finite numbers.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    /// <param name="cancellation">Ends the pass.</param>
    public double TotalLogLikelihood<T>(PointSource<T> source, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var points = Wide(source);
        return TotalLogLikelihood(points, BlocksOfTotals, Threads(maxDegreeOfParallelism), cancellation);
    }

    /// <summary>Sums as the public method does, some blocks at a time: every number of blocks gives the same bits.</summary>
    /// <param name="points">The points.</param>
    /// <param name="blocksTogether">The blocks of a window, a multiple of each number up to 16: of so many, points with gaps are sorted together.</param>
    /// <param name="threads">The most threads, at least 1.</param>
    /// <param name="cancellation">Ends the pass.</param>
    internal double TotalLogLikelihood(PointSource<double> points, long blocksTogether, int threads, CancellationToken cancellation)
    {
        // The last window takes what is left, so none has blocks of fewer points than the whole has.
        var shape = BlockShape.For<double>(points.PointCount, Dimension);
        var windows = Math.Max(1, shape.Blocks / blocksTogether);
        var totals = new double[Math.Min(shape.Blocks, 2 * blocksTogether)];
        double total = 0;
        for (long window = 0; window < windows; window++)
        {
            var first = window * blocksTogether * shape.BlockPoints;
            var count = window == windows - 1 ? points.PointCount - first : blocksTogether * shape.BlockPoints;
            var blocks = (int)((count + shape.BlockPoints - 1) / shape.BlockPoints);
            fixed (double* target = totals)
                BatchScorer.Run(ForBlocks, points, first, count, new ScoreTargets { BlockTotals = target }, threads, GapScorers, cancellation);
            total = Sum(totals.AsSpan(0, blocks), total);
        }
        return total;
    }

    /// <summary>Writes the responsibilities for each point.</summary>
    /// <param name="points">[N x D], finite.</param>
    /// <param name="responsibilities">[N x K], receives one row of responsibilities per point.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    public void Responsibilities(Points points, Span<double> responsibilities, int maxDegreeOfParallelism = -1)
    {
        Check.Shape(nameof(responsibilities), responsibilities.Length, points.Count, ComponentCount);
        fixed (double* target = responsibilities) Run(points, new ScoreTargets { Responsibilities = target }, maxDegreeOfParallelism, default);
    }

    /// <summary>Writes ln N(x | mu_k, Sigma_k), or ln (w_k N(x | mu_k, Sigma_k)), of each component at each point.</summary>
    /// <param name="points">[N x D], finite.</param>
    /// <param name="logDensities">[N x K], receives one row per point.</param>
    /// <param name="weighted">Whether to add ln w_k; minus infinity where the weight is 0.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    public void ComponentLogDensities(Points points, Span<double> logDensities, bool weighted = false, int maxDegreeOfParallelism = -1)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, points.Count, ComponentCount);
        fixed (double* target = logDensities)
            Run(points, new ScoreTargets { ComponentLogDensities = target, IsWeighted = weighted }, maxDegreeOfParallelism, default);
    }

    /// <summary>Writes the Mahalanobis distance of each point from each component.</summary>
    /// <param name="points">[N x D], finite.</param>
    /// <param name="distances">[N x K], receives one row per point.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    public void MahalanobisDistances(Points points, Span<double> distances, int maxDegreeOfParallelism = -1)
    {
        Check.Shape(nameof(distances), distances.Length, points.Count, ComponentCount);
        fixed (double* target = distances) Run(points, new ScoreTargets { Distances = target }, maxDegreeOfParallelism, default);
    }

    private static double Sum(ReadOnlySpan<double> blocks, double total = 0)
    {
        // Sums of blocks are added, so the error grows with the number of blocks and not of points.
        foreach (var block in blocks) total += block;
        return total;
    }

    private static int Threads(int maxDegreeOfParallelism)
    {
        if (maxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(maxDegreeOfParallelism), maxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        return WorkTeam.SizeOf(maxDegreeOfParallelism);
    }

    private static void CheckLength(string name, int length, int rows, int columns)
    {
        if (length > 0) Check.Shape(name, length, rows, columns);
    }

    private void CheckDimension(int dimension)
    {
        if (dimension != Dimension) Throw.Argument("points", $"points has {dimension} dimensions; {Dimension} are required");
    }

    // Points that are none may have no dimension: nobody knows of default points, or of some empty views.
    private void CheckDimension(Points points)
    {
        if (points.Count > 0 || points.Dimension > 0) CheckDimension(points.Dimension);
    }

    private void Run(Points points, in ScoreTargets targets, int maxDegreeOfParallelism, CancellationToken cancellation)
    {
        CheckDimension(points);
        if (points.Count == 0) return;
        Threads(maxDegreeOfParallelism);
        cancellation.ThrowIfCancellationRequested();
        if (TryFew(points, targets)) return;
        fixed (double* weights = points.Weights)
        {
            if (points.IsSingle) Run(points.Floats, points.Pitch, weights, targets, maxDegreeOfParallelism, cancellation);
            else Run(points.Doubles, points.Pitch, weights, targets, maxDegreeOfParallelism, cancellation);
        }
    }

    private void Run<T>(
        ReadOnlySpan2D<T> rows, nint pitch, double* weights, in ScoreTargets targets, int maxDegreeOfParallelism, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* origin = &rows.DangerousGetReference())
        {
            var source = new MemoryPoints<T>(origin, rows.Height, rows.Width, pitch, weights);
            var wide = source as PointSource<double> ?? new WideSource((PointSource<float>)(object)source);
            BatchScorer.Run(ForBlocks, wide, 0, rows.Height, targets, Threads(maxDegreeOfParallelism), GapScorers, cancellation);
        }
    }

    private PointSource<double> Wide<T>(PointSource<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckDimension(source.Dimension);
        PointSource<double>? points = source switch
        {
            PointSource<double> doubles => new CheckedSource<double>(doubles),
            PointSource<float> floats => new WideSource(new CheckedSource<float>(floats)),
            _ => null,
        };
        if (points is null) Throw.Argument(nameof(source), $"source has elements of type {typeof(T).Name}; double or float is required");
        Check.AtLeast("PointCount", points.PointCount, 0);
        return points;
    }
}
