namespace Gmm.Fast;

/// <summary>
/// Joins several processes, or threads, that fit one model together, each on its own part of the points. Ranks hold consecutive parts in their
/// order. All ranks call <see cref="AllReduce"/> equally often with spans of equal length, also where one is canceled or fails.
/// </summary>
public interface ICommunicator
{
    /// <summary>The number of this process, from 0 to <see cref="Count"/> - 1.</summary>
    int Rank { get; }

    /// <summary>The number of processes, at least 1.</summary>
    int Count { get; }

    /// <summary>Replaces values by their sums over all processes, the same bits in each of them.</summary>
    /// <param name="values">[any length], the same length in all processes.</param>
    void AllReduce(Span<double> values);
}
