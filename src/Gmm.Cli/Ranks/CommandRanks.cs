using Gmm.Fast;

namespace Gmm.Cli.Ranks;

/// <summary>
/// Joins the processes that run one command together. They begin the fit together or not at all, and end with one exit code and one message, which
/// names the rank that it comes from. The first one alone prints and writes files.
/// </summary>
/// <param name="communicator">What joins them.</param>
/// <param name="abort">Ends all processes with an exit code, whatever they do.</param>
/// <param name="streams">Those of this process.</param>
internal sealed class CommandRanks(ICommunicator communicator, Action<int> abort, StandardStreams streams)
{
    private const int MessageLength = 2_000;

    private bool _hasBegun;

    public ICommunicator Communicator => communicator;

    /// <summary>The most bytes of a fit in each rank, where the user does not say.</summary>
    public long Memory { get; } = RankPoints.Memory(communicator);

    /// <summary>Whether this process prints and writes.</summary>
    public bool IsFirst => communicator.Rank == 0;

    /// <summary>The streams that the command may use: those of the process, or silent ones.</summary>
    public StandardStreams Streams { get; } = communicator.Rank == 0 ? streams : new(Stream.Null, Stream.Null, TextWriter.Null, ErrorIsTerminal: false);

    /// <summary>Waits until all ranks are ready to fit. Throws in all of them where one is not.</summary>
    /// <exception cref="CommandFailure">A rank failed before.</exception>
    public void Begin()
    {
        _hasBegun = true;
        var (exitCode, message) = Exchange(ExitCode.Done, null);
        if (exitCode != ExitCode.Done) throw new CommandFailure(exitCode, message ?? "");
    }

    /// <summary>
    /// Runs the fit, in which the ranks exchange votes of their own, so that it ends alike in all of them. Whatever else ends it in this one would leave
    /// the others waiting, so it ends them all.
    /// </summary>
    /// <param name="data">The files that the fit may read.</param>
    /// <param name="fit">The fit.</param>
    public T During<T>(DataPaths data, Func<T> fit)
    {
        try
        {
            return fit();
        }
        catch (FailedRankException e) when (data.Paths.Any(path => e.Message.StartsWith(Invariant($"rank {e.Rank}: {path}: "), StringComparison.Ordinal)))
        {
            // The message names the file.
            throw CommandFailure.Input(e.Message, e);
        }
        catch (Exception e) when (e is not (FailedRankException or OperationCanceledException or ArgumentException or InsufficientMemoryException))
        {
            streams.Complain($"internal error: rank {communicator.Rank}: {e.GetType().Name}: {e.Message}");
            abort(ExitCode.Internal);
            throw;
        }
    }

    /// <summary>Waits until all ranks are done, and gives the exit code of all with what the first one has to say.</summary>
    /// <param name="exitCode">That of this rank.</param>
    /// <param name="message">What ended it, if it was not said before; null for nothing.</param>
    public (int ExitCode, string? Message) End(int exitCode, string? message)
    {
        // The others wait for this one to begin.
        if (!_hasBegun) (exitCode, message) = Exchange(exitCode, message);
        return Exchange(exitCode, message);
    }

    private (int ExitCode, string? Message) Exchange(int exitCode, string? message)
    {
        var (rank, count) = (communicator.Rank, communicator.Count);
        var codes = new double[count];
        codes[rank] = exitCode;
        communicator.AllReduce(codes);
        var failed = Array.FindIndex(codes, code => code != ExitCode.Done);
        if (failed < 0) return (ExitCode.Done, null);

        var texts = new double[count * MessageLength];
        var mine = texts.AsSpan(rank * MessageLength, MessageLength);
        for (var i = 0; i < Math.Min(message?.Length ?? 0, MessageLength); i++) mine[i] = message![i];
        communicator.AllReduce(texts);
        string[] messages =
        [
            .. Enumerable.Range(0, count).Select(r => string.Concat(texts.Skip(r * MessageLength).Take(MessageLength).TakeWhile(c => c != 0).Select(c => (char)c))),
        ];
        var text = messages[failed];
        if (text.Length == 0) return ((int)codes[failed], null);
        return ((int)codes[failed], messages.All(other => other == text) ? text : $"rank {failed}: {text}");
    }
}
