namespace Gmm.Data;

/// <summary>Holds the columns of files that become one table, and refuses a file that has others.</summary>
internal sealed class JoinedColumns
{
    private NumericTable? _first;
    private string _firstPlace = "";

    /// <summary>D; 0 as long as no piece was checked.</summary>
    internal int Count => _first?.Columns ?? 0;

    /// <summary>One name per column, of the first file that has names; null where none has.</summary>
    internal IReadOnlyList<string>? Names { get; private set; }

    /// <summary>Whether the columns of every file were found by the names of <see cref="TableOptions.Match"/>.</summary>
    internal bool AreMatch { get; private set; } = true;

    /// <summary>
    /// Gives a piece of a file, whose columns must be those of the first file: as many, and where both files have names the same ones, in whatever case
    /// where they were found by names. Where neither has names, the columns must have the same numbers.
    /// </summary>
    /// <param name="piece">Some rows of the file.</param>
    /// <param name="place">What messages call the file.</param>
    /// <param name="options">What is known of the table.</param>
    /// <exception cref="TableFormatException">The file has other columns; the message names both files and their columns.</exception>
    internal NumericTable Checked(NumericTable piece, string place, TableOptions options)
    {
        Names ??= piece.ColumnNames;
        AreMatch &= piece.IsMatch;
        if (_first is null)
        {
            // Its rows need not stay.
            _firstPlace = place;
            _first = new NumericTable([], piece.Columns, piece.ColumnNames)
            {
                IsMatch = piece.IsMatch,
                FileColumns = piece.FileColumns,
            };
        }
        else if (piece.Columns != _first.Columns || !HasColumnsOf(_first, piece))
        {
            throw new TableFormatException(
                $"{place}: has the columns {ErrorText.List(piece.FileColumns)}, and {_firstPlace} has {ErrorText.List(_first.FileColumns)}; the same in the same order "
                + $"are required, which {options.Words.Columns} may choose by name");
        }

        return piece;
    }

    private static bool HasColumnsOf(NumericTable first, NumericTable piece) =>
        first.ColumnNames is null != piece.ColumnNames is null
        || piece.FileColumns.SequenceEqual(first.FileColumns, first.IsMatch && piece.IsMatch ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
}
