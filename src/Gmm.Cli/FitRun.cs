using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>What <c>gmm fit</c> was asked for.</summary>
internal sealed record FitRequest(
    string Data, IReadOnlyList<string>? Columns, FitOptions Options, string? InitialPath, string? Output, string? Responsibilities, bool Json,
    bool Quiet);

/// <summary>Reads, fits, writes, reports.</summary>
internal static class FitRun
{
    public static int Run(FitRequest request, StandardStreams streams, CancellationToken cancellation)
    {
        var initial = request.Options.InitialModel;
        var table = initial is null
            ? DataInput.Read(request.Data, request.Columns, streams)
            : DataInput.Read(request.Data, request.Columns, streams, initial, request.InitialPath!);
        var components = request.Options.Components;
        if (initial is null && components > table.Rows)
        {
            throw CommandFailure.Input(
                $"{DataInput.Name(request.Data)} has {DataInput.Count(table.Rows, "row")}; -k {components} needs at least {components}");
        }

        using var interruption = new Interruption(cancellation);
        var options = request.Options with { ColumnNames = table.ColumnNames ?? initial?.ColumnNames };
        FitResult fit;
        try
        {
            fit = streams.ErrorIsTerminal && !request.Quiet
                ? ProgressLine.During(streams.Error, options.Restarts, progress => Fit(options with { Progress = progress }))
                : Fit(options);
        }
        catch (OperationCanceledException)
        {
            streams.Complain("cancelled before there was a model; nothing was written");
            return ExitCode.Cancelled;
        }
        catch (ArgumentException e)
        {
            // The options were checked; what is left is what only the data can tell.
            throw CommandFailure.Input($"{DataInput.Name(request.Data)}: {e.Message.Split(" (Parameter '")[0]}", e);
        }

        if (request.Output is { } path) AtomicFile.Write(path, fit.Save);
        if (request.Responsibilities is { } file) TableFile.Write(file, MembershipTable.Responsibilities(fit.Model, table));
        if (request.Json) streams.Write(fit.Save);
        else if (!request.Quiet) streams.Print(ModelReport.Of(fit.Model, fit));
        FitWarnings.Write(fit, options.MaxIterations, streams);
        return Conclude(fit, request.Output, streams);

        FitResult Fit(FitOptions asked) => MixtureFit.Fit(table.Values, table.Columns, asked, interruption.Token);
    }

    private static int Conclude(FitResult fit, string? output, StandardStreams streams)
    {
        var saved = output is null ? "" : $"; {output} holds the model so far";
        var after = $"after {DataInput.Count(fit.Iterations, "iteration")}";
        switch (fit.Status)
        {
            case FitStatus.Cancelled:
                streams.Complain($"cancelled {after}{saved}");
                return ExitCode.Cancelled;
            case FitStatus.Collapsed:
                streams.Complain($"the fit failed {after}: {fit.Failure}{saved}");
                return ExitCode.FitFailed;
            default:
                return ExitCode.Done;
        }
    }
}
