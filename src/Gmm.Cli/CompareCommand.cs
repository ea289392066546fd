using System.CommandLine;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm compare</c>.</summary>
internal static class CompareCommand
{
    private const string Description =
        "Compare two models of the same columns: which components correspond, how far apart the two densities are, and on DATA how the labels agree.";

    private const int DefaultSamples = 100_000;

    public static Command Create(StandardStreams streams)
    {
        var first = new Argument<string>("A") { Description = "Model written by gmm fit." };
        var second = new Argument<string>("B") { Description = "Model of the same columns; the number and form of its components may differ." };
        var data = Arguments.DataForModel();
        data.Arity = ArgumentArity.ZeroOrOne;
        var table = new TableArguments(withWeights: false);
        var samples = Arguments.Whole(
            "--samples", "N", 2, $"Number of points drawn from each model for the distances (default: {DefaultSamples}).");
        var seed = Arguments.Seed();
        var json = new Option<bool>("--json") { Description = "Print a JSON document instead of tables." };
        var command = new Command("compare", Description) { first, second, data, samples, seed, json };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse => Run(
            parse.GetRequiredValue(first), parse.GetRequiredValue(second), parse.GetValue(data), table.ForModel(parse),
            parse.GetValue(samples) ?? DefaultSamples, parse.GetValue(seed) ?? 0, parse.GetValue(json), streams));
        return command;
    }

    private static int Run(
        string firstPath, string secondPath, string? data, DataOptions options, int samples, long seed, bool json, StandardStreams streams)
    {
        if (data is null && options.Table.Columns is not null) throw CommandFailure.Usage("--columns are of DATA, which is missing");
        var first = ModelFile.Load(firstPath).Model;
        var loaded = ModelFile.Load(secondPath).Model;
        var second = InOrder(loaded, secondPath, first, firstPath);
        var agreement = data is null ? null : LabelAgreement.Of(
            first, second, Read(data, options, streams, (first, firstPath), (loaded, secondPath)), DataInput.Name(data));
        var report = new ComparisonReport(
            new Compared(first, firstPath), new Compared(second, secondPath), MixtureComparison.Of(first, second, samples, seed), seed, agreement);
        streams.Print(json ? report.Json() : report.Text());
        return ExitCode.Done;
    }

    // Reads the data as for the first model. Missing values are those of either one that was fitted with them.
    private static NumericTable Read(
        string data, DataOptions options, StandardStreams streams, (GaussianMixture Model, string Path) first, (GaussianMixture Model, string Path) second)
    {
        var secondRemembers = !options.SaysMissing && first.Model.MissingValues == MissingValues.Error && second.Model.MissingValues == MissingValues.Marginalize;
        if (!secondRemembers) return DataInput.Read(data, options, streams, first.Model, first.Path);
        var table = DataInput.Read(data, new DataOptions(options.Table with { Missing = TableMissing.Keep }, SaysMissing: true), streams, first.Model, first.Path);
        DataInput.TellOfGaps(table, second.Path, streams);
        return table;
    }

    // Columns are compared by name where both models have names, wherever they stand.
    private static GaussianMixture InOrder(GaussianMixture model, string path, GaussianMixture other, string otherPath)
    {
        if (model.Dimension != other.Dimension)
        {
            throw CommandFailure.Input($"{path} has {DataInput.Count(model.Dimension, "column")} and {otherPath} "
                + $"{DataInput.Count(other.Dimension, "column")}; models of the same columns are required");
        }
        if (model.ColumnNames is not { } names || other.ColumnNames is not { } wanted || names.SequenceEqual(wanted)) return model;
        int[] places = [.. wanted.Select(name => Place(name, names))];
        if (places.Contains(-1) || places.Distinct().Count() < places.Length)
        {
            throw CommandFailure.Input($"{path} has the columns {Shown(names)} and {otherPath} {Shown(wanted)}; "
                + "models of the same columns are required");
        }
        return model.Marginal(places);
    }

    private static int Place(string name, IReadOnlyList<string> names)
    {
        List<string> all = [.. names];
        return all.IndexOf(name) is var exact and >= 0 ? exact : all.FindIndex(other => other.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    private static string Shown(IReadOnlyList<string> names)
    {
        const int Most = 8;
        return string.Join(", ", names.Take(Most)) + (names.Count > Most ? ", ..." : "");
    }
}
