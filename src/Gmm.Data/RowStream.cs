namespace Gmm.Data;

/// <summary>Takes rows of a table that is being written.</summary>
/// <param name="rows">Whole rows, one after the other.</param>
public delegate void RowReceiver(ReadOnlySpan<double> rows);

/// <summary>Gives the rows of a table some at a time, so that a table can be written that never lies in memory as a whole.</summary>
/// <param name="Rows">N.</param>
/// <param name="Columns">D, at least 1.</param>
/// <param name="ColumnNames">One name per column, or null when the table has none.</param>
/// <param name="Fill">Gives all rows to the receiver, in order.</param>
public sealed record RowStream(long Rows, int Columns, IReadOnlyList<string>? ColumnNames, Action<RowReceiver> Fill)
{
    /// <summary>Gives all rows to the receiver, in order.</summary>
    public Action<RowReceiver> Fill { get; init => field = NotNull(value); } = NotNull(Fill);

    /// <summary>Whether a binary file holds the numbers in single precision, the nearest float of each; text has all digits.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Gives the rows of a table in memory.</summary>
    /// <param name="table">The table.</param>
    public static implicit operator RowStream(NumericTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new RowStream(table.Rows, table.Columns, table.ColumnNames, receiver => receiver(table.Values));
    }

    private static Action<RowReceiver> NotNull(Action<RowReceiver>? fill) => fill ?? throw new ArgumentNullException(nameof(Fill));

    /// <summary>Gives all rows to a receiver, and checks that there are as many as were promised.</summary>
    internal void Send(RowReceiver receiver)
    {
        long sent = 0;
        Fill(rows =>
        {
            sent += rows.Length;
            receiver(rows);
        });
        if (sent != Rows * Columns)
        {
            throw new InvalidOperationException($"Fill gave {sent} numbers; {Rows} x {Columns} = {Rows * Columns} are required.");
        }
    }
}
