using System.Runtime.CompilerServices;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>Holds the moments of whole points in clusters, in the units of the data, and makes mixtures of them.</summary>
internal sealed class Clusters
{
    private readonly SufficientStatistics _statistics;
    private readonly StartRequest _request;

    /// <summary>Sums the moments of clusters about their means.</summary>
    /// <param name="request">The options of the fit.</param>
    /// <param name="sample">The points.</param>
    /// <param name="labels">[N], the cluster of each point.</param>
    /// <param name="count">Clusters.</param>
    [MethodImpl(Compiled.Once)]
    public Clusters(StartRequest request, Sample sample, ReadOnlySpan<int> labels, int count)
    {
        _request = request;
        var dimension = sample.Dimension;
        _statistics = new SufficientStatistics(request.Family.Moments, count, dimension);
        var counts = new double[count];
        var means = _statistics.Centers;
        var rows = sample.Rows;
        for (var i = 0; i < labels.Length; i++)
        {
            var (k, weight) = (labels[i], sample.Weights?[i] ?? 1);
            var row = rows.Slice(i * dimension, dimension);
            var mean = means.AsSpan(k * dimension, dimension);
            counts[k] += weight;

            // The running mean keeps its digits at any offset of the data.
            var share = weight / counts[k];
            for (var j = 0; j < dimension; j++) mean[j] += (row[j] - mean[j]) * share;
        }
        for (var k = 0; k < count; k++)
        {
            if (counts[k] == 0) request.Pooled.Mean(0).CopyTo(means.AsSpan(k * dimension));
        }
        var deviation = new double[dimension];
        var length = 1 + dimension + _statistics.SecondMomentLength;
        for (var i = 0; i < labels.Length; i++)
        {
            var (k, weight) = (labels[i], sample.Weights?[i] ?? 1);
            var row = rows.Slice(i * dimension, dimension);
            var sums = _statistics.Values.Slice(k * length, length);
            for (var j = 0; j < dimension; j++) sums[1 + j] += weight * (deviation[j] = row[j] - means[k * dimension + j]);
            sums[0] += weight;
            _statistics.Moments.AddSquare(sums[(1 + dimension)..], deviation, weight);
            _statistics.TotalWeight += weight;
        }
        _statistics.PointCount = labels.Length;
        Within = new Parameters(FamilyTable.SharedOf(request.Family.Moments), count, dimension);
        Within.FillCovariances(request.Pooled);
        Maximization.Estimate(_statistics, Within, request.Regularization);
    }

    /// <summary>The moments, about the means of the clusters.</summary>
    public SufficientStatistics Statistics => _statistics;

    /// <summary>The mixture whose components share the covariance within clusters.</summary>
    public Parameters Within { get; }

    /// <summary>ln |W|, W the covariance within clusters; infinite where that is singular.</summary>
    public double LogDeterminant
    {
        get
        {
            var factor = new double[Within.Family.Form.FactorLength(Within.Dimension)];
            var isFactored = Within.Family.TryFactor(Within.CovarianceOf(0), Within.Dimension, factor, MatrixTeam.Alone, out var logDeterminant, out _, out _);
            return isFactored ? -2 * logDeterminant : double.PositiveInfinity;
        }
    }

    /// <summary>
    /// Gives the mixture of the clusters. The covariance of each is a mean of its own and of that within all clusters, which counts as much as
    /// <paramref name="prior"/> points.
    /// </summary>
    public Parameters Mixture(double prior)
    {
        var mixture = new Parameters(_request.Family, _request.Components, _statistics.Dimension);
        mixture.FillCovariances(Within);
        Maximization.Estimate(_statistics, mixture, _request.Regularization);
        if (mixture.IsShared) return mixture;
        var common = Within.CovarianceOf(0);
        for (var k = 0; k < mixture.Components; k++)
        {
            var points = _statistics.EffectiveCount(k) / _statistics.TotalWeight * _statistics.PointCount;
            var share = prior / (points + prior);
            var own = mixture.CovarianceOf(k);
            for (var i = 0; i < own.Length; i++) own[i] += share * (common[i] - own[i]);
        }
        return mixture;
    }
}
