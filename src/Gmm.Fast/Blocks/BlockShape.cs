using System.Numerics;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Fixes the number of points in a block and the distribution of blocks to shards. Both depend on the problem's size alone, never on the machine or
/// the number of threads, because they fix the order of addition and so the bits of the result.
/// </summary>
/// <param name="BlockPoints">Points in a full block, a multiple of the padding.</param>
/// <param name="Blocks">Blocks of the whole data set.</param>
/// <param name="Shards">Runs of consecutive blocks, each with sums of its own.</param>
internal readonly record struct BlockShape(int BlockPoints, long Blocks, int Shards)
{
    // Padding in bytes of one column: the widest tile, four of the widest vectors.
    private const int TileBytes = 4 * VectorBytes;
    private const int VectorBytes = 64;

    // Bytes of one column of a block. Longer columns amortize the stores of a tile's sums; shorter ones keep the block in the second-level cache
    // beside the responsibilities.
    private const int ColumnBytes = 3072;
    private const int WideColumnBytes = 1536;
    private const int WideColumns = 160;

    // Bytes of the points that are sorted by pattern together: so many that most patterns have many points among them.
    private const int PatternBytes = 8 << 20;

    // Shards of points that fill one such run.
    private const int FewestPatternShards = 4;

    // Bytes of a block of very many columns, of which a few blocks fit the budget of packed points.
    private const int WidestBlockBytes = 8 << 20;

    // Half of the smallest first-level cache.
    private const int StripBytes = 16 * 1024;

    // Enough shards to balance many threads, with a few blocks each, because the end of a shard folds its sums. Multiples of 32 divide evenly among
    // the usual numbers of threads.
    private const int MaxShards = 4 * MinShards;
    private const int MinShards = 32;
    private const int BlocksPerShard = 4;

    /// <summary>Gives the shape of a data set of points of <paramref name="columns"/> dimensions.</summary>
    public static unsafe BlockShape For<T>(long rowCount, int columns)
        where T : unmanaged
    {
        var bytes = columns <= WideColumns ? ColumnBytes : Math.Clamp(WidestBlockBytes / columns / TileBytes * TileBytes, TileBytes, WideColumnBytes);
        var rows = (int)Math.Clamp(Pad<T>((int)Math.Min(rowCount, bytes)), TileBytes / sizeof(T), bytes / sizeof(T));
        var blocks = (rowCount + rows - 1) / rows;
        return new BlockShape(rows, blocks, (int)Math.Min(blocks, Math.Clamp(blocks / BlocksPerShard / MinShards * MinShards, MinShards, MaxShards)));
    }

    /// <summary>
    /// Gives the same blocks in fewer shards, for points that are sorted by pattern: the sums of a pattern are completed at the end of each run of
    /// sorted points, and a shard is at least one. A shard of few points would have nearly as many patterns as points. Where few blocks fill a run,
    /// shards stay as they are.
    /// </summary>
    /// <param name="run">The most blocks of one run.</param>
    public BlockShape ForPatterns(long run)
    {
        if (Blocks > run * MinShards) return this;
        var shards = (int)BitOperations.RoundUpToPowerOf2((ulong)((Blocks * FewestPatternShards + run - 1) / run));
        return this with { Shards = Math.Min(Shards, Math.Clamp(shards, FewestPatternShards, MinShards)) };
    }

    /// <summary>Counts the blocks of points of <paramref name="columns"/> dimensions that are sorted by pattern together: a worker holds them all.</summary>
    public unsafe long PatternRun<T>(int columns)
        where T : unmanaged => Math.Max(1, PatternBytes / ((long)BlockPoints * columns * sizeof(T)));

    /// <summary>Counts the most numbers that are sorted by pattern together.</summary>
    public static long PatternNumbers(int elementSize, int columns, int blockPoints) => Math.Max(PatternBytes / elementSize, (long)blockPoints * columns);

    /// <summary>Gives the first block of a shard; shard s holds the blocks [FirstBlock(s), FirstBlock(s + 1)).</summary>
    public long FirstBlock(int shard) => (long)((Int128)Blocks * shard / Shards);

    /// <summary>Counts the points of a strip, whose columns stay in the first-level cache for all components; a multiple of the padding.</summary>
    public static unsafe int StripPoints<T>(int columns)
        where T : unmanaged
    {
        var multiple = TileBytes / sizeof(T);
        return Math.Max(multiple, StripBytes / sizeof(T) / columns / multiple * multiple);
    }

    /// <summary>Counts the points of the widest tile of a kernel.</summary>
    public static unsafe int TileOf<T>()
        where T : unmanaged => TileBytes / sizeof(T);

    /// <summary>
    /// Counts the numbers between two columns: one vector more than points, so that columns start in different sets of the cache. Those of a single tile
    /// lie side by side; a fifth of very wide data would be gaps.
    /// </summary>
    public static int StrideOf<T>(int points)
        where T : unmanaged => points <= TileOf<T>() ? points : points + GapOf<T>();

    /// <summary>Counts the numbers of the vector that lies between longer columns.</summary>
    public static unsafe int GapOf<T>()
        where T : unmanaged => VectorBytes / sizeof(T);

    /// <summary>Gives the padded number of points of a block that holds <paramref name="count"/>.</summary>
    public static unsafe int Pad<T>(int count)
        where T : unmanaged
    {
        var multiple = TileBytes / sizeof(T);
        return (count + multiple - 1) / multiple * multiple;
    }
}
