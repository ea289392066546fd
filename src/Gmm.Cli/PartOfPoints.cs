using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Gives consecutive points of a source: those of one process, or of one job.</summary>
/// <param name="all">All points.</param>
/// <param name="first">The first point of the part.</param>
/// <param name="count">The number of its points, which may be 0.</param>
internal sealed class PartOfPoints<T>(PointSource<T> all, long first, long count) : PointSource<T>
    where T : unmanaged
{
    public override long PointCount => count;

    public override int Dimension => all.Dimension;

    public override long FirstRow => first;

    public override bool HasWeights => all.HasWeights;

    public override ReadOnlySpan<T> Read(long from, int length, Span<T> scratch) => all.Read(first + from, length, scratch);

    public override void ReadWeights(long from, Span<double> weights) => all.ReadWeights(first + from, weights);
}
