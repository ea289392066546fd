using System.Numerics.Tensors;

namespace Gmm.Fast.Blocks;

/// <summary>Floats as doubles, for the start of a fit, which looks at each point a few times only.</summary>
internal sealed class WideSource(IBlockSource<float> source) : IBlockSource<double>
{
    public long RowCount => source.RowCount;

    public int ColumnCount => source.ColumnCount;

    public ReadOnlySpan<double> GetRows(long firstRow, int count, Span<double> scratch)
    {
        // The narrow rows take the first half of the room of the wide ones, and are widened from the last to the first.
        var narrow = System.Runtime.InteropServices.MemoryMarshal.Cast<double, float>(scratch)[..(count * ColumnCount)];
        var rows = source.GetRows(firstRow, count, narrow);
        if (!rows.Overlaps(narrow))
        {
            TensorPrimitives.ConvertTruncating(rows, scratch);
            return scratch[..rows.Length];
        }
        for (var i = rows.Length - 1; i >= 0; i--) scratch[i] = rows[i];
        return scratch[..rows.Length];
    }
}
