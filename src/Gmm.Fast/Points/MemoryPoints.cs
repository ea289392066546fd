namespace Gmm.Fast;

/// <summary>Reads points in memory that the caller keeps pinned.</summary>
/// <param name="origin">[N x pitch]: point i starts at origin + i * pitch.</param>
/// <param name="count">N.</param>
/// <param name="dimension">D.</param>
/// <param name="pitch">Numbers between two points.</param>
/// <param name="weights">[N], or null.</param>
/// <param name="hasWeights">Whether points have weights, also where there are no points.</param>
internal sealed unsafe class MemoryPoints<T>(T* origin, long count, int dimension, nint pitch, double* weights = null, bool hasWeights = false)
    : PointSource<T>
    where T : unmanaged
{
    private readonly T* _origin = origin;
    private readonly double* _weights = weights;

    public override long PointCount => count;

    public override int Dimension => dimension;

    public override bool HasWeights => hasWeights || _weights is not null;

    internal override bool IsInMemory => pitch == dimension;

    internal override bool HasRandomAccess => true;

    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
    {
        var start = _origin + (nint)first * pitch;
        if (pitch == dimension) return new ReadOnlySpan<T>(start, count * dimension);
        for (var i = 0; i < count; i++) new ReadOnlySpan<T>(start + i * pitch, dimension).CopyTo(scratch.Slice(i * dimension, dimension));
        return scratch[..(count * dimension)];
    }

    public override void ReadWeights(long first, Span<double> weights) =>
        new ReadOnlySpan<double>(_weights + (nint)first, weights.Length).CopyTo(weights);
}
