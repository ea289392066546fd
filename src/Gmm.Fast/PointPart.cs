using Gmm.Fast.Em;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Cuts a data set into the parts of several processes, so that a fit by all of them has the bits of one.</summary>
public static class PointPart
{
    /// <summary>Gives the part of one process. The numbers of shards of two parts differ by at most one.</summary>
    /// <typeparam name="T">Element type of the points: double or float.</typeparam>
    /// <param name="points">N of the whole, at least 1.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="rank">The process, from 0.</param>
    /// <param name="ranks">The number of processes, at least 1.</param>
    /// <param name="missingValues">
    /// That of the fit: points with gaps have larger shards. Such parts have the bits of one process also where no value is missing.
    /// </param>
    /// <returns>The first point and the number of points, which may be 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static (long First, long Count) Of<T>(
        long points, int dimension, int rank, int ranks, MissingValues missingValues = MissingValues.Error)
        where T : unmanaged
    {
        Check.AtLeast(nameof(points), points, 1);
        Check.AtLeast(nameof(dimension), dimension, 1);
        Check.AtLeast(nameof(ranks), ranks, 1);
        if ((uint)rank >= (uint)ranks) Throw.OutOfRange(nameof(rank), rank, $"0 to {ranks - 1} is required");
        var whole = ShardPlan.WholeOf<T>(points, dimension, missingValues == MissingValues.Marginalize);
        var first = ShardPlan.FirstPoint(whole, points, rank, ranks);
        return (first, ShardPlan.FirstPoint(whole, points, rank + 1, ranks) - first);
    }
}
