using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Other forms of row-major data as the two-dimensional span that the engine reads; nothing is copied.</summary>
public static class Rows
{
    /// <summary>N x D numbers, one point after the other.</summary>
    /// <param name="rows">The numbers.</param>
    /// <param name="dimension">D.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of D.</exception>
    [OverloadResolutionPriority(1)]
    public static ReadOnlySpan2D<double> From(ReadOnlySpan<double> rows, int dimension) => From<double>(rows, dimension);

    /// <inheritdoc cref="From(ReadOnlySpan{double}, int)"/>
    public static ReadOnlySpan2D<float> From(ReadOnlySpan<float> rows, int dimension) => From<float>(rows, dimension);

    private static ReadOnlySpan2D<T> From<T>(ReadOnlySpan<T> rows, int dimension)
    {
        Check.AtLeast(nameof(dimension), dimension, 1);
        if (rows.Length % dimension != 0)
            Throw.Argument(nameof(rows), $"rows has {rows.Length} values; a multiple of {dimension}, the dimension, is required");
        return rows.IsEmpty
            ? default
            : ReadOnlySpan2D<T>.DangerousCreate(MemoryMarshal.GetReference(rows), rows.Length / dimension, dimension, 0);
    }

    /// <summary>A tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    public static ReadOnlySpan2D<double> From(in ReadOnlyTensorSpan<double> rows)
    {
        if (rows.Rank != 2) Throw.Argument(nameof(rows), $"rows has rank {rows.Rank}; 2, points x features, is required");
        var (height, width) = (rows.Lengths[0], rows.Lengths[1]);
        if (height == 0 || width == 0) return default;
        if (width > 1 && rows.Strides[1] != 1) Throw.Argument(nameof(rows), $"rows has the stride {rows.Strides[1]} between features; 1, dense rows, is required");

        // A tensor of one row may carry any stride.
        var pitch = height == 1 ? 0 : rows.Strides[0] - width;
        if (pitch < 0) Throw.Argument(nameof(rows), $"rows has the stride {rows.Strides[0]} between points; at least {width} is required");
        return ReadOnlySpan2D<double>.DangerousCreate(TensorMarshal.GetReference(rows), checked((int)height), checked((int)width), checked((int)pitch));
    }
}
