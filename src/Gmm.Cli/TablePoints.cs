using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Gives the rows of a table, and their weights where they have some, to a fit or a score.</summary>
internal sealed class TablePoints(NumericTable table) : PointSource<double>
{
    public override long PointCount => table.Rows;

    public override int Dimension => table.Columns;

    public override bool HasWeights => table.Weights is not null;

    /// <summary>Gives the rows where they lie, so that a fit may read them in any order.</summary>
    public static Points Of(NumericTable table)
    {
        var points = new Points(table.Values, table.Columns);
        return table.Weights is { } weights ? points.WithWeights(weights) : points;
    }

    /// <summary>Counts the rows, and sums their weights, as a fit does: those without a value are left out.</summary>
    public static (int Points, double TotalWeight) Counted(NumericTable table)
    {
        var (points, weight) = (0, 0.0);
        for (var i = 0; i < table.Rows; i++)
        {
            if (!HasValue(table, i)) continue;
            points++;
            weight += table.Weights?[i] ?? 1;
        }
        return (points, weight);
    }

    /// <summary>Counts the rows with a gap.</summary>
    public static int Incomplete(NumericTable table) => Enumerable.Range(0, table.Rows).Count(i => Values(table, i) < table.Columns);

    /// <summary>Tells whether a row has a value.</summary>
    public static bool HasValue(NumericTable table, long row) => Values(table, row) > 0;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) =>
        table.Values.AsSpan((int)first * Dimension, count * Dimension);

    public override void ReadWeights(long first, Span<double> weights) => table.Weights.AsSpan((int)first, weights.Length).CopyTo(weights);

    private static int Values(NumericTable table, long row)
    {
        var count = 0;
        foreach (var value in table.Values.AsSpan((int)row * table.Columns, table.Columns)) count += double.IsNaN(value) ? 0 : 1;
        return count;
    }
}
