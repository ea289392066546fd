using System.Buffers;
using System.Numerics.Tensors;

namespace ScoringService.Rows;

/// <summary>Holds the rows of a request, N x D numbers in memory from the pool.</summary>
internal sealed class RowBatch(int dimension, int expectedNumbers = 0) : IDisposable
{
    private const int FirstNumbers = 256;

    private double[] _numbers = ArrayPool<double>.Shared.Rent(Math.Max(FirstNumbers, expectedNumbers));

    /// <summary>D.</summary>
    public int Dimension => dimension;

    /// <summary>N.</summary>
    public int Count { get; private set; }

    /// <summary>[N x D].</summary>
    public ReadOnlySpan<double> Numbers => _numbers.AsSpan(0, Count * dimension);

    /// <summary>Adds rows, whose numbers are then whatever stood in that memory.</summary>
    /// <returns>[count x D] to fill, valid until the next rows are added.</returns>
    public Span<double> Add(int count)
    {
        var (start, length) = (Count * dimension, count * dimension);
        if (start + length > _numbers.Length)
        {
            var larger = ArrayPool<double>.Shared.Rent(Math.Max(2 * _numbers.Length, start + length));
            Numbers.CopyTo(larger);
            ArrayPool<double>.Shared.Return(_numbers);
            _numbers = larger;
        }
        Count += count;
        return _numbers.AsSpan(start, length);
    }

    /// <summary>Gives row <paramref name="i"/>, a span [D] that is valid until the next row is added.</summary>
    public Span<double> Row(int i) => _numbers.AsSpan(i * dimension, dimension);

    /// <summary>Tells whether row <paramref name="i"/> has a missing value.</summary>
    public bool HasGap(int i) => TensorPrimitives.IsNaNAny<double>(Row(i));

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_numbers);
        _numbers = [];
        Count = 0;
    }
}
