using System.Numerics;
using Gmm.Fast;

namespace Gmm.Cli.Segmenting;

/// <summary>Pixels, or different colors, repainted by their component. Blocks are the same whatever the number of threads, and so is every byte.</summary>
/// <typeparam name="TLevel">Of a color: byte or ushort, 8 or 16 bits.</typeparam>
internal sealed class PhotoPainter<TLevel>
    where TLevel : unmanaged, IBinaryInteger<TLevel>, IMinMaxValue<TLevel>
{
    private const int Channels = 3;
    private const int BlockPixels = 1 << 14;

    private readonly GaussianMixture _model;
    private readonly PhotoPoints _space;
    private readonly long[] _counts;

    public PhotoPainter(GaussianMixture model, PhotoPoints space)
    {
        (_model, _space) = (model, space);
        _counts = new long[model.ComponentCount];
        Colors = new TLevel[model.ComponentCount * Channels];
        for (var k = 0; k < model.ComponentCount; k++) space.ToRgb(model.Mean(k), Color(k));
    }

    /// <summary>[K x 3], the colors of the means.</summary>
    public TLevel[] Colors { get; }

    /// <summary>[K], so many pixels have their largest responsibility there; filled by <see cref="Paint"/>.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>Gives red, green, blue of every pixel.</summary>
    /// <param name="points">[N x D].</param>
    /// <param name="soft">Whether colors are mixed by responsibility, in the color space of the points.</param>
    /// <param name="parallel">How many threads; may cancel.</param>
    /// <param name="pixels">[N]: the number of pixels that each point stands for; empty for one.</param>
    public TLevel[] Paint(double[] points, bool soft, ParallelOptions parallel, ReadOnlyMemory<long> pixels = default)
    {
        var d = _model.Dimension;
        var n = points.Length / d;
        var rgb = GC.AllocateUninitializedArray<TLevel>(n * Channels);
        var blocks = (n + BlockPixels - 1) / BlockPixels;
        Parallel.For(0, blocks, parallel, () => new Worker(_model.ComponentCount), (block, _, worker) =>
        {
            var first = block * BlockPixels;
            var count = Math.Min(BlockPixels, n - first);
            PaintBlock(
                points.AsSpan(first * d, count * d), rgb.AsSpan(first * Channels, count * Channels), soft, worker,
                pixels.IsEmpty ? [] : pixels.Span.Slice(first, count));
            return worker;
        }, Add);
        return rgb;
    }

    private void PaintBlock(ReadOnlySpan<double> points, Span<TLevel> rgb, bool soft, Worker worker, ReadOnlySpan<long> pixels)
    {
        var (d, k) = (_model.Dimension, _model.ComponentCount);
        var count = points.Length / d;
        var labels = worker.Labels.AsSpan(0, count);
        var responsibilities = soft ? worker.Responsibilities.AsSpan(0, count * k) : [];

        // One thread for each block: there are others.
        _model.Score(new Points(points, d), new ScoreOutputs { Labels = labels, Responsibilities = responsibilities }, maxDegreeOfParallelism: 1);
        for (var i = 0; i < count; i++)
        {
            worker.Counts[labels[i]] += pixels.IsEmpty ? 1 : pixels[i];
            var pixel = rgb.Slice(i * Channels, Channels);
            if (soft) Mix(responsibilities.Slice(i * k, k), pixel);
            else Color(labels[i]).CopyTo(pixel);
        }
    }

    private void Mix(ReadOnlySpan<double> responsibilities, Span<TLevel> pixel)
    {
        Span<double> color = stackalloc double[Channels];
        color.Clear();
        for (var k = 0; k < responsibilities.Length; k++)
        {
            var mean = _model.Mean(k);
            for (var j = 0; j < Channels; j++) color[j] += responsibilities[k] * mean[j];
        }
        _space.ToRgb(color, pixel);
    }

    private void Add(Worker worker)
    {
        for (var k = 0; k < _counts.Length; k++) Interlocked.Add(ref _counts[k], worker.Counts[k]);
    }

    private Span<TLevel> Color(int k) => Colors.AsSpan(k * Channels, Channels);

    private sealed class Worker(int components)
    {
        public int[] Labels { get; } = new int[BlockPixels];

        public double[] Responsibilities { get; } = new double[BlockPixels * components];

        public long[] Counts { get; } = new long[components];
    }
}
