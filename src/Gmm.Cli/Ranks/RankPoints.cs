using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Ranks;

/// <summary>Gives the rows of a table that one of several processes fits.</summary>
internal sealed class RankPoints : PointSource<double>
{
    private readonly TablePoints _table;

    private RankPoints(NumericTable table, long first, long count) => (_table, FirstRow, PointCount) = (new TablePoints(table), first, count);

    public override long PointCount { get; }

    public override int Dimension => _table.Dimension;

    public override long FirstRow { get; }

    public override bool HasWeights => _table.HasWeights;

    /// <summary>Gives the part of a rank. Parts begin where shards do, so that any number of ranks gives the same bits.</summary>
    public static PointSource<double> Of(NumericTable table, MissingValues missing, ICommunicator communicator)
    {
        var (first, count) = PointPart.Of<double>(table.Rows, table.Columns, communicator.Rank, communicator.Count, missing);
        return new RankPoints(table, first, count);
    }

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) => _table.Read(FirstRow + first, count, scratch);

    public override void ReadWeights(long first, Span<double> weights) => _table.ReadWeights(FirstRow + first, weights);
}
