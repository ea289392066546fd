using Gmm.Fast;
using Gmm.Fast.Internals;

namespace Gmm.Cli.Fitting;

/// <summary>Runs the fit inside a command that does more than fit: its progress, its failures, and the exit code in the end.</summary>
internal static class FitStep
{
    /// <summary>Runs a fit; what prevents it becomes the one line of a <see cref="CommandFailure"/>.</summary>
    /// <param name="data">What messages call the data.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="isQuiet">Whether nobody wants to see progress.</param>
    /// <param name="streams">Where the progress goes.</param>
    /// <param name="fit">The fit.</param>
    public static FitResult Run(string data, FitOptions options, bool isQuiet, StandardStreams streams, Func<FitOptions, FitResult> fit)
    {
        return Explain(data, () => isQuiet ? fit(options)
            : streams.ErrorIsTerminal ? ProgressLine.During(streams.Error, options.Restarts, progress => fit(options with { Progress = progress }))
            : fit(options with { Progress = new ProgressLog(streams, options.Restarts) }));
    }

    /// <summary>Runs work; what prevents it becomes the one line of a <see cref="CommandFailure"/>.</summary>
    public static T Explain<T>(string data, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException e)
        {
            throw CancelledEarly(e);
        }
        catch (FailedRankException e)
        {
            throw CommandFailure.Input($"{data}: {e.Message}", e);
        }
        catch (InsufficientMemoryException e)
        {
            throw CommandFailure.Input($"{data}: {e.Message}", e);
        }
        catch (InvalidDataException e)
        {
            throw CommandFailure.Input(e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw CommandFailure.Input(e.Message, e);
        }
        catch (ArgumentException e)
        {
            // The options were checked; what is left is what only the data can tell.
            throw CommandFailure.Input($"{data}: {Throw.Message(e)}", e);
        }
    }

    public static CommandFailure CancelledEarly(Exception e) =>
        new(ExitCode.Cancelled, "canceled before there was a model; nothing was written", e);

    /// <summary>Gives the exit code of a fit whose files are written, with the line that explains it.</summary>
    /// <param name="fit">The result.</param>
    /// <param name="holding">What was written: "out holds the model so far"; empty for nothing.</param>
    /// <param name="streams">Where the line goes.</param>
    public static int Conclude(FitResult fit, string holding, StandardStreams streams)
    {
        if (holding.Length > 0) holding = $"; {holding}";
        var after = $"after {DataInput.Count(fit.Iterations, "iteration")}";
        switch (fit.Status)
        {
            case FitStatus.Cancelled:
                streams.Complain($"canceled {after}{holding}");
                return ExitCode.Cancelled;
            case FitStatus.Collapsed:
                streams.Complain($"the fit failed {after}: {fit.Failure}{holding}");
                return ExitCode.FitFailed;
            default:
                return ExitCode.Done;
        }
    }
}
