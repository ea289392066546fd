using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Runs the passes of starts over all points, in doubles. The first pass is the survey: it checks the numbers and weights, sums the pooled moments,
/// takes the samples, and packs the blocks that stay packed.
/// </summary>
internal sealed unsafe class Survey : IDisposable
{
    // Mean square about the first point in that about the medians: half of the ratio from which a pass is taken again.
    private const double FarthestFirst = 500;

    // Beyond, weighted squares and log-likelihoods leave the range of a double.
    private const double MostWeight = 1e300;

    // Less than 1 by more than the rounding of sums of squares.
    private const double Rounding = 0.99;

    private readonly PointSource<double> _source;
    private readonly BlockStore<double> _store;
    private readonly ShardPlan _plan;
    private readonly RankGroup _ranks;
    private readonly WorkTeam _team;
    private readonly CancellationToken _cancellation;
    private readonly bool _ownsStore;
    private readonly bool _isShared;

    /// <summary>Makes a survey.</summary>
    /// <param name="source">The points, in doubles.</param>
    /// <param name="store">The blocks of a fit in doubles; null for blocks that are read in every pass.</param>
    /// <param name="precision">The precision of the points.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends a pass.</param>
    public Survey(
        PointSource<double> source, BlockStore<double>? store, Precision precision, RankGroup ranks, WorkTeam team, CancellationToken cancellation)
    {
        (_source, _ranks, _team, _cancellation) = (source, ranks, team, cancellation);
        _plan = ranks.Plan<double>();
        _ownsStore = store is null;
        _store = store ?? new BlockStore<double>(source, _plan.Shape, budget: 0, source.HasWeights);
        (Precision, HasWeights) = (precision, source.HasWeights);
    }

    private Survey(Survey other, WorkTeam team, CancellationToken cancellation)
    {
        (_source, _store, _plan, _ranks, _team, _cancellation) = (other._source, other._store, other._plan, other._ranks, team, cancellation);
        _isShared = true;
        (Precision, HasWeights, PointCount, FittedPoints, Pooled, RepresentedPoints) =
            (other.Precision, other.HasWeights, other.PointCount, other.FittedPoints, other.Pooled, other.RepresentedPoints);
    }

    /// <summary>The precision of the points.</summary>
    public Precision Precision { get; }

    /// <summary>The number of points of weight above 0 that those of the source stand for; null where every point stands for itself.</summary>
    public long? RepresentedPoints { get; init; }

    /// <summary>D.</summary>
    public int Dimension => _source.Dimension;

    /// <summary>After the survey, the number of points of weight above 0 of all processes, as the sources give them.</summary>
    public long FittedPoints { get; private set; }

    /// <summary>The number of points of all processes; after the survey, of those of weight above 0, equal points counted one by one.</summary>
    public long PointCount { get; private set; }

    /// <summary>Whether some point has another weight than 0 or 1; before the survey, whether the source has weights.</summary>
    public bool HasWeights { get; private set; }

    /// <summary>The moments of all points as those of one component; null before the survey, and after one without moments.</summary>
    public SufficientStatistics? Pooled { get; set; }

    /// <summary>
    /// All points, where they lie in memory as doubles, without weights and of one process; otherwise null. A start may view them as its sample and
    /// borrow <see cref="Spare"/> for it.
    /// </summary>
    public PointSource<double>? Whole => !_ownsStore && _ranks.IsAlone && !_source.HasWeights && _source.IsInMemory ? _source : null;

    /// <summary>The blocks of all points; null where other fits read them at the same time. Who replaces the points puts them back.</summary>
    public BlockStore<double>? Spare => _isShared ? null : _store;

    public RankGroup Ranks => _ranks;

    public WorkTeam Team => _team;

    public CancellationToken Cancellation => _cancellation;

    /// <summary>Runs the first pass. Returns false when canceled.</summary>
    /// <param name="moments">The kind of the pooled moments; null for none.</param>
    /// <param name="samples">The samples to take.</param>
    public bool Run(MomentKind? moments, IReadOnlyList<SampleRequest> samples)
    {
        PointCount = _ranks.TotalCount;
        if (Center(moments is not null) is not { } center) return false;

        var statistics = new SufficientStatistics(moments ?? MomentKind.Trace, 1, Dimension);
        var step = moments is null ? null : BlockSteps.Nearest(moments, LaneWidths.Widest);
        var pass = new SurveyPass(step, samples, _ranks.FirstPoint, _store.Shape.BlockPoints);
        if (!Pass(pass, center, statistics, check: true)) return false;
        double[] weighted = [pass.WeightedBlocks];
        if (!_ranks.Sum(weighted, _cancellation.IsCancellationRequested)) return false;
        HasWeights = weighted[0] > 0 || statistics.PointCount < PointCount;
        FittedPoints = (long)statistics.PointCount;
        if (FittedPoints == 0) Throw.Argument("weights", "all weights are 0; at least one point of weight above 0 is required");
        if (!double.IsFinite(statistics.TotalWeight)) Throw.Argument("weights", "the sum of weights is beyond the range of a double; scale the weights");
        if (statistics.TotalWeight > MostWeight)
            Throw.Argument("weights", Wording.Text($"the sum of weights is {statistics.TotalWeight:g3}; at most {MostWeight:g1} can be computed with; scale the weights"));
        if (RepresentedPoints is { } points) statistics.PointCount = points;
        PointCount = (long)statistics.PointCount;
        Pooled = moments is null ? null : statistics;
        return true;
    }

    /// <summary>Gives this survey, after its first pass, to a fit with other threads. The points must be those of a process alone.</summary>
    public Survey Share(WorkTeam team, CancellationToken cancellation) => new(this, team, cancellation);

    /// <summary>Takes further samples, in a pass of their own. Returns false when canceled.</summary>
    public bool Take(IReadOnlyList<SampleRequest> samples) =>
        Pass(new SurveyPass(null, samples, _ranks.FirstPoint, _store.Shape.BlockPoints), new double[Dimension], new SufficientStatistics(MomentKind.Trace, 1, Dimension), check: false);

    /// <summary>Sums the moments of the points nearest to each of the <paramref name="centers"/> [K x D]; null when canceled.</summary>
    /// <param name="centers">[K x D].</param>
    /// <param name="moments">Their kind.</param>
    /// <param name="map">The map to sketches, which change nothing but time; null to compute all distances.</param>
    public SufficientStatistics? Cluster(ReadOnlySpan<double> centers, MomentKind moments, SketchMap? map)
    {
        var statistics = new SufficientStatistics(moments, centers.Length / Dimension, Dimension);
        if (map is null) return Pass(BlockSteps.Nearest(moments, LaneWidths.Widest), centers, statistics, check: false) ? statistics : null;
        using var nearest = new SketchedLabels(map, null, LaneWidths.Widest, _store.Shape.BlockPoints, statistics.Components, SketchedLabels.BinaryLogs);
        nearest.Follow(centers);
        var extra = Math.Max(
            SketchedLabels.ExtraOf(map.Columns, _store.Shape.BlockPoints, statistics.Components),
            TileRoom<double>.Length(_store.Shape.BlockPoints, Dimension, statistics.Components));
        return Pass(BlockSteps.Clusters(moments, nearest, LaneWidths.Widest), centers, statistics, check: false, extra) ? statistics : null;
    }

    public void Dispose()
    {
        if (_ownsStore) _store.Dispose();
    }

    private bool Pass(IBlockPass<double> pass, ReadOnlySpan<double> centers, SufficientStatistics statistics, bool check, long extra = 0)
    {
        var sweep = new Sweep<double>(_store, _plan, statistics, _ranks, _team, _cancellation, extra);
        using var expectation = new Expectation<double>(sweep, pass, DensityForm.Spherical, statistics.Components, Dimension, check);
        return expectation.Run(new UnitSpheres(statistics.Components, Dimension).About(centers), statistics);
    }

    // Gives the center of the pooled moments, of the first rank that has one; null when canceled.
    private double[]? Center(bool isNeeded)
    {
        var all = new double[checked(_ranks.Count * (1 + Dimension))];
        Exception? failure = null;
        try
        {
            if (isNeeded) FindCenter(all.AsSpan(_ranks.Rank * (1 + Dimension), 1 + Dimension));
        }
        catch (Exception e) when (!_ranks.IsAlone)
        {
            failure = e;
        }
        if (!_ranks.Sum(all, _cancellation.IsCancellationRequested, failure)) return null;
        var first = 0;
        while (first < _ranks.Count - 1 && all[first * (1 + Dimension)] == 0) first++;
        return all.AsSpan(first * (1 + Dimension) + 1, Dimension).ToArray();
    }

    // Writes 1 and a center: the first point of weight above 0, so that deviations keep their digits at any offset of the data. Where it is far from the
    // other points of its block, their medians: moments about it would take a second pass.
    private void FindCenter(Span<double> found)
    {
        _team.Reserve(1, Workspace<double>.Length(_store.Shape.BlockPoints, Dimension, components: 1) * sizeof(double));
        var room = new Workspace<double>((double*)_team.Memory(0), _store.Shape.BlockPoints, Dimension, components: 1).Room;
        for (long number = 0; number < _store.Shape.Blocks; number++)
        {
            var block = _store.Load(number, room, check: true);
            if (block.Count == 0) continue;
            var center = found[1..];
            var sorted = new double[block.Count];
            var isFar = false;
            for (var j = 0; j < Dimension; j++)
            {
                center[j] = Column(block, j)[0];
                isFar |= IsFirstFar(Column(block, j), sorted);
            }
            for (var j = 0; isFar && j < Dimension; j++) center[j] = Median(Column(block, j), sorted);
            found[0] = 1;
            return;
        }
    }

    private static ReadOnlySpan<double> Column(in PointBlock<double> block, int j) => new(block.X + (nint)j * block.Stride, block.Count);

    // Tells whether the first number is far from the median, beside the others: among them it would hide how far it is. No number has a smaller sum of
    // squares about it than the mean, so of most columns no median is needed.
    [MethodImpl(Compiled.Once)]
    private static bool IsFirstFar(ReadOnlySpan<double> column, Span<double> sorted)
    {
        double sum = 0, aboutFirst = 0, aboutMedian = 0;
        foreach (var x in column[1..])
        {
            sum += x - column[0];
            aboutFirst += (x - column[0]) * (x - column[0]);
        }
        if (aboutFirst <= Rounding * FarthestFirst * (aboutFirst - sum * sum / (column.Length - 1))) return false;
        var median = Median(column, sorted);
        foreach (var x in column[1..]) aboutMedian += (x - median) * (x - median);
        return aboutFirst > FarthestFirst * aboutMedian;
    }

    private static double Median(ReadOnlySpan<double> column, Span<double> sorted)
    {
        column.CopyTo(sorted);
        sorted.Sort();
        return sorted[sorted.Length / 2];
    }

    /// <summary>Sums the pooled moments and takes the samples of one block.</summary>
    private sealed class SurveyPass(IBlockStep<double>? step, IReadOnlyList<SampleRequest> samples, long firstPoint, int blockPoints) : IBlockPass<double>
    {
        private int _weightedBlocks;

        /// <summary>The number of blocks with weights other than 1.</summary>
        public int WeightedBlocks => _weightedBlocks;

        public void Run(
            in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* centers, SufficientStatistics statistics,
            Prefetch<double> next = default)
        {
            foreach (var sample in samples) sample.Take(block, firstPoint + block.Number * blockPoints);
            if (block.Weights is not null) Interlocked.Increment(ref _weightedBlocks);
            if (step is not null)
            {
                step.Run(block, parameters, workspace, centers, statistics, next);
                return;
            }
            statistics.PointCount += block.Count;
            statistics.TotalWeight += block.Weights is null ? block.Count : BlockWeights.Sum(block);
        }
    }
}
