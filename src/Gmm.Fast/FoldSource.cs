using CommunityToolkit.HighPerformance.Buffers;

namespace Gmm.Fast;

/// <summary>Gives a source in which the points of one part of a cross-validation have weight 0, or those of all other parts.</summary>
/// <param name="source">All points.</param>
/// <param name="folds">The parts.</param>
/// <param name="fold">The number of one.</param>
/// <param name="isHeldOut">Whether its points are those that keep their weights.</param>
internal sealed class FoldSource<T>(PointSource<T> source, Folds folds, int fold, bool isHeldOut) : PointSource<T>
    where T : unmanaged
{
    public override long PointCount => source.PointCount;

    public override int Dimension => source.Dimension;

    public override long FirstRow => source.FirstRow;

    public override bool HasWeights => true;

    public override ReadOnlySpan<T> Read(long first, int count, Span<T> scratch) => source.Read(first, count, scratch);

    public override void ReadWeights(long first, Span<double> weights)
    {
        if (source.HasWeights) source.ReadWeights(first, weights);
        else weights.Fill(1);
        using var parts = SpanOwner<int>.Allocate(weights.Length);
        folds.Of(first, parts.Span);
        for (var i = 0; i < weights.Length; i++)
        {
            if (parts.Span[i] == fold != isHeldOut) weights[i] = 0;
        }
    }
}
