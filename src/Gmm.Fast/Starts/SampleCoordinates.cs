using System.Buffers;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;

namespace Gmm.Fast.Starts;

/// <summary>
/// Gives the points of a sample in changing coordinates, as k-means reads them, and the cluster of each. Coordinates are computed as blocks are read,
/// into a store that short runs of EM may share: neither holds a copy of its own.
/// </summary>
internal sealed class SampleCoordinates : PointSource<double>, IDisposable
{
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
    public double Spread(int clusters)
    {
        var rented = ArrayPool<double>.Shared.Rent(Labels.Length * Dimension);
        var rows = Read(0, Labels.Length, rented);
        double[] counts = new double[clusters], means = new double[clusters * Dimension];
        for (var i = 0; i < Labels.Length; i++)
        {
            var row = rows.Slice(i * Dimension, Dimension);
            var mean = means.AsSpan(Labels[i] * Dimension, Dimension);
            var weight = Sample.Weights?[i] ?? 1;
            counts[Labels[i]] += weight;
            var share = weight / counts[Labels[i]];
            for (var j = 0; j < row.Length; j++) mean[j] += (row[j] - mean[j]) * share;
        }
        double spread = 0;
        for (var i = 0; i < Labels.Length; i++)
        {
            double square = 0;
            var row = rows.Slice(i * Dimension, Dimension);
            var mean = means.AsSpan(Labels[i] * Dimension, Dimension);
            for (var j = 0; j < row.Length; j++) square += (row[j] - mean[j]) * (row[j] - mean[j]);
            spread += (Sample.Weights?[i] ?? 1) * square;
        }
        ArrayPool<double>.Shared.Return(rented);
        return spread;
    }

    public void Dispose()
    {
        if (_ownsStore) Store.Dispose();
    }
}
