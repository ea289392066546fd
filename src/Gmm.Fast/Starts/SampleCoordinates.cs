using Gmm.Fast.Em;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Starts;

/// <summary>Holds the points of a sample in changing coordinates, as k-means reads them, and the cluster of each.</summary>
internal sealed unsafe class SampleCoordinates : IDisposable
{
    private readonly AlignedBuffer<double> _rows;
    private readonly AlignedBuffer<double>? _weights;

    public SampleCoordinates(Sample sample)
    {
        Sample = sample;
        _rows = new AlignedBuffer<double>(sample.Rows.Length);
        if (sample.Weights is { } weights)
        {
            _weights = new AlignedBuffer<double>(weights.Length);
            weights.CopyTo(_weights.Span);
        }
        Points = new MemoryPoints<double>(_rows.Pointer, sample.Count, sample.Dimension, sample.Dimension, Weights);
        Labels = new int[sample.Count];
    }

    /// <summary>The points in the units of the data.</summary>
    public Sample Sample { get; }

    /// <summary>The points in the coordinates of the last <see cref="Whiten"/>.</summary>
    public MemoryPoints<double> Points { get; }

    /// <summary>[N], or null.</summary>
    public double* Weights => _weights is null ? null : _weights.Pointer;

    /// <summary>[N], the cluster of each point.</summary>
    public int[] Labels { get; }

    /// <summary>Changes the coordinates.</summary>
    public void Whiten(Whitening whitening) => whitening.Apply(Sample.Rows, _rows.Span);

    /// <summary>Sums the squared distances of the points from the means of their clusters, in the coordinates of the last <see cref="Whiten"/>.</summary>
    /// <param name="clusters">Clusters.</param>
    public double Spread(int clusters)
    {
        var rows = _rows.Span;
        var dimension = Sample.Dimension;
        double[] counts = new double[clusters], means = new double[clusters * dimension];
        for (var i = 0; i < Labels.Length; i++)
        {
            var (row, mean, weight) = (i * dimension, Labels[i] * dimension, Sample.Weights?[i] ?? 1);
            counts[Labels[i]] += weight;
            for (var j = 0; j < dimension; j++) means[mean + j] += (rows[row + j] - means[mean + j]) * (weight / counts[Labels[i]]);
        }
        double spread = 0;
        for (var i = 0; i < Labels.Length; i++)
        {
            double square = 0;
            var (row, mean) = (i * dimension, Labels[i] * dimension);
            for (var j = 0; j < dimension; j++) square += (rows[row + j] - means[mean + j]) * (rows[row + j] - means[mean + j]);
            spread += (Sample.Weights?[i] ?? 1) * square;
        }
        return spread;
    }

    public void Dispose()
    {
        _rows.Dispose();
        _weights?.Dispose();
    }
}
