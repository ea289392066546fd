using System.Runtime.CompilerServices;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Follows the covariance within clusters of changing partitions: that of all points less that of the means, W = (S - sum over k of N_k m_k m_k^T) / N,
/// all about one origin. So a new partition costs N D operations, not N D^2.
/// </summary>
internal sealed class WithinClusters
{
    private readonly StartRequest _request;
    private readonly Sample _sample;
    private readonly double[] _origin;
    private readonly SufficientStatistics _total;
    private readonly SufficientStatistics _within;
    private readonly double[] _counts;

    /// <summary>Sums the second moments of all points.</summary>
    /// <param name="request">The options of the fit.</param>
    /// <param name="sample">The points.</param>
    /// <param name="origin">[D], near their mean.</param>
    [MethodImpl(Compiled.Once)]
    public WithinClusters(StartRequest request, Sample sample, double[] origin)
    {
        (_request, _sample, _origin) = (request, sample, origin);
        _total = new SufficientStatistics(request.Family.Moments, 1, sample.Dimension);
        _within = new SufficientStatistics(request.Family.Moments, 1, sample.Dimension);
        _counts = new double[request.Components];
        Covariance = new Parameters(FamilyTable.SharedOf(request.Family.Moments), 1, sample.Dimension);
        var deviation = new double[sample.Dimension];
        for (var i = 0; i < sample.Count; i++)
        {
            var weight = sample.Weights?[i] ?? 1;
            var row = sample.Rows.Slice(i * deviation.Length, deviation.Length);
            for (var j = 0; j < deviation.Length; j++) deviation[j] = row[j] - origin[j];
            _total.Values[0] += weight;
            _total.Moments.AddSquare(_total.Values[(1 + deviation.Length)..], deviation, weight);
        }
        _total.TotalWeight = _total.Values[0];
    }

    /// <summary>The covariance within the clusters of the last <see cref="Update"/>, as the matrix of one component.</summary>
    public Parameters Covariance { get; }

    /// <summary>Computes means and covariance of a partition; the mean of a cluster without points stays.</summary>
    /// <param name="labels">[N], the cluster of each point.</param>
    /// <param name="means">[K x D], receives the means, in the units of the data.</param>
    [MethodImpl(Compiled.Once)]
    public void Update(ReadOnlySpan<int> labels, Span<double> means)
    {
        var dimension = _origin.Length;
        var sums = new double[means.Length];
        var rows = _sample.Rows;
        _counts.AsSpan().Clear();
        for (var i = 0; i < labels.Length; i++)
        {
            var weight = _sample.Weights?[i] ?? 1;
            var row = rows.Slice(i * dimension, dimension);
            var sum = sums.AsSpan(labels[i] * dimension, dimension);
            _counts[labels[i]] += weight;
            for (var j = 0; j < dimension; j++) sum[j] += weight * (row[j] - _origin[j]);
        }
        _total.Values.CopyTo(_within.Values);
        for (var k = 0; k < _counts.Length; k++)
        {
            if (_counts[k] == 0) continue;
            var mean = sums.AsSpan(k * dimension, dimension);
            for (var j = 0; j < dimension; j++)
            {
                mean[j] /= _counts[k];
                means[k * dimension + j] = _origin[j] + mean[j];
            }
            _within.Moments.AddSquare(_within.Values.Slice(1 + dimension, _within.SecondMomentLength), mean, -_counts[k]);
        }
        Maximization.Estimate(_within, Covariance, _request.Regularization);
    }
}
