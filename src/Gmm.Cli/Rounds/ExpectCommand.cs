using System.CommandLine;
using System.Globalization;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Rounds;

/// <summary>Defines <c>gmm expect</c>: the E-step of one part of the rows, as a job of its own.</summary>
internal static class ExpectCommand
{
    private const string Requirement = "a part of all, from 1/N to N/N, is required, as 3/40";

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var model = Arguments.Model();
        var data = Arguments.FilesForModel();
        var memory = MemoryBudget.Option();
        var cache = CacheFolder.Option();
        var part = new Option<RowPart?>("--part")
        {
            Description = "The part of the rows of DATA to take; the parts 1/N to N/N hold each row once (default: all rows).",
            HelpName = "I/N",
            CustomParser = result => Arguments.Parse(result, Requirement, Part),
        };
        var output = Arguments.FilePath("-o", "FILE.stats", "Write the sums of the part, for gmm maximize.");
        output.Required = true;
        var threads = Arguments.Threads();
        var table = new TableArguments(withWeights: true);
        var command = new Command("expect", "Sum what an iteration of EM needs of a part of the rows: a job, of which gmm maximize takes the results.")
        {
            model, data, part, memory, cache, output, threads,
        };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse =>
        {
            var (modelPath, dataPaths, file) = (parse.GetRequiredValue(model), DataPaths.Of(parse.GetRequiredValue(data)), parse.GetRequiredValue(output)!);
            OutputFile.Check("-o", file, [modelPath, .. dataPaths.Paths]);
            using var interruption = new Interruption(cancellation);
            var statistics = Run(
                modelPath, dataPaths, table.ForModel(parse) with { Memory = parse.GetValue(memory), Cache = parse.GetValue(cache) }, parse.GetValue(part) ?? new RowPart(1, 1), parse.GetValue(threads) ?? -1, streams, interruption.Token);
            AtomicFile.Write(file, statistics.Save);
            return ExitCode.Done;
        });
        return command;
    }

    private static PartStatistics Run(
        string modelPath, DataPaths data, DataOptions options, RowPart part, int threads, StandardStreams streams, CancellationToken cancellation)
    {
        var round = ModelFile.LoadRound(modelPath);
        using var points = DataInput.Open(data, options, streams, round.Model, modelPath);
        var statistics = FitStep.Explain(points.Name, () =>
        {
            var (first, count) = PointPart.Of<double>(points.Rows, points.Columns, part.Number - 1, part.Count);
            return round.Expect(new PartOfPoints<double>(points.Source, first, count), first, points.Rows, threads, cancellation);
        });
        points.CheckUnchanged();
        return statistics;
    }

    private static RowPart? Part(string text) =>
        text.Split('/') is [var left, var right] && Number(left) is { } number && Number(right) is { } count && number <= count ? new RowPart(number, count) : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private sealed record RowPart(int Number, int Count);
}
