using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Counts points, as fits and scores do.</summary>
/// <param name="Points">The points with a value.</param>
/// <param name="TotalWeight">The sum of their weights.</param>
/// <param name="Incomplete">The points with a gap, also those without a value.</param>
internal readonly record struct PointCounts(long Points, double TotalWeight, long Incomplete)
{
    private const int Numbers = 1 << 16;

    /// <summary>Counts the points of a source, in one pass. Where no value is missing and there are no weights, it reads nothing.</summary>
    /// <param name="source">The points.</param>
    /// <param name="mayHaveGaps">Whether values may be missing.</param>
    public static PointCounts Of(PointSource<double> source, bool mayHaveGaps)
    {
        if (!mayHaveGaps && !source.HasWeights) return new PointCounts(source.PointCount, source.PointCount, 0);
        var together = (int)Math.Clamp(Numbers / source.Dimension, 1, Math.Max(1, source.PointCount));
        var (rows, weights) = (new double[together * source.Dimension], new double[together]);
        var (points, weight, incomplete) = (0L, 0.0, 0L);
        Array.Fill(weights, 1);
        for (long first = 0; first < source.PointCount; first += together)
        {
            var count = (int)Math.Min(together, source.PointCount - first);
            var numbers = mayHaveGaps ? source.Read(first, count, rows) : [];
            if (source.HasWeights) source.ReadWeights(first, weights.AsSpan(0, count));
            for (var i = 0; i < count; i++)
            {
                var values = mayHaveGaps ? Values(numbers.Slice(i * source.Dimension, source.Dimension)) : source.Dimension;
                if (weights[i] == 0) continue;
                incomplete += values < source.Dimension ? 1 : 0;
                if (values == 0) continue;
                points++;
                weight += weights[i];
            }
        }
        return new PointCounts(points, weight, incomplete);
    }

    /// <summary>Tells whether a point has a value.</summary>
    public static bool HasValue(PointSource<double> source, long point) => Values(source.Read(point, 1, new double[source.Dimension])) > 0;

    private static int Values(ReadOnlySpan<double> row)
    {
        var count = 0;
        foreach (var value in row) count += double.IsNaN(value) ? 0 : 1;
        return count;
    }
}
