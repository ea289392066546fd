using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>
/// Holds the points of a fit, or of several fits at once: checked, searched for gaps, and packed. <see cref="FitRun{T}"/> fits them.
/// </summary>
internal sealed class FitData<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Whole draws hide clusters more than means do, and means leave a cluster that lacks a column no variance there: see gap-starts.md.
    private const double DrawnSpread = 0.4;

    private readonly Func<CheckedSource<T>, PointSource<double>> _widen;
    private readonly FitOptions _options;
    private readonly RankGroup _ranks;
    private readonly WorkTeam _team;
    private readonly CancellationToken _cancellation;
    private GapScan<T>? _scan;

    /// <summary>Looks at the size of a source.</summary>
    /// <param name="source">The points.</param>
    /// <param name="widen">Gives them in doubles, for the start.</param>
    /// <param name="options">What concerns the points: missing values, memory, words.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends a pass.</param>
    public FitData(
        PointSource<T> source, Func<CheckedSource<T>, PointSource<double>> widen, FitOptions options, RankGroup ranks, WorkTeam team,
        CancellationToken cancellation)
    {
        Source = new CheckedSource<T>(source);
        (_widen, _options, _ranks, _team, _cancellation) = (widen, options, ranks, team, cancellation);
    }

    /// <summary>The points; after <see cref="Fold"/> perhaps fewer, which stand for all.</summary>
    public CheckedSource<T> Source { get; private set; }

    /// <summary>The points in doubles.</summary>
    public PointSource<double> Wide => _widen(Source);

    /// <summary>The packed blocks of complete points; null where there are gaps, and before <see cref="Open"/>.</summary>
    public BlockStore<T>? Blocks { get; private set; }

    /// <summary>The sorted ranges of points with gaps; null where there are none.</summary>
    public GapStore<T>? Ranges { get; private set; }

    /// <summary>The number of points of weight above 0 that <see cref="Source"/> stands for; null where every point stands for itself.</summary>
    public long? RepresentedPoints => _ranks.IsAlone && Source.RepresentedPoints > Source.PointCount ? Source.RepresentedPoints : null;

    /// <summary>Folds equal points in memory into one where that pays, before anything else reads them. A source is read no more often for it.</summary>
    /// <param name="components">K of the largest mixture that is fitted.</param>
    public void Fold(int components)
    {
        if (_options.Duplicates == Duplicates.Keep || !_ranks.IsAlone || !Source.HasRandomAccess || RepresentedPoints is not null) return;
        if (Folding<T>.Run(Source, components, _team, _cancellation) is { } folded) Source = new CheckedSource<T>(folded);
    }

    /// <summary>Looks for gaps, if they are allowed, and prepares the points for passes. Returns false when canceled.</summary>
    /// <param name="hasPairs">Whether pairs of columns that are never present together matter to some fit.</param>
    /// <param name="wording">The words of messages.</param>
    public bool Open(bool hasPairs, Wording wording)
    {
        if (_options.MissingValues == MissingValues.Marginalize)
        {
            var store = new GapStore<T>(Source, _ranks.Plan<T>(hasGaps: true), _options.PackingBudget);
            if (GapScan<T>.Run(store, hasPairs, wording, _ranks, _team, _cancellation) is not { } scan) return false;
            if (scan.Summary is { } summary)
            {
                (Ranges, _scan) = (store, scan);
                _ranks.Together(() => _options.GapsFound?.Report(summary));
                return true;
            }
        }
        _ranks.Together(() => Blocks = new BlockStore<T>(Source, _ranks.Plan<T>().Shape, _options.PackingBudget, Source.HasWeights));
        return true;
    }

    /// <summary>
    /// Prepares the survey for fits of a family; of points with gaps, with their moments. Returns null when canceled. <see cref="Survey.Run"/> follows.
    /// </summary>
    /// <param name="family">The family.</param>
    /// <param name="regularization">What fits add to variances.</param>
    /// <param name="wording">The words of messages.</param>
    public SurveyedData? Prepare(Family family, Regularization regularization, Wording wording)
    {
        Survey survey = null!;
        if (Ranges is null)
        {
            _ranks.Together(() => survey = NewSurvey(Wide));
            return new SurveyedData(survey, regularization);
        }
        if (AvailableCases<T>.Sum(Ranges, _scan!.Center, family.Pooled.Moments, _ranks, _team, _cancellation) is not { } available) return null;
        var ridge = SurveyedData.Additions(available, regularization);
        if (GapSurvey.Run(Ranges, available, family, ridge, wording, _ranks, _team, _cancellation) is not { } pooled) return null;
        var summary = family.HasOffDiagonal ? _scan.Summary! : _scan.Summary!.WithoutPairs;
        Survey means = null!;
        _ranks.Together(() => (survey, means) = (Completed(DrawnSpread), Completed(0)));
        return new SurveyedData(survey, regularization)
        {
            OfMeans = means,
            Available = available,
            Completed = pooled.Moments,
            Gaps = summary,
        };

        Survey Completed(double spread) =>
            NewSurvey(new CompletedSource(Wide, _ranks.FirstPoint, pooled.Mixture, spread, summary.EmptyPoints > 0, _scan.Empty));
    }

    /// <summary>Packs the blocks that stay in memory, so that several fits may read them at once.</summary>
    public unsafe void Pack()
    {
        if (Blocks is null) return;
        _team.Reserve(1, Workspace<T>.Length(Blocks.Shape.BlockPoints, Blocks.Dimension, components: 1) * sizeof(T));
        var room = new Workspace<T>((T*)_team.Memory(0), Blocks.Shape.BlockPoints, Blocks.Dimension, components: 1).Room;
        for (var block = 0; block < Blocks.PackedBlocks && !_cancellation.IsCancellationRequested; block++) Blocks.Load(block, room);
    }

    public void Dispose() => Blocks?.Dispose();

    private Survey NewSurvey(PointSource<double> points) => new(
        points, Blocks as BlockStore<double>, typeof(T) == typeof(float) ? Precision.Single : Precision.Double, _ranks, _team, _cancellation)
    {
        RepresentedPoints = RepresentedPoints,
    };
}
