using System.Text;
using CsvHelper;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Reads DATA as a command reads it: for a model, the columns that the model was fitted to.</summary>
internal static class DataInput
{
    private const string StandardInput = "-";
    private const int LongestHeader = 1 << 24;

    /// <summary>Reads a table.</summary>
    public static NumericTable Read(string path, IReadOnlyList<string>? columns, StandardStreams streams, string? weights = null) =>
        TableFile.Read(path, columns, streams.Input, weights);

    /// <summary>
    /// Reads the columns that have the names of the model's, if the data have them all and no others were chosen. Otherwise the number of columns
    /// must be that of the model's columns.
    /// </summary>
    public static NumericTable Read(
        string path, IReadOnlyList<string>? columns, StandardStreams streams, GaussianMixture model, string modelPath, string? weights = null)
    {
        var input = streams.Input;
        var byName = false;
        if (columns is null && model.ColumnNames is { } names && names.Distinct().Count() == names.Count && !names.Any(IsNumber))
        {
            var replay = new ReplayStream(streams.Input);
            byName = HeaderHas(path, replay, names);
            if (path == StandardInput) input = replay;
        }
        var table = TableFile.Read(path, byName ? model.ColumnNames : columns, input, weights);
        if (table.Columns != model.Dimension)
        {
            throw CommandFailure.Input($"{Name(path)} has {Count(table.Columns, "column")} and {modelPath} {Count(model.Dimension, "column")}; "
                + "choose as many with --columns");
        }
        if (!byName && columns is null && model.ColumnNames is { } wanted && table.ColumnNames is { } found)
            streams.Warn($"{Name(path)}: the columns {string.Join(", ", found)} are taken for the model's {string.Join(", ", wanted)}");
        return table;
    }

    /// <summary>Gives what messages call the data.</summary>
    public static string Name(string path) => path == StandardInput ? "standard input" : path;

    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : Invariant($"{count} {noun}s");

    // Digits alone would be taken for the number of a column.
    private static bool IsNumber(string name) => name.All(char.IsAsciiDigit);

    // Only whether the names are there; what is wrong with a file, its reading says.
    private static bool HeaderHas(string path, ReplayStream input, IReadOnlyList<string> names)
    {
        if (TableFile.Separator(path) is not { } separator) return false;
        try
        {
            if (path == StandardInput) return FirstRecordHas(input, separator, names);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return FirstRecordHas(file, separator, names);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvFormatException)
        {
            return false;
        }
        finally
        {
            input.Rewind();
        }
    }

    private static bool FirstRecordHas(Stream stream, char separator, IReadOnlyList<string> names)
    {
        var options = new CsvReaderOptions { Separator = separator, HasHeader = false, MaxRecordSize = LongestHeader };
        using var reader = CsvReader.Create(stream, options, leaveOpen: true);
        if (!reader.Read()) return false;
        var cells = new HashSet<string>();
        for (var i = 0; i < reader.FieldCount; i++) cells.Add(Encoding.UTF8.GetString(reader.GetSpan(i)).Trim());
        return names.All(cells.Contains);
    }
}
