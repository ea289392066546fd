using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Keeps the memory of E-steps by one process over points in blocks of one shape, with or without weights.</summary>
internal sealed class ExpectationRoom<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BlockStore<T> _store;
    private readonly Sweep<T> _sweep;
    private readonly Expectation<T> _expectation;

    /// <summary>Takes the memory.</summary>
    /// <param name="points">Points of that shape.</param>
    /// <param name="mixture">Of the family, K and D of all mixtures.</param>
    /// <param name="statistics">Of the shape of all statistics.</param>
    /// <param name="team">The threads.</param>
    public ExpectationRoom(PointSource<T> points, Factored mixture, SufficientStatistics statistics, WorkTeam team)
    {
        var plan = ShardPlan.Alone<T>(points.PointCount, points.Dimension);
        _store = new BlockStore<T>(points, plan.Shape, budget: 0, points.HasWeights);
        _sweep = new Sweep<T>(_store, plan, statistics, new RankGroup(null), team, CancellationToken.None);
        _expectation = new Expectation<T>(
            _sweep, BlockSteps.Soft<T>(mixture.Family, LaneWidths.Widest), mixture.Family.Form, mixture.Components, mixture.Dimension, check: true);
    }

    /// <summary>Replaces <paramref name="into"/> by the statistics of points. Returns false when canceled; they are then undefined.</summary>
    public bool Run(PointSource<T> points, Factored mixture, SufficientStatistics into, CancellationToken cancellation)
    {
        _sweep.Replace(points, cancellation);
        return _expectation.Run(mixture, into);
    }

    public void Dispose()
    {
        _expectation.Dispose();
        _store.Dispose();
    }
}
