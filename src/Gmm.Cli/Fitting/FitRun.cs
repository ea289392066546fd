using System.Diagnostics;
using Gmm.Cli.Ranks;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Holds what <c>gmm fit</c> was asked for.</summary>
internal sealed record FitRequest(
    string Data, TableOptions Table, FitOptions Options, string? InitialPath, string? Output, string? Responsibilities,
    string? Report, string? Plot, ComponentSorting? Sorting, bool Json, bool Quiet)
{
    /// <summary>Whether the table shows all columns, however many there are.</summary>
    public bool AllColumns { get; init; }
}

/// <summary>Reads, fits, writes, reports.</summary>
internal static class FitRun
{
    public static int Run(FitRequest request, StandardStreams streams, CancellationToken cancellation, CommandRanks? ranks = null)
    {
        var (table, options) = Read(request, request.Options.Components, request.Options.Components, streams);
        using var interruption = new Interruption(cancellation);
        if (ranks is not null) options = Join(ranks, options);
        var begin = Stopwatch.GetTimestamp();
        var fit = FitStep.Run(
            DataInput.Name(request.Data), options, streams.ErrorIsTerminal && !request.Quiet, streams,
            asked => Fit(table, asked, ranks, interruption.Token));
        var elapsed = Stopwatch.GetElapsedTime(begin);
        interruption.EndProcessFromNowOn();
        if (ranks is null or { IsFirst: true })
        {
            Write(request, fit, table, options);
            FitReport.Write(request, fit, table, options, elapsed);
            if (request.Json) streams.Write(fit.Save);
            else if (!request.Quiet) streams.Print(ModelReport.Of(fit.Model, fit, table.Weights is not null, all: request.AllColumns));
        }
        FitWarnings.Write(fit, fit.Iterations, streams);
        return FitStep.Conclude(fit, request.Output is { } saved ? $"{saved} holds the model so far" : "", streams);
    }

    /// <summary>Reads the data, and completes the options by what they tell.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="fewest">The smallest number of components; more than there are rows is refused.</param>
    /// <param name="most">The largest one.</param>
    /// <param name="streams">Where notes go.</param>
    public static (NumericTable Table, FitOptions Options) Read(FitRequest request, int fewest, int most, StandardStreams streams)
    {
        var initial = request.Options.InitialModel ?? request.Options.ContinueFrom?.Model;
        var table = initial is null
            ? DataInput.Read(request.Data, request.Table, streams)
            : DataInput.Read(request.Data, new DataOptions(request.Table, SaysMissing: true), streams, initial, request.InitialPath!);
        var counted = TablePoints.Counted(table).Points;
        if (initial is null && fewest > counted)
        {
            var rows = DataInput.Count(counted, "row") + (table.Weights is null ? "" : " of weight above 0") + (counted == table.Rows ? "" : " with a value");
            throw CommandFailure.Input($"{DataInput.Name(request.Data)} has {rows}; -k {fewest} needs at least {fewest}{DataInput.OnItsSide(table)}");
        }
        if (initial is null && table.Rows == 1 && table.Columns > 1) streams.Warn(DataInput.Name(request.Data) + DataInput.OnItsSide(table));
        var options = request.Options with
        {
            ColumnNames = Names(table, request.Options.ContinueFrom?.Model) ?? table.ColumnNames ?? initial?.ColumnNames,
            MissingValues = DataInput.Meaning(request.Table),
            GapsFound = new GapNotice(DataInput.Name(request.Data), (double)table.Rows * most * table.Columns * table.Columns, streams),
        };
        if (request.Sorting is { } sorting)
            options = options with { Order = sorting.Order(options.ColumnNames, table.Columns, DataInput.Name(request.Data)) };
        return (table, options);
    }

    /// <summary>Writes the model and the responsibilities, where they were asked for.</summary>
    public static void Write(FitRequest request, FitResult fit, NumericTable table, FitOptions options)
    {
        if (request.Output is { } path) AtomicFile.Write(path, fit.Save);
        if (request.Responsibilities is { } file)
            TableFile.Write(file, MembershipTable.Responsibilities(fit.Model, table, options.MaxDegreeOfParallelism));
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

    private static FitResult Fit(NumericTable table, FitOptions options, CommandRanks? ranks, CancellationToken cancellation) => ranks is null
        ? MixtureFit.Fit(TablePoints.Of(table), options, cancellation)
        : ranks.During(() => MixtureFit.Fit(RankPoints.Of(table, options.MissingValues, ranks.Communicator), options, cancellation));

    // Columns are found in whatever case; a fit that goes on has the names of its file.
    private static IReadOnlyList<string>? Names(NumericTable table, GaussianMixture? past) =>
        past?.ColumnNames is { } names && (table.ColumnNames is null || table.ColumnNames.SequenceEqual(names, StringComparer.OrdinalIgnoreCase)) ? names : null;
}
