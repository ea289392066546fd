using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm score</c>.</summary>
internal static class ScoreCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var data = Arguments.FilesForModel();
        var table = new TableArguments(withWeights: true);
        var cache = CacheFolder.Option();
        var threads = Arguments.Threads();
        var json = new Option<bool>("--json") { Description = "Print a JSON object." };
        var command = new Command("score", "Print the log-likelihood, BIC and AIC of a model on a table, with all digits.")
        {
            model, data, cache, threads, json,
        };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse => Run(
            parse.GetRequiredValue(model), DataPaths.Of(parse.GetRequiredValue(data)), table.ForModel(parse) with { Cache = parse.GetValue(cache) }, parse.GetValue(threads) ?? -1, parse.GetValue(json), streams));
        return command;
    }

    private static int Run(
        string modelPath, DataPaths data, DataOptions options, int threads, bool json, StandardStreams streams)
    {
        var (model, _) = ModelFile.Load(modelPath);
        using var opened = DataInput.Open(data, options, streams, model, modelPath);

        // The table has NaN only where a missing value is no error.
        var total = model.WithMissingValues(MissingValues.Marginalize).TotalLogLikelihood(opened.Source, threads);
        var (points, totalWeight, _) = PointCounts.Of(opened.Source, DataInput.MayHaveGaps(options, model));
        opened.CheckUnchanged();
        if (points == 0) throw CommandFailure.Input($"{opened.Name}: no row has a value");
        var bic = model.Bic(total, totalWeight);
        if (!double.IsFinite(bic))
            throw CommandFailure.Input($"{opened.Name}: the log-likelihood is out of range: points are too far from every component");
        (string Name, string JsonName, double Value)[] scores =
        [
            ("points", "points", points),
            .. !opened.HasWeights ? Array.Empty<(string, string, double)>() : [("sum_of_weights", "totalWeight", totalWeight)],
            ("total_log_likelihood", "totalLogLikelihood", total),
            ("mean_log_likelihood", "meanLogLikelihood", total / totalWeight),
            ("bic", "bic", bic),
            ("aic", "aic", model.Aic(total)),
        ];
        if (!json)
        {
            string[][] lines = [.. scores.Select(score => new[] { score.Name, score.Value.ToString("R", CultureInfo.InvariantCulture) })];
            streams.Print(TextTable.Format(lines, leftColumns: 2));
            return ExitCode.Done;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            writer.WriteStartObject();
            foreach (var (_, name, value) in scores) writer.WriteNumber(name, value);
            writer.WriteEndObject();
        }
        streams.Print(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
        return ExitCode.Done;
    }
}
