using System.CommandLine;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm predict</c>.</summary>
internal static class PredictCommand
{
    private const string Description =
        "Write, for each row, label (the component with the largest responsibility, from 0), log_density and the responsibilities r0 .. r(K-1).";

    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var data = Arguments.DataForModel();
        var table = new TableArguments(withWeights: false);
        var threads = Arguments.Threads();
        var output = Arguments.FilePath("-o", "FILE", $"Write to a file, {TableFile.WritableExtensions} (default: CSV to standard output).");
        var command = new Command("predict", Description) { model, data, threads, output };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse => Run(
            parse.GetRequiredValue(model), parse.GetRequiredValue(data), table.Options(parse), parse.GetValue(threads) ?? -1,
            parse.GetValue(output), streams));
        return command;
    }

    private static int Run(
        string modelPath, string data, TableOptions options, int threads, string? output, StandardStreams streams)
    {
        OutputFile.CheckTable("-o", output, modelPath, data);
        var (model, _) = ModelFile.Load(modelPath);
        var table = DataInput.Read(data, options, streams, model, modelPath);
        var predictions = MembershipTable.Predictions(model, table, threads);
        if (output is null) streams.Write(stream => TableFile.WriteCsv(stream, predictions));
        else TableFile.Write(output, predictions);
        return ExitCode.Done;
    }
}
