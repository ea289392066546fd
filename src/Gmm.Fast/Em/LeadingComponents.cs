using System.Numerics;

namespace Gmm.Fast.Em;

/// <summary>
/// Holds the components with the largest shares of each point, and how many have one, and from them an order of the points in which neighbors have the
/// same. Or counts only shares, of the points of some blocks.
/// </summary>
/// <param name="points">N.</param>
/// <param name="components">K.</param>
/// <param name="blockPoints">Points in a full block.</param>
/// <param name="step">1 for all blocks; more to count in every so many-th block alone.</param>
/// <param name="orders">Whether leaders are kept for an order, and not only counted.</param>
internal sealed class LeadingComponents(long points, int components, int blockPoints, int step, bool orders)
{
    // Leaders of each point: more order its neighbors no better.
    private const int Leaders = 3;

    private readonly int[][] _leaders = step > 1 || !orders ? [] : [new int[points], new int[points], new int[points]];

    // Twice the logarithm to base 2 of the number of components with a share, rounded down.
    private readonly byte[] _levels = step > 1 || !orders ? [] : new byte[points];
    private volatile bool _hasFailed;
    private long _shared;
    private long _noted;

    /// <summary>The mean number of components of which a point has a share.</summary>
    public double MeanShared => (double)_shared / Math.Max(1, _noted);

    /// <summary>Whether all points were looked at.</summary>
    public bool AreAll => step == 1;

    /// <summary>Tells whether the points of a block are noted.</summary>
    public bool Takes(long block) => block % step == 0;

    /// <summary>Notes that the leaders of some points are not known.</summary>
    public void Fail() => _hasFailed = true;

    /// <summary>Notes the leaders of some points.</summary>
    /// <param name="block">The number of their block.</param>
    /// <param name="offset">The place of the first point in the block.</param>
    /// <param name="count">Points.</param>
    /// <param name="blockCount">Points in the block.</param>
    /// <param name="shares">[entries x stride].</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="entries">[<paramref name="entryCount"/>]: components, ascending.</param>
    /// <param name="entryCount">Entries.</param>
    public unsafe void Note<T>(long block, int offset, int count, int blockCount, T* shares, int stride, int* entries, int entryCount)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A block without its points of weight 0 does not tell which points it holds.
        var start = block * blockPoints;
        long shared = 0;
        if (_leaders.Length > 0 && blockCount != Math.Min(blockPoints, points - start))
        {
            Fail();
            return;
        }
        var largest = stackalloc T[Leaders];
        var rows = stackalloc int[Leaders];
        for (var p = 0; p < count; p++)
        {
            int found = 0, mine = 0;
            for (var a = 0; a < entryCount; a++)
            {
                var share = shares[(nint)a * stride + p];
                if (!(share > T.Zero)) continue;
                mine++;
                if (found == Leaders && !(share > largest[Leaders - 1])) continue;
                var at = found < Leaders ? found++ : Leaders - 1;
                for (; at > 0 && share > largest[at - 1]; at--) (largest[at], rows[at]) = (largest[at - 1], rows[at - 1]);
                (largest[at], rows[at]) = (share, a);
            }
            shared += mine;
            for (var i = 0; i < _leaders.Length; i++) _leaders[i][start + offset + p] = entries[rows[Math.Min(i, found - 1)]];
            if (_levels.Length > 0) _levels[start + offset + p] = (byte)BitOperations.Log2((ulong)mine * (ulong)mine);
        }
        Interlocked.Add(ref _shared, shared);
        Interlocked.Add(ref _noted, count);
    }

    /// <summary>Marks the leaders of each tile, in the new order, as those that have a share.</summary>
    /// <param name="bounds">The bounds of the tiles.</param>
    /// <param name="order">What <see cref="Order"/> gave.</param>
    public void MarkActive<T>(TileBounds<T> bounds, int[] order)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tile = Blocks.BlockShape.TileOf<T>();
        for (var i = 0; i < order.Length; i++)
        {
            var (block, place) = Math.DivRem(i, blockPoints);
            bounds.MarkActive(block, place / tile, _leaders[0][order[i]]);
        }
    }

    /// <summary>
    /// Sorts the points by their leader, then by how many components have a share of them, then by the other leaders, then as they lie: points between
    /// components differ from those at a center more than from those elsewhere between. Returns null where leaders are unknown, or where tiles of
    /// <paramref name="tile"/> points have nearly as few leaders as they lie.
    /// </summary>
    public int[]? Order(int tile)
    {
        if (_leaders.Length == 0 || _hasFailed) return null;
        var counts = new int[components];
        long distinct = 0;
        var seen = new long[components];
        for (long start = 0; start < points; start += tile)
        {
            var end = Math.Min(points, start + tile);
            for (var i = start; i < end; i++)
            {
                var k = _leaders[0][i];
                counts[k]++;
                if (seen[k] == start + 1) continue;
                seen[k] = start + 1;
                distinct++;
            }
        }
        var tiles = (points + tile - 1) / tile;
        var fewest = tiles + components - counts.Count(count => count == 0);
        if (distinct - fewest <= tiles / 4) return null;
        var order = new int[points];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        for (var i = Leaders - 1; i > 0; i--) order = SortBy(_leaders[i], components, order);
        order = SortBy(_levels, 1 + _levels.Max(), order);
        return SortBy(_leaders[0], components, order);
    }

    // Sorts stably by keys below a number, by counting.
    private static int[] SortBy<TKey>(TKey[] keys, int most, int[] order)
        where TKey : IBinaryInteger<TKey>
    {
        var places = new int[most + 1];
        foreach (var key in keys) places[int.CreateTruncating(key) + 1]++;
        for (var k = 0; k < most; k++) places[k + 1] += places[k];
        var sorted = new int[order.Length];
        foreach (var i in order) sorted[places[int.CreateTruncating(keys[i])]++] = i;
        return sorted;
    }
}
