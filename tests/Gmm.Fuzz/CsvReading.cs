using System.Runtime.InteropServices;
using Gmm.Data;

namespace Gmm.Fuzz;

/// <summary>Comma-separated text: all columns, chosen ones, tabs, weights; what is read can be written and read again.</summary>
internal static class CsvReading
{
    private const string Name = "data.csv";

    private static readonly string[] s_tokens =
        ["\"", "\"\"", ",", "|", "#", "%", "sep=;", " ", "  ", "?", "1,5", "01/03/2004", "TRUE", "0,1,2", ";", "\t", "\r\n", "\r", "\n", "\0", "\uFEFF", "n", "NA", "2020", "\"a\nb\"", "\"1,5\"", ",,", "\n\n", "é", "\u202e"];

    /// <summary>
    /// The shortest cell is one byte. Of a text that is one record the table's columns are its cells, and each has names, kinds, a choice, a role, counts
    /// and values: some 200 bytes. Of other texts a cell has the place in the parser's table and its value. A record is at most 16 MiB.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "csv", s_tokens, typeof(TableFormatException),
        bytes => TableFile.Read(new MemoryStream(bytes), Name),
        bytes => TableFile.Read(new Pipe(bytes), Name, new() { Columns = ["n", "1"] }),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Separator = '\t' }),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Weights = "1" }),
        bytes => TableFile.Read(new Pipe(bytes), Name, new() { Separator = ' ', DecimalSeparator = ',', Missing = TableMissing.Drop, Exclude = ["2-3"] }),
        bytes => TableFile.Read(new MemoryStream(bytes), Name, new() { Header = TableHeader.Yes, MissingMarkers = ["1", "x"], Match = ["n"] }))
    {
        BytesPerByte = 256,
        Check = answers => answers.OfType<NumericTable>().Select(table => Problem(table) ?? RoundTrip(table)).FirstOrDefault(problem => problem is not null),
    };

    internal static string? Problem(NumericTable table) =>
        table.Rows == 0 ? "the table has no rows"
            : !table.Values.All(double.IsFinite) ? "a value is not finite"
            : table.Weights is { } weights && !weights.All(weight => double.IsFinite(weight) && weight > 0) ? "a weight is not above 0"
            : null;

    internal static bool Same(NumericTable a, NumericTable b) =>
        MemoryMarshal.AsBytes<double>(a.Values).SequenceEqual(MemoryMarshal.AsBytes<double>(b.Values));

    private static string? RoundTrip(NumericTable table)
    {
        // Without its names: the header rule may see something else in them once they are trimmed.
        var nameless = new NumericTable(table.Values, table.Columns);
        using var stream = new MemoryStream();
        TableFile.WriteCsv(stream, nameless);
        stream.Position = 0;
        var options = new TableOptions { Header = TableHeader.No, Columns = [FormattableString.Invariant($"1-{table.Columns}")], Separator = ',' };
        return Same(nameless, TableFile.Read(stream, Name, options)) ? null : "written and read again, it differs";
    }
}
