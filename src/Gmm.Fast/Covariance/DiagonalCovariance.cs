using System.Numerics;
using Gmm.Fast.Data;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// One variance per component and feature.
///   distances:  q = sum over j of ((x_j - mu_j) / s_j)^2
///   M-step:     s_j^2 = S_jj / N_k - delta_j^2 + regularization   (the diagonal of Bishop, PRML, equation 9.25)
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
                var meanSquare = statistics.SecondMoment(k)[j] / count;
                target[j] = MixtureParameters.WithoutRounding(meanSquare - delta * delta, next.Means[k * d + j], meanSquare) + regularization;
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

    public void Distances<TLanes, TVector, T>(in ColumnBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint k = 0; k < parameters.Components; k++)
        {
            Deviations.SumOfSquares<TLanes, TVector, T>(
                block, parameters.Means + k * block.Columns, parameters.Factors + k * block.Columns, factorStep: 1, joint + k * block.Stride);
        }
    }

    public void Accumulate<TLanes, TVector, T>(in ColumnBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        Deviations.Moments<TLanes, TVector, T>(block, shares, scales, center, secondStep: 1, tile, sums);
}
