using System.Numerics;
using System.Numerics.Tensors;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Blocks;

/// <summary>Turns rows of points into blocks of columns, transposed and padded.</summary>
internal static unsafe class BlockPacker
{
    /// <summary>Packs rows into columns, padded.</summary>
    /// <param name="rows">[count x columns], at least one row.</param>
    /// <param name="columns">D.</param>
    /// <param name="target">[columns x stride], receives the columns.</param>
    /// <param name="stride">Numbers between two columns.</param>
    /// <param name="padded">Points up to a whole tile.</param>
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

    /// <summary>Checks weights, and that points of weight above 0 are finite; messages count from 0.</summary>
    /// <param name="rows">[count x columns].</param>
    /// <param name="columns">D.</param>
    /// <param name="weights">[count].</param>
    /// <param name="firstRow">The number of the first point, for messages.</param>
    public static void CheckRows<T>(ReadOnlySpan<T> rows, int columns, ReadOnlySpan<double> weights, long firstRow)
        where T : unmanaged, INumberBase<T>
    {
        Check.Weights("weights", weights, firstRow);
        if (TensorPrimitives.IsFiniteAll(rows)) return;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 0) Check.FiniteRows("rows", rows.Slice(i * columns, columns), columns, firstRow + i);
        }
    }

    /// <summary>Keeps the points of weight above 0, in order, and returns their number.</summary>
    /// <param name="rows">[count x columns]; may be the scratch itself.</param>
    /// <param name="columns">D.</param>
    /// <param name="weights">[count]; the weights that are kept move to the front.</param>
    /// <param name="scratch">[count x columns], receives the points that are kept, unless all are.</param>
    /// <param name="kept">The points that are kept.</param>
    public static int Compact<T>(ReadOnlySpan<T> rows, int columns, Span<double> weights, Span<T> scratch, out ReadOnlySpan<T> kept)
        where T : unmanaged
    {
        kept = rows;
        if (!weights.Contains(0)) return weights.Length;
        var count = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            rows.Slice(i * columns, columns).CopyTo(scratch.Slice(count * columns, columns));
            weights[count++] = weights[i];
        }
        kept = scratch[..(count * columns)];
        return count;
    }

    /// <summary>Gives the weight of a point in the element type of the points, or throws where it has no number for it.</summary>
    public static T Narrow<T>(double weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var narrow = T.CreateTruncating(weight);
        if (!(narrow > T.Zero && T.IsFinite(narrow)))
            Throw.Argument("weights", FormattableString.Invariant($"a weight is {weight}, beyond the range of {typeof(T).Name}; scale the weights"));
        return narrow;
    }
}
