namespace Gmm.Fast.Blocks;

/// <summary>Gives different points in memory, each with the sum of the weights of all points that are equal to it.</summary>
/// <param name="rows">[N x D], in the order in which they first occur.</param>
/// <param name="sums">[N]: their weights.</param>
/// <param name="dimension">D.</param>
/// <param name="points">The number of points of weight above 0 that they stand for.</param>
internal sealed class FoldedSource<T>(T[] rows, double[] sums, int dimension, long points) : PointSource<T>
    where T : unmanaged
{
    public override long PointCount => sums.Length;

    public override int Dimension => dimension;

    public override bool HasWeights => true;

    public override long RepresentedPoints => points;

    internal override bool IsInMemory => true;

    internal override bool HasRandomAccess => true;

    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch) => rows.AsSpan((int)first * dimension, count * dimension);

    public override void ReadWeights(long first, Span<double> weights) => sums.AsSpan((int)first, weights.Length).CopyTo(weights);
}
