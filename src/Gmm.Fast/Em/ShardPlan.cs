using Gmm.Fast.Blocks;

namespace Gmm.Fast.Em;

/// <summary>
/// Places one process in the fixed tree of shards. Where every part begins at a shard of the whole data set, processes hold whole shards of it, and
/// sums have the bits of one process. Otherwise each process has a tree of its own, and these trees are the leaves of another.
/// </summary>
/// <param name="Shape">The blocks and shards of this process.</param>
/// <param name="Whole">The blocks and shards of the tree that holds its shards.</param>
/// <param name="FirstShard">The number of its first shard in that tree.</param>
/// <param name="IsPart">Whether several processes share that tree.</param>
internal sealed record ShardPlan(BlockShape Shape, BlockShape Whole, int FirstShard, bool IsPart = false)
{
    /// <summary>Makes the plan of a process that is alone, or has a tree of its own.</summary>
    public static ShardPlan Alone<T>(long points, int dimension, bool hasGaps = false)
        where T : unmanaged
    {
        var shape = WholeOf<T>(points, dimension, hasGaps);
        return new ShardPlan(shape, shape, 0);
    }

    /// <summary>Gives the blocks and shards of all points, complete ones or points with gaps.</summary>
    public static BlockShape WholeOf<T>(long points, int dimension, bool hasGaps)
        where T : unmanaged
    {
        var shape = BlockShape.For<T>(points, dimension);
        return hasGaps ? shape.ForPatterns(shape.PatternRun<T>(dimension)) : shape;
    }

    /// <summary>Cuts [0, points) at shards into <paramref name="count"/> parts and returns the first point of part <paramref name="part"/>.</summary>
    public static long FirstPoint(BlockShape whole, long points, int part, int count) =>
        Math.Min(points, whole.FirstBlock((int)((long)whole.Shards * part / count)) * whole.BlockPoints);

    /// <summary>Gives the first block, among those of this process, of one of its shards.</summary>
    public long FirstBlock(int shard) => Math.Min(Shape.Blocks, Whole.FirstBlock(FirstShard + shard) - Whole.FirstBlock(FirstShard));
}
