using Gmm.Fast.Internals;

namespace Gmm.Fast.Linalg;

/// <summary>
/// Shares the work on one large matrix among threads. Once canceled it hands out no more parts, so what they compute is undefined: the pass that
/// follows a canceled factorization ends the fit, in all ranks alike.
/// </summary>
/// <param name="team">The threads; null for the calling thread alone.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class MatrixTeam(WorkTeam? team, CancellationToken cancellation)
{
    /// <summary>The calling thread, without an end.</summary>
    public static MatrixTeam Alone { get; } = new(null, default);

    /// <summary>Workers at most.</summary>
    public int Workers => team?.Size ?? 1;

    public bool IsCanceled => cancellation.IsCancellationRequested;

    /// <summary>Runs parts [0, parts), each by one worker, and returns when all are done.</summary>
    /// <param name="parts">The number of parts; may be 0.</param>
    /// <param name="work">Receives the number of the part and the worker's, below <see cref="Workers"/>.</param>
    public void For(int parts, Action<int, int> work)
    {
        var next = 0;
        if (team is null || parts < 2) Take(0);
        else team.Run(Math.Min(team.Size, parts), Take);

        void Take(int worker)
        {
            for (var part = Interlocked.Increment(ref next) - 1; part < parts && !IsCanceled; part = Interlocked.Increment(ref next) - 1) work(part, worker);
        }
    }
}
