using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Runs one pass over a part of the points, and leaves the sums of its nodes of the tree apart, for others to fold.</summary>
internal static class PartExpectation
{
    /// <summary>Gives the place of a part in the tree of all points; null where it does not begin and end at shards.</summary>
    /// <param name="points">N of the whole.</param>
    /// <param name="dimension">D.</param>
    /// <param name="first">The number of the first point of the part.</param>
    /// <param name="count">The points of the part.</param>
    public static ShardPlan? Plan<T>(long points, int dimension, long first, long count)
        where T : unmanaged
    {
        var whole = ShardPlan.WholeOf<T>(points, dimension, hasGaps: false);
        if (Shard(whole, points, first) is not { } begin || Shard(whole, points, first + count) is not { } end) return null;
        var blocks = end > begin ? whole.FirstBlock(end) - whole.FirstBlock(begin) : 0;
        return new ShardPlan(new BlockShape(whole.BlockPoints, blocks, end - begin), whole, begin, IsPart: true);
    }

    /// <summary>Gives the nodes of a part with their sums; null when canceled.</summary>
    /// <param name="part">The points of the part, at least one.</param>
    /// <param name="plan">Their place.</param>
    /// <param name="mixture">The mixture.</param>
    /// <param name="centers">Their centers receive those that the sums are about, rounded to the type of the points.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends the pass.</param>
    public static unsafe (TreeNode Node, double[] Sums)[]? Run<T>(
        PointSource<T> part, ShardPlan plan, Factored mixture, SufficientStatistics centers, WorkTeam team, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var store = new BlockStore<T>(part, plan.Shape, budget: 0, part.HasWeights);
        using var sweep = new Sweep<T>(store, plan, centers, new RankGroup(null), team, cancellation);
        using var parameters = new KernelParameters<T>(mixture.Family.Form, mixture.Components, mixture.Dimension);
        using var origins = new AlignedBuffer<T>(centers.Centers.Length);
        parameters.Load(mixture.Numbers);
        for (var i = 0; i < centers.Centers.Length; i++)
        {
            origins.Pointer[i] = T.CreateTruncating(centers.Centers[i]);
            centers.Centers[i] = double.CreateTruncating(origins.Pointer[i]);
        }
        var tree = sweep.RunPart(BlockSteps.Soft<T>(mixture.Family, LaneWidths.Widest), parameters, origins.Pointer, check: true);
        return tree is null ? null : [.. tree.Nodes.Select((node, i) => (node, tree.Sums[i]!.Values.ToArray()))];
    }

    // The last part ends with the last point, which need not fill its shard.
    private static int? Shard(BlockShape whole, long points, long first)
    {
        if (first == points) return whole.Shards;
        var shard = 0;
        while (shard < whole.Shards && whole.FirstBlock(shard) * whole.BlockPoints < first) shard++;
        return whole.FirstBlock(shard) * whole.BlockPoints == first ? shard : null;
    }
}
