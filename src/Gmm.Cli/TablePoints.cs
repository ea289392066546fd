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

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) =>
        table.Values.AsSpan((int)first * Dimension, count * Dimension);

    public override void ReadWeights(long first, Span<double> weights) => table.Weights.AsSpan((int)first, weights.Length).CopyTo(weights);
}
