using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Gives the points of a sample in changing coordinates, as k-means reads them, and the cluster of each. Coordinates are computed as blocks are read,
/// into a store that short runs of EM may share: neither holds a copy of its own.
/// </summary>
internal sealed class SampleCoordinates : PointSource<double>, IDisposable
{
    // Of points that are read at a time: few beside the sample, whatever its width.
    private const int StripNumbers = 4096;

    private readonly bool _ownsStore;
    private Whitening? _whitening;

    /// <summary>Makes coordinates.</summary>
    /// <param name="sample">The points.</param>
    /// <param name="store">Blocks of as many points; null for a store of its own.</param>
    public SampleCoordinates(Sample sample, BlockStore<double>? store = null)
    {
        Sample = sample;
        Labels = new int[sample.Count];
        _ownsStore = store is null;
        Store = store ?? new BlockStore<double>(this, BlockShape.For<double>(sample.Count, sample.Dimension), long.MaxValue, HasWeights);
    }

    /// <summary>The points in the units of the data.</summary>
    public Sample Sample { get; }

    /// <summary>The blocks; after <see cref="Whiten"/>, of the points in its coordinates.</summary>
    public BlockStore<double> Store { get; }

    /// <summary>[N], the cluster of each point.</summary>
    public int[] Labels { get; }

    public override long PointCount => Sample.Count;

    public override int Dimension => Sample.Dimension;

    public override bool HasWeights => Sample.Weights is not null;

    public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
    {
        var whitened = scratch[..(count * Dimension)];
        _whitening!.Apply(Sample.Rows.Slice((int)first * Dimension, whitened.Length), whitened);
        return whitened;
    }

    public override void ReadWeights(long first, Span<double> weights) => Sample.Weights.AsSpan((int)first, weights.Length).CopyTo(weights);

    /// <summary>Changes the coordinates.</summary>
    public void Whiten(Whitening whitening)
    {
        _whitening = whitening;
        Store.Replace(this);
    }

    /// <summary>Sums the squared distances of the points from the means of their clusters, in the coordinates of the last <see cref="Whiten"/>.</summary>
    /// <param name="clusters">Clusters.</param>
    [MethodImpl(Compiled.Once)]
    public double Spread(int clusters)
    {
        var strip = Math.Max(1, StripNumbers / Dimension);
        var scratch = new double[strip * Dimension];
        double[] counts = new double[clusters], means = new double[clusters * Dimension];
        for (var first = 0; first < Labels.Length; first += strip)
        {
            var rows = Read(first, Math.Min(strip, Labels.Length - first), scratch);
            for (var at = 0; at < rows.Length; at += Dimension)
            {
                var i = first + at / Dimension;
                var mean = means.AsSpan(Labels[i] * Dimension, Dimension);
                var weight = Sample.Weights?[i] ?? 1;
                counts[Labels[i]] += weight;
                var share = weight / counts[Labels[i]];
                for (var j = 0; j < mean.Length; j++) mean[j] += (rows[at + j] - mean[j]) * share;
            }
        }
        double spread = 0;
        for (var first = 0; first < Labels.Length; first += strip)
        {
            var rows = Read(first, Math.Min(strip, Labels.Length - first), scratch);
            for (var at = 0; at < rows.Length; at += Dimension)
            {
                double square = 0;
                var i = first + at / Dimension;
                var mean = means.AsSpan(Labels[i] * Dimension, Dimension);
                for (var j = 0; j < mean.Length; j++) square += (rows[at + j] - mean[j]) * (rows[at + j] - mean[j]);
                spread += (Sample.Weights?[i] ?? 1) * square;
            }
        }
        return spread;
    }

    public void Dispose()
    {
        if (_ownsStore) Store.Dispose();
    }
}
