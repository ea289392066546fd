using System.Diagnostics;
using Gmm.Cli.Ranks;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Holds what <c>gmm fit</c> was asked for.</summary>
internal sealed record FitRequest(
    DataPaths Data, DataOptions Reading, FitOptions Options, string? InitialPath, string? Output, string? Responsibilities,
    string? Report, string? Plot, ComponentSorting? Sorting, bool Json, bool Quiet)
{
    /// <summary>Whether the table shows all columns, however many there are.</summary>
    public bool AllColumns { get; init; }

    public TableOptions Table => Reading.Table;
}

/// <summary>Reads, fits, writes, reports.</summary>
internal static class FitRun
{
    public static int Run(FitRequest request, StandardStreams streams, CancellationToken cancellation, CommandRanks? ranks = null)
    {
        var (points, options) = Open(request, request.Options.Components, request.Options.Components, streams);
        using var opened = points;
        using var interruption = new Interruption(cancellation);
        if (ranks is not null) options = Join(ranks, options);
        var begin = Stopwatch.GetTimestamp();
        var fit = FitStep.Run(
            points.Name, options, request.Quiet, streams,
            asked => ranks is null ? points.Fit(asked, interruption.Token) : ranks.During(request.Data, () => points.Fit(asked, interruption.Token)));
        var elapsed = Stopwatch.GetElapsedTime(begin);
        interruption.EndProcessFromNowOn();
        if (ranks is null or { IsFirst: true })
        {
            Write(request, fit, points, options);
            FitReport.Write(request, fit, points, options, elapsed);
            if (request.Json) streams.Write(fit.Save);
            else if (!request.Quiet) streams.Print(ModelReport.Of(fit.Model, fit, points.HasWeights, all: request.AllColumns));
        }
        FitWarnings.Write(fit, fit.Iterations, streams);
        return FitStep.Conclude(fit, request.Output is { } saved ? $"{saved} holds the model so far" : "", streams);
    }

    /// <summary>Opens the data, and completes the options by what they tell.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="fewest">The smallest number of components; more than there are rows is refused.</param>
    /// <param name="most">The largest one.</param>
    /// <param name="streams">Where notes go.</param>
    public static (InputPoints Points, FitOptions Options) Open(FitRequest request, int fewest, int most, StandardStreams streams)
    {
        var initial = request.Options.InitialModel ?? request.Options.ContinueFrom?.Model;
        var points = initial is null
            ? DataInput.Open(request.Data, request.Reading, streams)
            : DataInput.Open(request.Data, request.Reading with { SaysMissing = true }, streams, initial, request.InitialPath!);
        try
        {
            return (points, Complete(request, points, initial, fewest, most, streams));
        }
        catch
        {
            points.Dispose();
            throw;
        }
    }

    /// <summary>Writes the model and the responsibilities, where they were asked for.</summary>
    public static void Write(FitRequest request, FitResult fit, InputPoints points, FitOptions options)
    {
        points.CheckUnchanged();
        if (request.Output is { } path) AtomicFile.Write(path, fit.Save);
        if (request.Responsibilities is { } file)
            TableFile.Write(file, MembershipTable.Responsibilities(fit.Model, points.Source, options.MaxDegreeOfParallelism));
    }

    private static FitOptions Complete(FitRequest request, InputPoints points, GaussianMixture? initial, int fewest, int most, StandardStreams streams)
    {
        if (points.Table is null && (request.Report ?? request.Plot) is { } drawn)
        {
            throw CommandFailure.Input($"{points.Name} is read in every pass, and {drawn} would draw points in memory; gmm plot of the model and a part of the "
                + "data draws it");
        }

        // Rows of files are counted by the fit itself.
        var counted = points.Table is null ? points.Rows : PointCounts.Of(points.Source, mayHaveGaps: true).Points;
        if (initial is null && fewest > counted)
        {
            var rows = DataInput.Count(counted, "row") + (points.HasWeights ? " of weight above 0" : "") + (counted == points.Rows ? "" : " with a value");
            throw CommandFailure.Input($"{points.Name} has {rows}; -k {fewest} needs at least {fewest}{DataInput.OnItsSide(points)}");
        }
        if (initial is null && points.Rows == 1 && points.Columns > 1) streams.Warn(points.Name + DataInput.OnItsSide(points));
        var options = request.Options with
        {
            ColumnNames = Names(points, request.Options.ContinueFrom?.Model) ?? points.ColumnNames ?? initial?.ColumnNames,
            MissingValues = DataInput.Meaning(request.Table),
            GapsFound = new GapNotice(points.Name, (double)points.Rows * most * points.Columns * points.Columns, streams),
        };
        return request.Sorting is { } sorting
            ? options with { Order = sorting.Order(options.ColumnNames, points.Columns, points.Name) } : options;
    }

    // Several processes keep the points in their order; so does one that runs as they do, and has their bits.
    private static FitOptions Join(CommandRanks ranks, FitOptions options)
    {
        ranks.Begin();
        return options with
        {
            Communicator = ranks.Communicator,
            Skipping = options.Skipping == Skipping.Auto ? Skipping.InOrder : options.Skipping,
            MaxDegreeOfParallelism = options.MaxDegreeOfParallelism > 0 ? options.MaxDegreeOfParallelism : RankThreads.Of(ranks.Communicator),
        };
    }

    // Columns are found in whatever case; a fit that goes on has the names of its file.
    private static IReadOnlyList<string>? Names(InputPoints points, GaussianMixture? past) =>
        past?.ColumnNames is { } names && (points.ColumnNames is null || points.ColumnNames.SequenceEqual(names, StringComparer.OrdinalIgnoreCase)) ? names : null;
}
