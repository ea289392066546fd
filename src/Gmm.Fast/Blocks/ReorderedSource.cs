namespace Gmm.Fast.Blocks;

/// <summary>Reads the points of a source, or some of them, in another order, one by one.</summary>
/// <param name="source">The points.</param>
/// <param name="order">[N]: the point at each place.</param>
internal sealed class ReorderedSource<T>(PointSource<T> source, int[] order) : PointSource<T>
    where T : unmanaged
{
    public override long PointCount => order.Length;

    public override int Dimension { get; } = source.Dimension;

    public override bool HasWeights => source.HasWeights;

    internal override bool HasRandomAccess => source.HasRandomAccess;

    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch)
    {
        var d = Dimension;
        for (var i = 0; i < count; i++)
        {
            var place = scratch.Slice(i * d, d);
            source.Read(order[first + i], 1, place).CopyTo(place);
        }
        return scratch[..(count * d)];
    }

    public override void ReadWeights(long first, Span<double> weights)
    {
        for (var i = 0; i < weights.Length; i++) source.ReadWeights(order[first + i], weights.Slice(i, 1));
    }
}
