using Gmm.Fast.Data;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// One variance per component and feature.
///   distances:  q = sum over j of ((x_j - mu_j) / s_j)^2
///   M-step:     s_j^2 = S_jj / N_k - delta_j^2 + regularization   (the diagonal of Bishop, PRML, equation 9.25)
/// Rejected for the distances: x^2 / s^2 - 2 x mu / s^2 + mu^2 / s^2 as matrix products; it loses all digits where the mean is large.
/// </summary>
internal readonly unsafe struct DiagonalCovariance : ICovariance
{
    public CovarianceType Type => CovarianceType.Diagonal;

    public int CovarianceLength(int components, int dimension) => checked(components * dimension);

    public int FactorLength(int dimension) => dimension;

    public int SecondMomentLength(int dimension) => dimension;

    public long FreeParameters(int components, int dimension) => (long)components * dimension;

    public bool TryFactor(MixtureParameters parameters, out FactorFailure failure)
    {
        var d = parameters.Dimension;
        for (var k = 0; k < parameters.Components; k++)
        {
            var factor = parameters.Factor(k);
            double logDeterminant = 0;
            for (var j = 0; j < d; j++)
            {
                var variance = parameters.Covariances[k * d + j];
                if (!MixtureParameters.IsVariance(variance))
                {
                    failure = new FactorFailure(k, j, variance);
                    return false;
                }
                factor[j] = 1 / Math.Sqrt(variance);
                logDeterminant -= 0.5 * MixtureParameters.Log(variance);
            }
            parameters.SetConstants(k, logDeterminant);
        }
        failure = default;
        return true;
    }

    public void Expand(MixtureParameters parameters, int k, Span<double> matrix)
    {
        var d = parameters.Dimension;
        matrix.Clear();
        for (var j = 0; j < d; j++) matrix[j * d + j] = parameters.Covariances[k * d + j];
    }

    public (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k)
    {
        var variances = parameters.Covariances.AsSpan(k * parameters.Dimension, parameters.Dimension);
        var (smallest, largest) = (variances[0], variances[0]);
        foreach (var variance in variances) (smallest, largest) = (Math.Min(smallest, variance), Math.Max(largest, variance));
        return (smallest, largest);
    }

    public void Maximize(SufficientStatistics statistics, MixtureParameters current, MixtureParameters next, double regularization)
    {
        var d = statistics.Dimension;
        for (var k = 0; k < statistics.Components; k++)
        {
            var target = next.Covariances.AsSpan(k * d, d);
            var count = statistics.EffectiveCount(k);
            if (count == 0)
            {
                current.Covariances.AsSpan(k * d, d).CopyTo(target);
                continue;
            }
            for (var j = 0; j < d; j++)
            {
                var delta = statistics.Delta(k, j);
                var variance = statistics.SecondMoment(k)[j] / count - delta * delta;
                target[j] = MixtureParameters.WithoutRounding(variance, next.Means[k * d + j]) + regularization;
            }
        }
    }

    public double Cancellation(SufficientStatistics statistics, int k)
    {
        double worst = 1;
        for (var j = 0; j < statistics.Dimension; j++)
            worst = Math.Max(worst, FullCovariance.CancellationOf(statistics.SecondMoment(k)[j] / statistics.EffectiveCount(k), statistics.Delta(k, j)));
        return worst;
    }

    public void SquaredDistances<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* factor, T* deviations, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        Deviations.SumOfScaledSquares<TLanes, TVector, T>(block, mean, factor, factorStep: 1, distances);

    public void Accumulate<TLanes, TVector>(in ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint stride = block.Stride;
        var d = scratch;
        var rd = scratch + block.Columns * stride;
        Deviations.AccumulateFirst<TLanes, TVector>(block, responsibilities, center, d, rd, moments);
        var second = moments + 1 + block.Columns;
        for (var j = 0; j < block.Columns; j++)
            second[j] += Deviations.SumOfProducts<TLanes, TVector>(rd + j * stride, d + j * stride, block.Padded);
    }
}
