namespace Gmm.Fast.Data;

/// <summary>Rows in memory that the caller keeps pinned: row i starts at origin + i * pitch.</summary>
internal sealed unsafe class MemoryBlockSource(double* origin, long rows, int columns, nint pitch) : IBlockSource
{
    private readonly double* _origin = origin;

    public long RowCount => rows;

    public int ColumnCount => columns;

    public ReadOnlySpan<double> GetRows(long firstRow, int count, Span<double> scratch)
    {
        var first = _origin + (nint)firstRow * pitch;
        if (pitch == columns) return new ReadOnlySpan<double>(first, count * columns);

        for (var i = 0; i < count; i++)
            new ReadOnlySpan<double>(first + i * pitch, columns).CopyTo(scratch.Slice(i * columns, columns));
        return scratch[..(count * columns)];
    }
}
