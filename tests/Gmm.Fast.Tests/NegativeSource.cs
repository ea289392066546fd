namespace Gmm.Fast.Tests;

/// <summary>A source whose number of points cannot be.</summary>
internal sealed class NegativeSource(int dimension) : PointSource<double>
{
    public override long PointCount => -5;

    public override int Dimension => dimension;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) => throw new InvalidOperationException("read");
}
