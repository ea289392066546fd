using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary><c>gmm score</c>.</summary>
internal static class ScoreCommand
{
    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var data = Arguments.DataForModel();
        var columns = Arguments.Columns();
        var json = new Option<bool>("--json") { Description = "Print a JSON object." };
        var command = new Command("score", "Print the log-likelihood, BIC and AIC of a model on a table, with all digits.")
        {
            model, data, columns, json,
        };
        command.SetAction(parse => Run(
            parse.GetRequiredValue(model), parse.GetRequiredValue(data), parse.GetValue(columns), parse.GetValue(json), streams));
        return command;
    }

    private static int Run(string modelPath, string data, IReadOnlyList<string>? columns, bool json, StandardStreams streams)
    {
        var (model, _) = ModelFile.Load(modelPath);
        var table = DataInput.Read(data, columns, streams, model, modelPath);
        var total = model.TotalLogLikelihood(Rows.From(table.Values, table.Columns));
        var bic = model.Bic(total, table.Rows);
        if (!double.IsFinite(bic))
            throw CommandFailure.Input($"{DataInput.Name(data)}: the log-likelihood is out of range: points are too far from every component");
        (string Name, string JsonName, double Value)[] scores =
        [
            ("points", "points", table.Rows),
            ("total_log_likelihood", "totalLogLikelihood", total),
            ("mean_log_likelihood", "meanLogLikelihood", total / table.Rows),
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
