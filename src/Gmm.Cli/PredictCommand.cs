using System.CommandLine;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm predict</c>.</summary>
internal static class PredictCommand
{
    private const string Description =
        "Write, for each row, label (the component with the largest responsibility, from 0), log_density and the responsibilities r0 .. r(K-1), and "
        + "what --confidence and --anomaly add.";

    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var data = Arguments.FilesForModel();
        var table = new TableArguments(withWeights: false);
        var anomaly = Arguments.Share(
            "--anomaly", "P", "Add tail_probability, the share of the rows of the fit with a log-density as low as this one or lower, and anomaly: 1 for "
                + "the rows where it is at most P, as 1% or 0.01, and 0 for others.");
        var confidence = new Option<bool>("--confidence")
        {
            Description = "Add entropy (of the responsibilities, in nats: 0 is certain, ln K is no idea), and with two components or more "
                + "second_label and second_responsibility, the next best component.",
        };
        var cache = CacheFolder.Option();
        var threads = Arguments.Threads();
        var output = Arguments.FilePath("-o", "FILE", $"Write to a file, {TableFile.WritableExtensions} (default: CSV to standard output).");
        var command = new Command("predict", Description) { model, data, anomaly, confidence, cache, threads, output };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse => Run(
            parse.GetRequiredValue(model), DataPaths.Of(parse.GetRequiredValue(data)), table.ForModel(parse) with { Cache = parse.GetValue(cache) },
            new PredictionExtras(parse.GetValue(anomaly), parse.GetValue(confidence)), parse.GetValue(threads) ?? -1, parse.GetValue(output), streams));
        return command;
    }

    private static int Run(
        string modelPath, DataPaths data, DataOptions options, PredictionExtras extras, int threads, string? output, StandardStreams streams)
    {
        OutputFile.CheckTable("-o", output, [modelPath, .. data.Paths]);
        var (model, fit) = ModelFile.Load(modelPath);
        if (extras.Anomaly is not null && !model.HasDensityQuantiles)
        {
            throw CommandFailure.Input($"{modelPath}: has no density quantiles, which --anomaly needs; "
                + (fit is null ? "gmm fit writes them" : $"gmm fit DATA --continue {modelPath} -o {modelPath} adds them, with the DATA of the fit"));
        }
        using var points = DataInput.Open(data, options, streams, model, modelPath);
        if (extras.Anomaly is not null && PointCounts.Of(points.Source, DataInput.MayHaveGaps(options, model)).Incomplete is > 0 and var incomplete)
        {
            streams.Warn($"{DataInput.Count(incomplete, "row")} {(incomplete == 1 ? "has" : "have")} gaps, and a density of fewer columns does not compare "
                + "with others: do not rely on tail_probability there");
        }

        // The table has NaN only where a missing value is no error.
        var predictions = MembershipTable.Predictions(model.WithMissingValues(MissingValues.Marginalize), points.Source, extras, threads);
        if (output is null) streams.Write(stream => TableFile.WriteCsv(stream, predictions));
        else TableFile.Write(output, predictions);
        return ExitCode.Done;
    }
}
