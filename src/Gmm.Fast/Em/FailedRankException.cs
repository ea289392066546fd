namespace Gmm.Fast;

/// <summary>Ends a fit by several processes in all of them because one failed, or gave other options or points of another dimension.</summary>
public sealed class FailedRankException : Exception
{
    internal FailedRankException(int rank, string message, Exception? inner)
        : base($"rank {rank}: {message}", inner) => Rank = rank;

    /// <summary>The rank of the process that failed; in that process, <see cref="Exception.InnerException"/> is the cause.</summary>
    public int Rank { get; }
}
