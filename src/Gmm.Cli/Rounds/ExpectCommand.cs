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
        var data = Arguments.DataForModel();
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
            model, data, part, output, threads,
        };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse =>
        {
            var (modelPath, dataPath, file) = (parse.GetRequiredValue(model), parse.GetRequiredValue(data), parse.GetRequiredValue(output)!);
            OutputFile.Check("-o", file, modelPath, dataPath);
            using var interruption = new Interruption(cancellation);
            var statistics = Run(
                modelPath, dataPath, table.ForModel(parse), parse.GetValue(part) ?? new RowPart(1, 1), parse.GetValue(threads) ?? -1, streams, interruption.Token);
            AtomicFile.Write(file, statistics.Save);
            return ExitCode.Done;
        });
        return command;
    }

    private static PartStatistics Run(
        string modelPath, string data, DataOptions options, RowPart part, int threads, StandardStreams streams, CancellationToken cancellation)
    {
        var round = ModelFile.LoadRound(modelPath);
        var table = DataInput.Read(data, options, streams, round.Model, modelPath);
        return FitStep.Explain(DataInput.Name(data), () =>
        {
            var (first, count) = PointPart.Of<double>(table.Rows, table.Columns, part.Number - 1, part.Count);
            return round.Expect(new TableRows(new TablePoints(table), first, count), first, table.Rows, threads, cancellation);
        });
    }

    private static RowPart? Part(string text) =>
        text.Split('/') is [var left, var right] && Number(left) is { } number && Number(right) is { } count && number <= count ? new RowPart(number, count) : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private sealed record RowPart(int Number, int Count);

    /// <summary>Gives some rows of a table.</summary>
    private sealed class TableRows(TablePoints all, long first, long count) : PointSource<double>
    {
        public override long PointCount => count;

        public override int Dimension => all.Dimension;

        public override bool HasWeights => all.HasWeights;

        public override long FirstRow => first;

        public override ReadOnlySpan<double> Read(long from, int length, Span<double> scratch) => all.Read(first + from, length, scratch);

        public override void ReadWeights(long from, Span<double> weights) => all.ReadWeights(first + from, weights);
    }
}
