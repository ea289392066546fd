namespace Gmm.Data;

/// <summary>Counts the missing values of a table that is being read, by column.</summary>
/// <param name="columns">The number of columns of the table.</param>
internal sealed class MissingCells(int columns)
{
    private readonly (string? Cell, long Row, long Line, int Column)[] _first = new (string?, long, long, int)[columns];

    internal bool Any { get; private set; }

    internal bool Has(int column) => _first[column].Cell is not null;

    /// <summary>Takes a missing value; only the first of each column is kept.</summary>
    /// <param name="column">The 0-based column of the table.</param>
    /// <param name="row">The 0-based row of the table.</param>
    /// <param name="line">The line of the cell in the file.</param>
    /// <param name="source">The 0-based column of the file.</param>
    /// <param name="cell">What stands there, in words.</param>
    internal void Add(int column, long row, long line, int source, string cell)
    {
        Any = true;
        if (!Has(column))
        {
            _first[column] = (cell, row, line, source);
        }
    }

    /// <summary>
    /// Deals with the NaN of a table as the options say: an error, rows that are left out, or nothing. Gives the number of rows that stay.
    /// </summary>
    /// <param name="values">Row-major; rows that stay move to the front.</param>
    /// <param name="kept">The columns, of those counted here, that the table still has.</param>
    /// <param name="weights">One per row or null; as the rows.</param>
    /// <param name="options">What to do, and the words for it.</param>
    /// <param name="place">Gives the start of an error message from the line and the column of a cell.</param>
    internal int Settle(Span<double> values, ReadOnlySpan<int> kept, Span<double> weights, TableOptions options, Func<long, int, string> place)
    {
        var (rows, cells, stay) = (values.Length / kept.Length, 0L, 0);
        for (var row = 0; row < rows; row++)
        {
            var numbers = values.Slice(row * kept.Length, kept.Length);
            var missing = 0;
            foreach (var value in numbers)
            {
                missing += double.IsNaN(value) ? 1 : 0;
            }

            cells += missing;
            if (missing > 0 && options.Missing != TableMissing.Keep)
            {
                continue;
            }

            if (stay < row && options.Missing == TableMissing.Drop)
            {
                numbers.CopyTo(values[(stay * kept.Length)..]);
                if (!weights.IsEmpty)
                {
                    weights[stay] = weights[row];
                }
            }

            stay++;
        }

        return options.Missing != TableMissing.Error || cells == 0 ? stay : throw Error(kept, cells, rows - stay, rows, options.Words, place);
    }

    private TableFormatException Error(ReadOnlySpan<int> kept, long cells, int incomplete, int rows, OptionWords words, Func<long, int, string> place)
    {
        (string? Cell, long Row, long Line, int Column) first = default;
        foreach (var column in kept)
        {
            if (Has(column) && (first.Cell is null || _first[column].Row < first.Row))
            {
                first = _first[column];
            }
        }

        return new TableFormatException($"{place(first.Line, first.Column)}: {first.Cell}; {ErrorText.Count(cells, "value")} in {incomplete} of {ErrorText.Count(rows, "row")} "
            + $"{(cells == 1 ? "is" : "are")} missing; {words.MissingDrop} leaves such rows out, {words.MissingKeep}");
    }
}
