namespace Gmm.Report;

/// <summary>
/// Which points are drawn where there are too many. The rows are cut into <c>limit</c> stretches of equal length and one row is taken out of each,
/// at a place that a hash of the stretch's number picks: the same rows on every machine, spread over the whole table, and not in step with data that
/// repeat every so many rows, as every k-th row would be.
/// </summary>
public static class PointSample
{
    /// <summary>Most points drawn in one picture.</summary>
    public const int DefaultLimit = 50_000;

    /// <summary>The rows to draw, ascending: all of them up to the limit, exactly <paramref name="limit"/> of them beyond.</summary>
    /// <param name="count">N, the number of points.</param>
    /// <param name="limit">Largest number of rows wanted, at least 1.</param>
    public static int[] Rows(int count, int limit = DefaultLimit)
    {
        Require.AtLeast(nameof(count), count, 0);
        Require.AtLeast(nameof(limit), limit, 1);
        var rows = new int[Math.Min(count, limit)];
        for (var i = 0; i < rows.Length; i++)
        {
            var first = (long)i * count / rows.Length;
            var next = (long)(i + 1) * count / rows.Length;
            rows[i] = (int)(first + (long)(Hash((ulong)i) % (ulong)(next - first)));
        }
        return rows;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
    internal static ulong Hash(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
