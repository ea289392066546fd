using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>
/// Consecutive points with one column after the other: feature j of point i is X[j * Stride + i]. Points from Count to Padded repeat the last
/// point, so that kernels run over whole vectors and meet finite numbers only; what they give for those points is thrown away.
/// </summary>
internal readonly unsafe struct PointBlock<T>(T* x, int stride, int columns, int count, int padded)
    where T : unmanaged
{
    public readonly T* X = x;
    public readonly int Stride = stride;
    public readonly int Columns = columns;
    public readonly int Count = count;
    public readonly int Padded = padded;
}

/// <summary>Rows to column blocks: the only code that transposes and pads.</summary>
internal static unsafe class BlockPacker
{
    /// <summary>Packs <paramref name="rows"/> [count x columns, row-major] into <paramref name="target"/> [columns x stride], padded to <paramref name="padded"/> points.</summary>
    public static PointBlock<T> Pack<T>(ReadOnlySpan<T> rows, int columns, T* target, int stride, int padded)
        where T : unmanaged, IMultiplyOperators<T, T, T>
    {
        var count = rows.Length / columns;
        fixed (T* source = rows)
        {
            Transpose.Copy(source, columns, count, columns, target, stride);
            for (var j = 0; j < columns; j++)
            {
                var column = target + (nint)j * stride;
                new Span<T>(column + count, padded - count).Fill(column[count - 1]);
            }
        }
        return new PointBlock<T>(target, stride, columns, count, padded);
    }
}
