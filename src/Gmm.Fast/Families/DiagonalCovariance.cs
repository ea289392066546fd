using System.Numerics;
using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

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

    public bool TryFactor(MixtureParameters parameters, int matrix, out FactorFailure failure)
    {
        var variances = parameters.CovarianceOf(matrix);
        var factor = parameters.Factor(matrix);
        double logDeterminant = 0;
        for (var j = 0; j < variances.Length; j++)
        {
            if (!MixtureParameters.IsVariance(variances[j]))
            {
                failure = new FactorFailure(matrix, j, variances[j]);
                return false;
            }
            factor[j] = 1 / Math.Sqrt(variances[j]);
            logDeterminant -= 0.5 * MixtureParameters.Log(variances[j]);
        }
        parameters.SetConstants(matrix, logDeterminant);
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

    public double LongestAxis(MixtureParameters parameters, int k, Span<double> axis)
    {
        var variances = parameters.CovarianceOf(k);
        var longest = TensorPrimitives.IndexOfMax<double>(variances);
        axis.Clear();
        axis[longest] = 1;
        return variances[longest];
    }

    public void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance)
    {
        for (var j = 0; j < axis.Length; j++) matrix[j] -= variance * (axis[j] * axis[j]);
    }

    public void Maximize(SufficientStatistics statistics, MixtureParameters next, int matrix, double regularization)
    {
        var target = next.CovarianceOf(matrix);
        var mean = next.Mean(matrix);
        for (var j = 0; j < target.Length; j++)
        {
            var delta = statistics.Delta(matrix, j);
            var meanSquare = statistics.SecondMoment(matrix)[j] / statistics.EffectiveCount(matrix);
            target[j] = MixtureParameters.WithoutRounding(meanSquare - delta * delta, mean[j], meanSquare) + regularization;
        }
    }

    public double Cancellation(SufficientStatistics statistics, int k)
    {
        double worst = 1;
        for (var j = 0; j < statistics.Dimension; j++)
            worst = Math.Max(worst, FullCovariance.CancellationOf(statistics.SecondMoment(k)[j] / statistics.EffectiveCount(k), statistics.Delta(k, j)));
        return worst;
    }

    public void Distances<TLanes, TVector, T>(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Deviations.Distances<TLanes, TVector, T>(
            block, parameters.Components, parameters.Means, parameters.Factors, parameters.FactorLength, joint);

    public void Accumulate<TLanes, TVector, T>(
        in PointBlock<T> block, int components, T* joint, T* scales, T* centers, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        Deviations.Moments<TLanes, TVector, T>(block, components, joint, scales, centers, secondStep: 1, tile, sums);
}
