using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;

namespace Gmm.Fast.Em;

/// <summary>
/// Sums weight, deviations and squares of the present values of each column about a center (available cases; Little and Rubin, Statistical Analysis
/// with Missing Data, section 3.4). Of two components of diagonal statistics, the first holds N, F and S, the second the weights in the place of F.
/// </summary>
internal sealed unsafe class AvailableCases<T> : Sweep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GapStore<T> _store;
    private readonly double[] _center;
    private readonly GapReader<T>[] _readers;
    private readonly int[][] _orders;

    private AvailableCases(
        GapStore<T> store, double[] center, SufficientStatistics shape, RankGroup ranks, WorkTeam team, CancellationToken cancellation)
        : base(store.PointCount, store.Dimension, store.Plan, shape, ranks, team, cancellation)
    {
        (_store, _center) = (store, center);
        _readers = [.. Enumerable.Range(0, Workers).Select(_ => store.CreateReader())];
        _orders = [.. Enumerable.Range(0, Workers).Select(_ => new int[store.Dimension])];
    }

    /// <summary>
    /// Gives moments of all points as if each column had as many values as there are points, with the mean and the variance of its present ones and
    /// without covariances; null when canceled.
    /// </summary>
    /// <param name="store">The points.</param>
    /// <param name="center">[D]: a center of each column, near its values.</param>
    /// <param name="moments">The kind of the moments.</param>
    /// <param name="ranks">The processes of the fit.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends the pass.</param>
    public static SufficientStatistics? Sum(
        GapStore<T> store, double[] center, MomentKind moments, RankGroup ranks, WorkTeam team, CancellationToken cancellation)
    {
        var sums = new SufficientStatistics(MomentKind.Diagonal, 2, store.Dimension);
        using var sweep = new AvailableCases<T>(store, center, sums, ranks, team, cancellation);
        if (!sweep.Run(null!, null!, null, sums)) return null;
        var pooled = new SufficientStatistics(moments, 1, store.Dimension);
        (pooled.PointCount, pooled.TotalWeight) = (sums.PointCount, sums.TotalWeight);
        pooled.Values[0] = sums.TotalWeight;

        // About the means: about other centers, second moments without off-diagonal entries have covariances.
        for (var j = 0; j < store.Dimension; j++)
        {
            var weight = sums.FirstMoment(1)[j];
            var delta = sums.FirstMoment(0)[j] / weight;
            pooled.Centers[j] = center[j] + delta;
            pooled.Values[1 + store.Dimension + moments.DiagonalIndex(j)] = sums.TotalWeight * Math.Max(0, sums.SecondMoment(0)[j] / weight - delta * delta);
        }
        return pooled;
    }

    protected override bool Run(int worker, int shard, in Workspace<T> workspace, SufficientStatistics statistics)
    {
        var (dimension, words, order) = (_store.Dimension, GapMask.Words(_store.Dimension), _orders[worker]);
        Span<double> first = statistics.Values.Slice(1, dimension), second = statistics.Values.Slice(1 + dimension, dimension);
        var weights = statistics.Values.Slice(2 + 2 * dimension, dimension);
        for (var number = 0; number < _store.Ranges(shard); number++)
        {
            if (EndsEarly(shard)) return false;
            var range = _store.Load(shard, number, _readers[worker]);
            var (at, point) = (0, 0);
            for (var group = 0; group < range.Groups; group++)
            {
                var present = GapMask.Split(range.Masks.AsSpan(group * words, words), order);
                for (var i = 0; i < range.Counts[group]; i++, point++, at += present)
                {
                    var weight = range.IsWeighted ? double.CreateTruncating(range.Weights[point]) : 1;
                    statistics.TotalWeight += weight;
                    for (var j = 0; j < present; j++)
                    {
                        var (column, deviation) = (order[j], double.CreateTruncating(range.Numbers[at + j]) - _center[order[j]]);
                        weights[column] += weight;
                        first[column] += weight * deviation;
                        second[column] += weight * deviation * deviation;
                    }
                }
            }
            statistics.PointCount += range.Points;
        }
        return true;
    }
}
