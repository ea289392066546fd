using System.Numerics;
using Gmm.Fast;
using Gmm.Fast.Internals;

namespace Gmm.Cli.Ranks;

/// <summary>Decides how several processes read their data.</summary>
internal static class RankPoints
{
    /// <summary>
    /// Gives the budget of a rank: half of what is available on its machine, shared with the other ranks there, and the least of all ranks. It is the same
    /// in all, so that they read the same data in the same way. All ranks call it.
    /// </summary>
    public static long Memory(ICommunicator communicator) => Memory(communicator, RankThreads.Machine(), MachineMemory.Available());

    /// <summary>Gives the budget of a rank.</summary>
    /// <param name="communicator">What joins the ranks.</param>
    /// <param name="machine">A number that is the same in ranks on the same machine.</param>
    /// <param name="available">The bytes that are available there.</param>
    internal static long Memory(ICommunicator communicator, uint machine, long available)
    {
        var (machines, bytes) = (new double[communicator.Count], new double[communicator.Count]);
        (machines[communicator.Rank], bytes[communicator.Rank]) = (machine, available);
        communicator.AllReduce(machines);
        communicator.AllReduce(bytes);
        return (long)Enumerable.Range(0, communicator.Count).Min(rank => bytes[rank] / 2 / machines.Count(other => other == machines[rank]));
    }

    /// <summary>
    /// Gives the part of a rank, and all points to a process alone. Parts begin where shards do, so that any number of ranks gives the same bits.
    /// </summary>
    public static PointSource<T> Of<T>(PointSource<T> points, FitOptions options)
        where T : unmanaged
    {
        if (options.Communicator is not { } communicator) return points;
        var (first, count) = PointPart.Of<T>(points.PointCount, points.Dimension, communicator.Rank, communicator.Count, options.MissingValues);
        return new PartOfPoints<T>(points, first, count);
    }

    /// <summary>Gives the options of a fit that keeps within a budget. Throws in all ranks where one has too little.</summary>
    /// <exception cref="InsufficientMemoryException">The fit needs more.</exception>
    public static FitOptions Within<T>(FitOptions options, PointSource<T> points, long budget)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Communicator is not { } communicator) return options.WithinMemory(points, budget);
        InsufficientMemoryException? failure = null;
        try
        {
            options = options.WithinMemory(points, budget);
        }
        catch (InsufficientMemoryException e)
        {
            failure = e;
        }
        double[] failures = [failure is null ? 0 : 1];
        communicator.AllReduce(failures);
        return failures[0] == 0 ? options : throw failure ?? new InsufficientMemoryException("another rank has too little memory");
    }
}
