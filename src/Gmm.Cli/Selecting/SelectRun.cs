using System.Diagnostics;
using Gmm.Fast;

namespace Gmm.Cli.Selecting;

/// <summary>Holds what <c>gmm select</c> was asked for, or <c>gmm fit</c> with several numbers of components.</summary>
/// <param name="Fit">Data, files and options of the fits.</param>
/// <param name="Options">The candidates.</param>
internal sealed record SelectRequest(FitRequest Fit, SelectionOptions Options)
{
    /// <summary>Whether a JSON document is of the candidates; otherwise it is the model, as of one fit.</summary>
    public bool PrintsCandidates { get; init; }
}

/// <summary>Reads, selects, writes, reports.</summary>
internal static class SelectRun
{
    public static int Run(SelectRequest request, StandardStreams streams, CancellationToken cancellation)
    {
        var (fit, components) = (request.Fit, request.Options.Components);
        var (points, options) = FitRun.Open(fit, components.Min(), components.Max(), streams);
        using var opened = points;
        var data = points.Name;
        if (request.Options.Criterion == SelectionCriterion.CrossValidation && request.Options.Folds > points.Rows)
            throw CommandFailure.Input($"{data} has {DataInput.Count(points.Rows, "row")}; --folds {request.Options.Folds} needs at least as many");
        using var interruption = new Interruption(cancellation);
        var begin = Stopwatch.GetTimestamp();
        var asked = request.Options with { Fit = options };
        var selection = FitStep.Explain(data, () => streams.ErrorIsTerminal && !fit.Quiet
            ? TerminalLine.During(streams.Error, line => points.Select(asked with { Progress = new SelectProgress(line) }, interruption.Token))
            : points.Select(asked, interruption.Token));
        var elapsed = Stopwatch.GetElapsedTime(begin);
        interruption.EndProcessFromNowOn();

        var chosen = options with
        {
            Components = selection.Best.Components,
            CovarianceType = selection.Best.CovarianceType,
        };
        FitRun.Write(fit, selection.Fit, points, chosen);
        FitReport.Write(fit, selection.Fit, points, chosen, elapsed, selection);
        if (fit.Json) streams.Write(stream => Write(stream, request, selection));
        else if (!fit.Quiet) streams.Print($"{SelectReport.Of(selection)}\n{ModelReport.Of(selection.Fit.Model, selection.Fit, points.HasWeights, all: fit.AllColumns)}");
        foreach (var candidate in selection.Candidates.Where(candidate => candidate.Failure is not null))
            streams.Warn($"{SelectReport.Name(candidate)}: {candidate.Failure}");
        FitWarnings.Write(selection.Fit, selection.Fit.Iterations, streams);
        return Conclude(selection, request.Options.Criterion, fit.Output, streams);
    }

    private static void Write(Stream stream, SelectRequest request, SelectionResult selection)
    {
        if (request.PrintsCandidates) SelectJson.Write(stream, selection);
        else selection.Fit.Save(stream);
    }

    private static int Conclude(SelectionResult selection, SelectionCriterion asked, string? output, StandardStreams streams)
    {
        if (selection.Status == SelectionStatus.Completed) return ExitCode.Done;
        var done = selection.Candidates.Count(candidate => candidate.IsComplete);
        var decided = selection.Criterion == asked
            ? "" : $"; {SelectionNames.Of(selection.Criterion)} decides, as the {SelectionNames.Of(asked)} is not known of all";
        streams.Complain($"canceled with {done} of {DataInput.Count(selection.Candidates.Count, "candidate")} fitted{decided}"
            + (output is null ? "" : $"; {output} holds the best model so far"));
        return ExitCode.Cancelled;
    }
}
