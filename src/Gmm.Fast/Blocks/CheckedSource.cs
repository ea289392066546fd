using Gmm.Fast.Internals;

namespace Gmm.Fast.Blocks;

/// <summary>A source whose size was read once and whose every answer has the promised length: the kernels behind it do not look again.</summary>
internal sealed class CheckedSource<T>(IBlockSource<T> source) : IBlockSource<T>
    where T : unmanaged
{
    public long RowCount { get; } = source.RowCount;

    public int ColumnCount { get; } = source.ColumnCount;

    public ReadOnlySpan<T> GetRows(long firstRow, int count, Span<T> scratch)
    {
        var rows = source.GetRows(firstRow, count, scratch);
        if (rows.Length != (long)count * ColumnCount) Throw.BrokenSource(firstRow, count, (long)count * ColumnCount, rows.Length);
        return rows;
    }
}
