namespace Gmm.Data;

/// <summary>N x D numbers, row-major, with optional column names.</summary>
public sealed class NumericTable
{
    /// <summary>Wraps <paramref name="values"/>; nothing is copied.</summary>
    /// <param name="values">Row-major [Rows x Columns]; the number of rows follows from the length.</param>
    /// <param name="columns">D, at least 1.</param>
    /// <param name="columnNames">One name per column, or null when the table has none.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together, or a name is null.</exception>
    public NumericTable(double[] values, int columns, IReadOnlyList<string>? columnNames = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length % columns != 0)
        {
            throw new ArgumentException($"values has {values.Length} numbers; a multiple of {columns} (columns) is required.", nameof(values));
        }

        if (columnNames != null && columnNames.Count != columns)
        {
            throw new ArgumentException($"columnNames has {columnNames.Count} names; {columns} (columns) are required.", nameof(columnNames));
        }

        if (columnNames != null && columnNames.Contains(null!))
        {
            throw new ArgumentException("columnNames has a null name; text is required.", nameof(columnNames));
        }

        Values = values;
        Columns = columns;
        Rows = values.Length / columns;
        ColumnNames = columnNames;
    }

    /// <summary>The numbers, row-major [Rows x Columns].</summary>
    public double[] Values { get; }

    /// <summary>N.</summary>
    public int Rows { get; }

    /// <summary>D.</summary>
    public int Columns { get; }

    /// <summary>One name per column, or null when the source had none.</summary>
    public IReadOnlyList<string>? ColumnNames { get; }
}
