using CsvHelper;

namespace Gmm.Data;

/// <summary>
/// Reads and writes tables as comma-separated text: UTF-8, RFC 4180 quoting, any line ending, blank lines skipped. Numbers are read and written the
/// same way in every culture, with '.' as the decimal separator; every double that is written comes back bit for bit.
/// </summary>
/// <remarks>
/// Whether there is a header is decided from the first record alone, looking only at the wanted columns:
/// <list type="bullet">
/// <item>every cell is a number: no header;</item>
/// <item>at least one cell is a name and none is a number: header;</item>
/// <item>names and numbers mixed: header only when those numbers are whole ("year, 2020, 2021") and the second record is all numbers; otherwise the
/// first name is reported as a bad cell, since taking a damaged first row for a header would lose that row silently;</item>
/// <item>no cell is a name, but not all are numbers (empty, NA, NaN, "5.1x"): no header, and the first such cell is reported;</item>
/// <item>columns wanted by name: the first record is the header, unless it is all numbers.</item>
/// </list>
/// </remarks>
public static class CsvTable
{
    /// <summary>Reads a table.</summary>
    /// <param name="stream">Read from its current position to its end, and left open.</param>
    /// <param name="name">What errors call the input, usually the path.</param>
    /// <param name="columns">Names or 1-based numbers in the order wanted; null for all. Columns not wanted may hold anything.</param>
    /// <param name="separator">An ASCII character.</param>
    /// <param name="weights">
    /// The column, by name or 1-based number, of the rows' weights, numbers of at least 0; null for none. It is none of the table's columns, and a
    /// row of weight 0 is left out, whatever it holds.
    /// </param>
    /// <exception cref="TableFormatException">The text is not a table of finite numbers.</exception>
    public static NumericTable Read(
        Stream stream, string name, IReadOnlyList<string>? columns = null, char separator = ',', string? weights = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        ColumnChoice.Check(columns);

        var place = ErrorText.OneLine(name);
        using var rows = new CsvRows(stream, place, separator);
        if (!rows.Next())
        {
            var content = rows.IsEmptyFile ? "is empty" : "has only blank lines";
            throw new TableFormatException($"{place}: the file {content}; rows of numbers are required");
        }

        var header = CsvHeader.Decide(rows, columns, weights);
        if (header.HasNames && header.AtEnd)
        {
            throw new TableFormatException($"{place}: the file has a header and no rows; rows of numbers are required");
        }

        return ReadValues(rows, header, place, separator);
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

    private static NumericTable ReadValues(CsvRows rows, CsvHeader header, string place, char separator)
    {
        const int FirstCapacity = 1024;
        var wanted = header.Wanted;
        var reader = rows.Reader;
        var values = new GrowingArray(Math.Max(FirstCapacity, wanted.Length), place);
        var weights = new RowWeights(header.Weights, place);
        do
        {
            if (reader.FieldCount != header.Width)
            {
                // Below the header a decimal comma shows at once; later rows have another fault.
                var hint = values.Count == 0 ? CsvCell.Hint(reader.RawRecord, reader.FieldCount, header.Width, separator) : "";
                throw new TableFormatException($"{rows.Place}: row has {ErrorText.Count(reader.FieldCount, "cell")}; {header.Width} "
                    + (header.Width == 1 ? "is required" : "are required") + hint);
            }

            var mayHoldComma = rows.MayHoldComma();
            if (header.Weights >= 0)
            {
                var weight = Number(header.Weights, mayHoldComma);
                if (!RowWeights.IsWeight(weight))
                {
                    throw rows.WeightError(header.Weights, header.Names);
                }

                if (weight == 0)
                {
                    continue;
                }

                weights.Add(weight);
            }

            var row = values.HasRoom(wanted.Length)
                ? values.Add(wanted.Length)
                : values.Add(wanted.Length, rows.ExpectedRecords(values.Count / wanted.Length) * wanted.Length);
            for (var i = 0; i < wanted.Length; i++)
            {
                row[i] = Number(wanted[i], mayHoldComma);
            }
        }
        while (rows.Next());

        var rowWeights = weights.ToArray(header.Names);
        return new NumericTable(values.ToArray(), wanted.Length, header.WantedNames(), rowWeights);

        double Number(int column, bool mayHoldComma) =>
            reader.TryParse(column, out double value) && double.IsFinite(value) && !(mayHoldComma && reader.GetSpan(column).Contains((byte)','))
                ? value
                : throw rows.CellError(column, header.Names);
    }
}
