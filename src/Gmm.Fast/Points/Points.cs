using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Holds N points of D dimensions in memory, one per row, in double or single precision, with or without weights. It copies and changes nothing.
/// What has two dimensions converts to it: arrays [N, D], <see cref="Span2D{T}"/>, <see cref="Memory2D{T}"/> and their read-only forms,
/// <see cref="Tensor{T}"/>, <see cref="TensorSpan{T}"/> and <see cref="ReadOnlyTensorSpan{T}"/>. A flat span takes a dimension beside it.
/// </summary>
public readonly ref struct Points
{
    private readonly ReadOnlySpan2D<double> _doubles;
    private readonly ReadOnlySpan2D<float> _floats;
    private readonly ReadOnlySpan<double> _weights;
    private readonly bool _isWeighted;
    private readonly int _dimension;

    /// <summary>Takes N x D numbers, one point after the other.</summary>
    /// <param name="rows">[N x D].</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <exception cref="ArgumentException">The length is not a multiple of D, or D is below 1.</exception>
    [OverloadResolutionPriority(1)]
    public Points(ReadOnlySpan<double> rows, int dimension)
    {
        _doubles = Shaped(rows, dimension);
        _dimension = dimension;
    }

    /// <inheritdoc cref="Points(ReadOnlySpan{double}, int)"/>
    public Points(ReadOnlySpan<float> rows, int dimension)
    {
        _floats = Shaped(rows, dimension);
        _dimension = dimension;
        IsSingle = true;
    }

    private Points(ReadOnlySpan2D<double> rows)
        : this(rows, rows.Width)
    {
    }

    private Points(ReadOnlySpan2D<double> rows, int dimension)
    {
        _doubles = rows;
        _dimension = dimension;
    }

    private Points(ReadOnlySpan2D<float> rows)
        : this(rows, rows.Width)
    {
    }

    private Points(ReadOnlySpan2D<float> rows, int dimension)
    {
        _floats = rows;
        _dimension = dimension;
        IsSingle = true;
    }

    private Points(Points points, ReadOnlySpan<double> weights)
    {
        this = points;
        _weights = weights;
        _isWeighted = true;
    }

    /// <summary>N.</summary>
    public int Count => IsSingle ? _floats.Height : _doubles.Height;

    /// <summary>D.</summary>
    public int Dimension => _dimension;

    /// <summary>Whether the numbers are of single precision.</summary>
    public bool IsSingle { get; }

    /// <summary>Whether the points have weights.</summary>
    public bool HasWeights => _isWeighted;

    /// <summary>[N], or empty where the points have none.</summary>
    internal ReadOnlySpan<double> Weights => _weights;

    /// <summary>Numbers between the first numbers of two points.</summary>
    internal unsafe nint Pitch
    {
        get
        {
            if (Count < 2) return Dimension;
            return IsSingle
                ? Unsafe.ByteOffset(in _floats.DangerousGetReference(), in _floats.DangerousGetReferenceAt(1, 0)) / sizeof(float)
                : Unsafe.ByteOffset(in _doubles.DangerousGetReference(), in _doubles.DangerousGetReferenceAt(1, 0)) / sizeof(double);
        }
    }

    internal ReadOnlySpan2D<double> Doubles => _doubles;

    internal ReadOnlySpan2D<float> Floats => _floats;

    /// <summary>Takes an array [N x D].</summary>
    public static implicit operator Points(double[,] rows) => new(new ReadOnlySpan2D<double>(rows));

    /// <summary>Takes an array [N x D].</summary>
    public static implicit operator Points(float[,] rows) => new(new ReadOnlySpan2D<float>(rows));

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(ReadOnlySpan2D<double> rows) => new(rows);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(ReadOnlySpan2D<float> rows) => new(rows);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(Span2D<double> rows) => new((ReadOnlySpan2D<double>)rows);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(Span2D<float> rows) => new((ReadOnlySpan2D<float>)rows);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(ReadOnlyMemory2D<double> rows) => new(rows.Span);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(ReadOnlyMemory2D<float> rows) => new(rows.Span);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(Memory2D<double> rows) => new((ReadOnlySpan2D<double>)rows.Span);

    /// <summary>Takes rows [N x D].</summary>
    public static implicit operator Points(Memory2D<float> rows) => new((ReadOnlySpan2D<float>)rows.Span);

    /// <summary>Takes a tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    public static implicit operator Points(in ReadOnlyTensorSpan<double> rows) => Of(rows);

    /// <summary>Takes a tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    public static implicit operator Points(in ReadOnlyTensorSpan<float> rows) => Of(rows);

    /// <summary>Takes a tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    public static implicit operator Points(TensorSpan<double> rows) => Of(rows.AsReadOnlyTensorSpan());

    /// <summary>Takes a tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    public static implicit operator Points(TensorSpan<float> rows) => Of(rows.AsReadOnlyTensorSpan());

    /// <summary>Takes a tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    /// <exception cref="ArgumentNullException">There is no tensor.</exception>
    public static implicit operator Points(Tensor<double> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(rows.AsReadOnlyTensorSpan());
    }

    /// <summary>Takes a tensor [N x D] whose rows are dense: the last stride is 1, the first at least D.</summary>
    /// <exception cref="ArgumentException">The tensor has another rank or layout.</exception>
    /// <exception cref="ArgumentNullException">There is no tensor.</exception>
    public static implicit operator Points(Tensor<float> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Of(rows.AsReadOnlyTensorSpan());
    }

    /// <summary>
    /// Gives the same points with weights. A point of weight 2 counts as two equal points. A point of weight 0 is left out, and its numbers are not
    /// read.
    /// </summary>
    /// <param name="weights">[N], finite, at least 0, not all 0.</param>
    /// <exception cref="ArgumentException">The number of weights is not that of the points.</exception>
    public Points WithWeights(ReadOnlySpan<double> weights)
    {
        if (weights.Length != Count) Throw.Argument(nameof(weights), $"weights has {weights.Length} values; {Count}, one per point, are required");
        return new Points(this, weights);
    }

    private static ReadOnlySpan2D<T> Shaped<T>(ReadOnlySpan<T> rows, int dimension)
    {
        Check.AtLeast(nameof(dimension), dimension, 1);
        if (rows.Length % dimension != 0)
            Throw.Argument(nameof(rows), $"rows has {rows.Length} values; a multiple of {dimension}, the dimension, is required");
        return rows.IsEmpty ? default : ReadOnlySpan2D<T>.DangerousCreate(MemoryMarshal.GetReference(rows), rows.Length / dimension, dimension, 0);
    }

    // No rows have a dimension too, which an empty span does not keep.
    private static Points Of(ReadOnlyTensorSpan<double> rows) => new(Shaped(rows), checked((int)rows.Lengths[1]));

    private static Points Of(ReadOnlyTensorSpan<float> rows) => new(Shaped(rows), checked((int)rows.Lengths[1]));

    private static ReadOnlySpan2D<T> Shaped<T>(ReadOnlyTensorSpan<T> rows)
    {
        if (rows.Rank != 2) Throw.Argument(nameof(rows), $"rows has rank {rows.Rank}; 2, points x dimensions, is required");
        var (height, width) = (rows.Lengths[0], rows.Lengths[1]);
        if (height == 0 || width == 0) return default;
        if (width > 1 && rows.Strides[1] != 1)
            Throw.Argument(nameof(rows), $"rows has the stride {rows.Strides[1]} between dimensions; 1, dense rows, is required");

        // A tensor of one row may carry any stride.
        var pitch = height == 1 ? 0 : rows.Strides[0] - width;
        if (pitch < 0) Throw.Argument(nameof(rows), $"rows has the stride {rows.Strides[0]} between points; at least {width} is required");

        // The reference is to the numbers; the compiler takes it for one to this copy of the span.
        return ReadOnlySpan2D<T>.DangerousCreate(in Unsafe.AsRef(in TensorMarshal.GetReference(in rows)), checked((int)height), checked((int)width), checked((int)pitch));
    }
}
