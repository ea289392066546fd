namespace Gmm.Data;

/// <summary>Holds N x D numbers, row-major, with optional column names and weights of the rows.</summary>
public sealed class NumericTable
{
    /// <summary>Wraps <paramref name="values"/>; nothing is copied.</summary>
    /// <param name="values">Row-major [Rows x Columns]; the number of rows follows from the length.</param>
    /// <param name="columns">D, at least 1.</param>
    /// <param name="columnNames">One name per column, or null when the table has none.</param>
    /// <param name="weights">One weight per row, or null when all rows count the same.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together, or a name is null.</exception>
    public NumericTable(double[] values, int columns, IReadOnlyList<string>? columnNames = null, double[]? weights = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length % columns != 0)
        {
            throw new ArgumentException($"values has {values.Length} numbers; a multiple of {columns} (columns) is required.", nameof(values));
        }

        if (columnNames is not null && columnNames.Count != columns)
        {
            throw new ArgumentException($"columnNames has {columnNames.Count} names; {columns} (columns) are required.", nameof(columnNames));
        }

        if (columnNames is not null && columnNames.Contains(null!))
        {
            throw new ArgumentException("columnNames has a null name; text is required.", nameof(columnNames));
        }

        if (weights is not null && weights.Length != values.Length / columns)
        {
            throw new ArgumentException($"weights has {weights.Length} numbers; {values.Length / columns} (rows) are required.", nameof(weights));
        }

        Values = values;
        Columns = columns;
        Rows = values.Length / columns;
        ColumnNames = columnNames;
        Weights = weights;
    }

    /// <summary>The numbers, row-major [Rows x Columns]; finite, but for NaN where a value is missing and <see cref="TableMissing.Keep"/> was asked for.</summary>
    public double[] Values { get; }

    /// <summary>N.</summary>
    public int Rows { get; }

    /// <summary>D.</summary>
    public int Columns { get; }

    /// <summary>One name per column, or null when the source had none.</summary>
    public IReadOnlyList<string>? ColumnNames { get; }

    /// <summary>One weight per row, finite and above 0, or null when all rows count the same.</summary>
    public double[]? Weights { get; }

    /// <summary>What was left out, guessed or looks wrong on the way from the file: for people, one line each.</summary>
    public IReadOnlyList<TableNote> Notes { get; init; } = [];

    /// <summary>Whether the columns were found by the names of <see cref="TableOptions.Match"/>.</summary>
    public bool IsMatch { get; init; }

    /// <summary>What the columns are called in the file, and the one of the weights after them: names, or numbers from 1 where the file has no names.</summary>
    internal IReadOnlyList<string> FileColumns { get; init; } = [];

    /// <summary>[D]: the column of the file, from 0, of each column, where that is known.</summary>
    internal IReadOnlyList<int> SourceColumns { get; init; } = [];

    /// <summary>The number of rows that were left out for missing values.</summary>
    internal long Dropped { get; init; }

    /// <summary>Gives the table with other notes.</summary>
    internal NumericTable WithNotes(IReadOnlyList<TableNote> notes) => new(Values, Columns, ColumnNames, Weights)
    {
        Notes = notes,
        IsMatch = IsMatch,
        FileColumns = FileColumns,
        SourceColumns = SourceColumns,
        Dropped = Dropped,
    };
}
