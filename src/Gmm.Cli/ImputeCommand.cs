using System.CommandLine;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm impute</c>.</summary>
internal static class ImputeCommand
{
    private const string Description =
        "Fill in the missing values of a table: by their means given the values that the row has or, with --draw, by random values as the model has "
        + "them. Writes the columns of MODEL.";

    public static Command Create(StandardStreams streams)
    {
        var model = Arguments.Model();
        var data = Arguments.DataForModel();
        var table = new TableArguments(withWeights: false, withMissing: false);
        var draw = new Option<bool>("--draw")
        {
            Description = "Draw the values: they vary as the data do, where means vary less. The same seed gives the same values.",
        };
        var seed = Arguments.Seed();
        var threads = Arguments.Threads();
        var output = Arguments.FilePath("-o", "FILE", $"Write to a file, {TableFile.WritableExtensions} (default: CSV to standard output).");
        var command = new Command("impute", Description) { model, data, draw, seed, threads, output };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse =>
        {
            if (parse.GetValue(seed) is { } given && !parse.GetValue(draw))
                throw CommandFailure.Usage(Invariant($"--seed is {given}, and nothing is drawn; --draw is required"));
            return Run(
                parse.GetRequiredValue(model), parse.GetRequiredValue(data), table.ForModel(parse),
                parse.GetValue(draw) ? parse.GetValue(seed) ?? 0 : null, parse.GetValue(threads) ?? -1, parse.GetValue(output), streams);
        });
        return command;
    }

    private static int Run(
        string modelPath, string data, DataOptions options, long? seed, int threads, string? output, StandardStreams streams)
    {
        OutputFile.CheckTable("-o", output, modelPath, data);
        var (model, _) = ModelFile.Load(modelPath);
        var table = DataInput.Read(data, options, streams, model, modelPath);
        var filled = new double[table.Values.Length];
        if (model.Impute(new Points(table.Values, table.Columns), filled, seed, threads) == 0) streams.Complain($"{DataInput.Name(data)}: no value is missing");
        var names = model.ColumnNames ?? table.ColumnNames ?? [.. Enumerable.Range(1, model.Dimension).Select(j => $"x{j}")];
        var result = new NumericTable(filled, table.Columns, names);
        if (output is null) streams.Write(stream => TableFile.WriteCsv(stream, result));
        else TableFile.Write(output, result);
        return ExitCode.Done;
    }
}
