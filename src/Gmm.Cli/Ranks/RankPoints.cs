using Gmm.Fast;
using Gmm.Fast.Internals;

namespace Gmm.Cli.Ranks;

/// <summary>Decides how several processes read their data.</summary>
internal static class RankPoints
{
    /// <summary>Gives the budget of a rank: all read the same data in the same way, arrays from their files. Null for a process alone.</summary>
    public static long? Memory(CommandRanks? ranks) => ranks is null ? null : MachineMemory.Available() / 2 / ranks.Communicator.Count;
}

/// <summary>Gives the rows that one of several processes fits.</summary>
internal sealed class RankPoints<T> : PointSource<T>
    where T : unmanaged
{
    private readonly PointSource<T> _all;

    private RankPoints(PointSource<T> all, long first, long count) => (_all, FirstRow, PointCount) = (all, first, count);

    public override long PointCount { get; }

    public override int Dimension => _all.Dimension;

    public override long FirstRow { get; }

    public override bool HasWeights => _all.HasWeights;

    /// <summary>
    /// Gives the part of a rank, and all points to a process alone. Parts begin where shards do, so that any number of ranks gives the same bits.
    /// </summary>
    public static PointSource<T> Of(PointSource<T> points, FitOptions options)
    {
        if (options.Communicator is not { } communicator) return points;
        var (first, count) = PointPart.Of<T>(points.PointCount, points.Dimension, communicator.Rank, communicator.Count, options.MissingValues);
        return new RankPoints<T>(points, first, count);
    }

    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch) => _all.Read(FirstRow + first, count, scratch);

    public override void ReadWeights(long first, Span<double> weights) => _all.ReadWeights(FirstRow + first, weights);
}
