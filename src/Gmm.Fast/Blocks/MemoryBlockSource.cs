namespace Gmm.Fast.Blocks;

/// <summary>Rows in memory that the caller keeps pinned: row i starts at origin + i * pitch.</summary>
internal sealed unsafe class MemoryBlockSource<T>(T* origin, long rows, int columns, nint pitch) : IBlockSource<T>
    where T : unmanaged
{
    private readonly T* _origin = origin;

    public long RowCount => rows;

    public int ColumnCount => columns;

    public ReadOnlySpan<T> GetRows(long firstRow, int count, Span<T> scratch)
    {
        var first = _origin + (nint)firstRow * pitch;
        if (pitch == columns) return new ReadOnlySpan<T>(first, count * columns);

        for (var i = 0; i < count; i++)
            new ReadOnlySpan<T>(first + i * pitch, columns).CopyTo(scratch.Slice(i * columns, columns));
        return scratch[..(count * columns)];
    }
}
