using System.Runtime.InteropServices;
using Gmm.Data;

namespace Gmm.Fuzz;

/// <summary>Comma-separated text: all columns, chosen ones, tabs, weights; what is read can be written and read again.</summary>
internal static class CsvReading
{
    private const string Name = "data.csv";

    private static readonly string[] s_tokens =
        ["\"", "\"\"", ",", ";", "\t", "\r\n", "\r", "\n", "\0", "\uFEFF", "n", "NA", "2020", "\"a\nb\"", "\"1,5\"", ",,", "\n\n", "é", "\u202e"];

    /// <summary>
    /// The shortest cell is one byte, and the parser's table of cells, the choice of columns and the values are there for each; as a possible name in the
    /// first record it is a string besides. A record is at most 16 MiB.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "csv", s_tokens, typeof(TableFormatException),
        bytes => CsvTable.Read(new MemoryStream(bytes), Name),
        bytes => CsvTable.Read(new Pipe(bytes), Name, ["n", "1"]),
        bytes => CsvTable.Read(new MemoryStream(bytes), Name, separator: '\t'),
        bytes => CsvTable.Read(new MemoryStream(bytes), Name, weights: "1"))
    {
        BytesPerByte = 48,
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
        return Same(nameless, CsvTable.Read(stream, Name)) ? null : "written and read again, it differs";
    }
}
