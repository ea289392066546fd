using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Runs passes of k-means over the points of a store: every point goes to the nearest center, the first of equals. Of many centers, sketches of the
/// points rule out most, which changes no bit.
/// </summary>
internal sealed unsafe class NearestCenters : IDisposable
{
    // Fewer centers, and smaller problems, cost too little for sketches to pay.
    private const int FewestSketched = 32;
    private const double LeastSketchedWork = 1 << 24;

    private readonly IBlockLabels _all = BlockSteps.Labels(LaneWidths.Widest);
    private readonly CentroidStep _step;
    private readonly SufficientStatistics _nothing;
    private readonly Sweep<double> _sweep;
    private readonly Expectation<double> _expectation;
    private readonly KernelParameters<double> _parameters;
    private readonly UnitSpheres _spheres;
    private SketchedLabels? _sketched;

    /// <summary>Makes room.</summary>
    /// <param name="points">The points.</param>
    /// <param name="components">K.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends a pass.</param>
    public NearestCenters(BlockStore<double> points, int components, WorkTeam team, CancellationToken cancellation)
    {
        (Points, Components, Team, Cancellation, _step) = (points, components, team, cancellation, new CentroidStep(_all));
        _nothing = new SufficientStatistics(MomentKind.Trace, components, points.Dimension);
        _parameters = new KernelParameters<double>(DensityForm.Spherical, components, points.Dimension);
        _spheres = new UnitSpheres(components, points.Dimension);
        var plan = ShardPlan.Alone<double>(points.PointCount, points.Dimension);
        var extra = Pays ? SketchedLabels.ExtraOf(points.Dimension, points.Shape.BlockPoints, components) : 0;
        _sweep = new Sweep<double>(points, plan, _nothing, new RankGroup(null), team, cancellation, extra);
        _expectation = new Expectation<double>(_sweep, _step, DensityForm.Spherical, components, points.Dimension);
    }

    /// <summary>The points.</summary>
    public BlockStore<double> Points { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>The threads.</summary>
    public WorkTeam Team { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The sketches of the points; null where they do not pay.</summary>
    public PointSketches? Sketches { get; private set; }

    private bool Pays => Components >= FewestSketched && (double)Components * Points.PointCount * Points.Dimension >= LeastSketchedWork;

    /// <summary>Takes the points as they are now, where others took the place of those before.</summary>
    public void Renew()
    {
        Forget();
        if (Pays && SketchMap.Of(Points, Components) is { } map)
        {
            Sketches = PointSketches.Of(map, Points, Team);
            _sketched = new SketchedLabels(map, Sketches, LaneWidths.Widest, Points.Shape.BlockPoints, Components);
        }
        _step.Nearest = _sketched ?? _all;
    }

    /// <summary>Sums count, deviations and trace of the points nearest to each of the <paramref name="centers"/> [K x D]. Returns false when canceled.</summary>
    public bool Sum(ReadOnlySpan<double> centers, SufficientStatistics into)
    {
        _sketched?.Follow(centers);
        return _expectation.Run(_spheres.About(centers), into);
    }

    /// <summary>Writes the number of the center nearest to each point. Returns false when canceled.</summary>
    /// <param name="centers">[K x D].</param>
    /// <param name="labels">[N], receives the numbers.</param>
    public bool Label(ReadOnlySpan<double> centers, int[] labels)
    {
        _sketched?.Follow(centers);
        _parameters.Load(_spheres.About(centers).Numbers);
        return _sweep.Run(new LabelStep(_step.Nearest, Points.Shape.BlockPoints, labels), _parameters, null, _nothing);
    }

    public void Dispose()
    {
        Forget();
        _expectation.Dispose();
        _parameters.Dispose();
    }

    private void Forget()
    {
        _sketched?.Dispose();
        Sketches?.Dispose();
        (_sketched, Sketches) = (null, null);
    }
}
