namespace Gmm.Fast.Data;

/// <summary>
/// The one tuning table: how many points a block holds and how blocks are dealt to shards. Both depend on the problem's size alone, never on the
/// machine or the number of threads, because they fix the order of addition and so the bits of the result.
/// </summary>
/// <param name="BlockPoints">Points in a full block, a multiple of <see cref="RowMultiple"/>.</param>
/// <param name="Blocks">Blocks of the whole data set.</param>
/// <param name="Shards">Runs of consecutive blocks, each summed apart.</param>
internal readonly record struct BlockShape(int BlockPoints, long Blocks, int Shards)
{
    /// <summary>Blocks are padded to this: two vectors of the widest kind, in either element type.</summary>
    public const int RowMultiple = 32;

    // Enough for the largest machines to balance on; fewer where the statistics of one shard are large.
    private const int MaxShards = 64;
    private const int MinShards = 16;
    private const long ShardMemory = 32L << 20;

    public static BlockShape For(long rowCount, int columns, int statisticsLength)
    {
        // Multiples of 96 rows: columns of a block then start in different sets of the first-level cache.
        var rows = columns < 8 ? 384 : columns <= 64 ? 192 : 96;
        var blocks = (rowCount + rows - 1) / rows;
        var affordable = ShardMemory / (statisticsLength * (long)sizeof(double));
        return new BlockShape(rows, blocks, (int)Math.Min(blocks, Math.Clamp(affordable, MinShards, MaxShards)));
    }

    /// <summary>First block of a shard; shard s holds the blocks from FirstBlock(s) up to FirstBlock(s + 1).</summary>
    public long FirstBlock(int shard) => (long)((Int128)Blocks * shard / Shards);

    /// <summary>The padded number of points of a block that holds <paramref name="count"/>.</summary>
    public static int Pad(int count) => (count + RowMultiple - 1) / RowMultiple * RowMultiple;
}
