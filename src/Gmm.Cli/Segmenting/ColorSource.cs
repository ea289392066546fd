using Gmm.Fast;

namespace Gmm.Cli.Segmenting;

/// <summary>Gives different colors as points, each with the number of its pixels as its weight.</summary>
/// <param name="points">[C x 3].</param>
/// <param name="pixels">[C].</param>
internal sealed class ColorSource(double[] points, ReadOnlyMemory<long> pixels) : PointSource<double>
{
    private const int Channels = 3;

    public override long PointCount => pixels.Length;

    public override int Dimension => Channels;

    public override bool HasWeights => true;

    public override long RepresentedPoints { get; } = Sum(pixels.Span);

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) => points.AsSpan((int)first * Channels, count * Channels);

    public override void ReadWeights(long first, Span<double> weights)
    {
        var counts = pixels.Span.Slice((int)first, weights.Length);
        for (var i = 0; i < counts.Length; i++) weights[i] = counts[i];
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
