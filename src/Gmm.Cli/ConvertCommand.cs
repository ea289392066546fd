using System.CommandLine;
using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Defines <c>gmm convert</c>.</summary>
internal static class ConvertCommand
{
    private const int Numbers = 1 << 17;

    public static Command Create(StandardStreams streams)
    {
        var data = Arguments.Files();
        var table = new TableArguments(withWeights: false);
        var type = Arguments.ElementType();
        var cache = CacheFolder.Option();
        var output = Arguments.FilePath("-o", "FILE", $"The file to write, {TableFile.WritableExtensions}.");
        output.Required = true;
        var command = new Command("convert", "Write a table in another format, piece by piece: memory does not grow with the number of rows.")
        {
            data, type, cache, output,
        };
        foreach (var option in table.All) command.Add(option);
        command.SetAction(parse => Run(
            DataPaths.Of(parse.GetRequiredValue(data)), table.ForModel(parse) with { Cache = parse.GetValue(cache) }, parse.GetValue(type),
            parse.GetRequiredValue(output)!, streams));
        return command;
    }

    private static int Run(DataPaths data, DataOptions options, string? type, string output, StandardStreams streams)
    {
        OutputFile.CheckTable("-o", output, [.. data.Paths]);
        var isSingle = OutputFile.IsSingle(type, output);
        using var points = DataInput.OpenFiles(data, options, streams);
        TableFile.Write(output, new RowStream(points.Rows, points.Columns, points.ColumnNames, receiver => Send(points, receiver))
        {
            IsSingle = isSingle || (type is null && points.IsSingle),
        });
        return ExitCode.Done;
    }

    private static void Send(InputPoints points, RowReceiver receiver)
    {
        var source = points.Source;
        var together = (int)Math.Min(points.Rows, Math.Max(1, Numbers / points.Columns));
        var scratch = new double[together * points.Columns];
        for (long first = 0; first < points.Rows; first += together)
            receiver(source.Read(first, (int)Math.Min(together, points.Rows - first), scratch));
        points.CheckUnchanged();
    }
}
