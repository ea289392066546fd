namespace Gmm.Fast.Blocks;

/// <summary>
/// The one tuning table: how many points a block holds and how blocks are dealt to shards. Both depend on the problem's size alone, never on the
/// machine or the number of threads, because they fix the order of addition and so the bits of the result.
/// </summary>
/// <param name="BlockPoints">Points in a full block, a multiple of the padding.</param>
/// <param name="Blocks">Blocks of the whole data set.</param>
/// <param name="Shards">Runs of consecutive blocks, each summed apart.</param>
internal readonly record struct BlockShape(int BlockPoints, long Blocks, int Shards)
{
    // Padding in bytes of one column: the widest tile, four of the widest vectors.
    private const int TileBytes = 4 * 64;

    // Bytes of one column of a block. Long enough that a tile's sums are added up for hundreds of cycles before they go to memory; short enough
    // that the block stays in the second-level cache beside the responsibilities.
    private const int ColumnBytes = 3072;
    private const int WideColumnBytes = 1536;
    private const int WideColumns = 160;

    // Half of the smallest first-level cache.
    private const int StripBytes = 16 * 1024;

    // Enough for the largest machines to balance on; at least a few blocks each, because the end of a shard folds its partial sums. Multiples of 32:
    // 65 shards kept 16 threads as long as 80 would have.
    private const int MaxShards = 4 * MinShards;
    private const int MinShards = 32;
    private const int BlocksPerShard = 4;

    public static unsafe BlockShape For<T>(long rowCount, int columns)
        where T : unmanaged
    {
        var rows = (columns <= WideColumns ? ColumnBytes : WideColumnBytes) / sizeof(T);
        var blocks = (rowCount + rows - 1) / rows;
        return new BlockShape(rows, blocks, (int)Math.Min(blocks, Math.Clamp(blocks / BlocksPerShard / MinShards * MinShards, MinShards, MaxShards)));
    }

    /// <summary>First block of a shard; shard s holds the blocks from FirstBlock(s) up to FirstBlock(s + 1).</summary>
    public long FirstBlock(int shard) => (long)((Int128)Blocks * shard / Shards);

    /// <summary>Points of a block whose columns stay in the first-level cache while all components look at them; a multiple of the padding.</summary>
    public static unsafe int StripPoints<T>(int columns)
        where T : unmanaged
    {
        var multiple = TileBytes / sizeof(T);
        return Math.Max(multiple, StripBytes / sizeof(T) / columns / multiple * multiple);
    }

    /// <summary>The padded number of points of a block that holds <paramref name="count"/>.</summary>
    public static unsafe int Pad<T>(int count)
        where T : unmanaged
    {
        var multiple = TileBytes / sizeof(T);
        return (count + multiple - 1) / multiple * multiple;
    }
}
