using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

/// <summary>
/// One variance per component.
///   distances:  q = |x - mu|^2 / s^2
///   M-step:     s^2 = (tr S_k / N_k - |delta|^2) / D + regularization   (McLachlan and Peel, Finite Mixture Models, section 3.2)
/// </summary>
internal readonly unsafe struct SphericalCovariance : ICovariance
{
    public CovarianceType Type => CovarianceType.Spherical;

    public int CovarianceLength(int components, int dimension) => components;

    public int FactorLength(int dimension) => 1;

    public int SecondMomentLength(int dimension) => 1;

    public long FreeParameters(int components, int dimension) => components;

    public bool TryFactor(MixtureParameters parameters, int matrix, out FactorFailure failure)
    {
        var variance = parameters.Covariances[matrix];
        if (!MixtureParameters.IsVariance(variance))
        {
            failure = new FactorFailure(matrix, 0, variance);
            return false;
        }
        parameters.Factor(matrix)[0] = 1 / Math.Sqrt(variance);
        parameters.SetConstants(matrix, -0.5 * parameters.Dimension * MixtureParameters.Log(variance));
        failure = default;
        return true;
    }

    public void Expand(MixtureParameters parameters, int k, Span<double> matrix)
    {
        var d = parameters.Dimension;
        matrix.Clear();
        for (var j = 0; j < d; j++) matrix[j * d + j] = parameters.Covariances[k];
    }

    public (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k) => (parameters.Covariances[k], parameters.Covariances[k]);

    // All are as long; this one sees a difference in any feature.
    public double LongestAxis(MixtureParameters parameters, int k, Span<double> axis)
    {
        axis.Fill(1 / Math.Sqrt(axis.Length));
        return parameters.Covariances[k];
    }

    public void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance) => matrix[0] -= variance / axis.Length;

    public void Maximize(SufficientStatistics statistics, MixtureParameters next, int matrix, double regularization)
    {
        var meanSquare = statistics.SecondMoment(matrix)[0] / statistics.EffectiveCount(matrix);
        var variance = (meanSquare - SquaredDelta(statistics, matrix)) / statistics.Dimension;
        next.Covariances[matrix] = regularization
            + MixtureParameters.WithoutRounding(variance, MeanMagnitude(next.Mean(matrix)), meanSquare / statistics.Dimension);
    }

    public double Cancellation(SufficientStatistics statistics, int k) =>
        FullCovariance.CancellationOf(statistics.SecondMoment(k)[0] / statistics.EffectiveCount(k), Math.Sqrt(SquaredDelta(statistics, k)));

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
        Deviations.Moments<TLanes, TVector, T>(block, components, joint, scales, centers, secondStep: 0, tile, sums);

    // The root of the mean square of the coordinates: a spherical variance is an average over the features.
    private static double MeanMagnitude(ReadOnlySpan<double> mean)
    {
        double sum = 0;
        foreach (var coordinate in mean) sum += coordinate * coordinate;
        return Math.Sqrt(sum / mean.Length);
    }

    private static double SquaredDelta(SufficientStatistics statistics, int k)
    {
        double sum = 0;
        for (var j = 0; j < statistics.Dimension; j++) sum += statistics.Delta(k, j) * statistics.Delta(k, j);
        return sum;
    }
}
