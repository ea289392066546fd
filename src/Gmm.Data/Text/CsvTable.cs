using CsvHelper;

namespace Gmm.Data.Text;

/// <summary>
/// Reads tables from text in which a line is a point, and writes them. Cells are separated and numbers written as <see cref="TextDialect"/> finds;
/// <see cref="LayoutFinder"/> tells points from other lines. Every double that is written comes back bit for bit.
/// </summary>
internal static class CsvTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="stream">Read from its current position to its end, and left open.</param>
    /// <param name="name">What errors call the input, usually the path.</param>
    /// <param name="options">What is known of the table.</param>
    /// <exception cref="TableFormatException">The text is not a table of numbers.</exception>
    internal static NumericTable Read(Stream stream, string name, TableOptions? options = null)
    {
        var (rows, reader) = Open(stream, name, options ?? TableOptions.Default);
        using (rows)
        {
            return reader.Read();
        }
    }

    /// <summary>Reads a table some rows at a time, see <see cref="TableReader.ReadPieces"/>.</summary>
    /// <param name="stream">Read from its current position to its end, and left open.</param>
    /// <param name="name">What errors call the input, usually the path.</param>
    /// <param name="options">What is known of the table.</param>
    /// <param name="most">The most numbers of a piece.</param>
    /// <exception cref="TableFormatException">The text is not a table of numbers.</exception>
    internal static IEnumerable<NumericTable> ReadPieces(Stream stream, string name, TableOptions options, int most = 1 << 21)
    {
        var (rows, reader) = Open(stream, name, options);
        using (rows)
        {
            foreach (var piece in reader.ReadPieces(Math.Max(1, most / reader.Width)))
            {
                yield return piece;
            }
        }
    }

    private static (CsvRows Rows, TableReader Reader) Open(Stream stream, string name, TableOptions options)
    {
        var place = ErrorText.OneLine(name);
        var text = TextSource.Open(stream, place, options);
        if (text.Sample.Length == 0)
        {
            throw new TableFormatException($"{place}: the file is empty; rows of numbers are required");
        }

        ForeignLines.Check(text.Sample, place);
        var dialect = TextDialect.Of(text, place, options, out var sample);
        var layout = LayoutFinder.Find(text, sample, dialect, place, options);
        var rows = new CsvRows(text.Content(), place, dialect.Separator, isTable: true, text.Size, text.HasQuotes);
        try
        {
            for (var i = 0; i < layout.FirstPoint; i++)
            {
                rows.Next();
            }

            return (rows, new TableReader(rows, layout, options, place));
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Writes a table: a header when the table has names, then one line per row, each ended by a line feed.</summary>
    internal static void Write(Stream stream, RowStream table, char separator)
    {
        using var writer = CsvWriter.Create(stream, new CsvWriterOptions { Separator = separator, NewLine = "\n" }, leaveOpen: true);
        if (table.ColumnNames is not null)
        {
            foreach (var columnName in table.ColumnNames)
            {
                writer.WriteField(columnName);
            }

            writer.EndRecord();
        }

        table.Send(rows =>
        {
            for (var first = 0; first < rows.Length; first += table.Columns)
            {
                foreach (var value in rows.Slice(first, table.Columns))
                {
                    writer.WriteField(value);
                }

                writer.EndRecord();
            }
        });
    }
}
