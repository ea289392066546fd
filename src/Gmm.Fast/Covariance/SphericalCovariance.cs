using Gmm.Fast.Data;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

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

    public bool TryFactor(MixtureParameters parameters, out FactorFailure failure)
    {
        for (var k = 0; k < parameters.Components; k++)
        {
            var variance = parameters.Covariances[k];
            if (!MixtureParameters.IsVariance(variance))
            {
                failure = new FactorFailure(k, 0, variance);
                return false;
            }
            parameters.Factor(k)[0] = 1 / Math.Sqrt(variance);
            parameters.SetConstants(k, -0.5 * parameters.Dimension * MixtureParameters.Log(variance));
        }
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

    public void Maximize(SufficientStatistics statistics, MixtureParameters current, MixtureParameters next, double regularization)
    {
        for (var k = 0; k < statistics.Components; k++)
        {
            var count = statistics.EffectiveCount(k);
            if (count == 0)
            {
                next.Covariances[k] = current.Covariances[k];
                continue;
            }
            var variance = (statistics.SecondMoment(k)[0] / count - SquaredDelta(statistics, k)) / statistics.Dimension;
            next.Covariances[k] = MixtureParameters.WithoutRounding(variance, MeanMagnitude(next.Mean(k))) + regularization;
        }
    }

    public double Cancellation(SufficientStatistics statistics, int k) =>
        FullCovariance.CancellationOf(statistics.SecondMoment(k)[0] / statistics.EffectiveCount(k), Math.Sqrt(SquaredDelta(statistics, k)));

    public void SquaredDistances<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* factor, T* deviations, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        nint stride = block.Stride;
        var w = TLanes.Broadcast(factor[0]);
        for (var p = 0; p < block.Padded; p += 2 * TLanes.Count)
        {
            TVector q0 = TLanes.Zero, q1 = TLanes.Zero;
            var x = block.X + p;
            for (var j = 0; j < block.Columns; j++, x += stride)
            {
                // Scaled before squaring: neither tiny nor huge variances leave the range of the element type.
                var m = TLanes.Broadcast(mean[j]);
                var z0 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x), m), w);
                var z1 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + TLanes.Count), m), w);
                q0 = TLanes.Fma(z0, z0, q0);
                q1 = TLanes.Fma(z1, z1, q1);
            }
            TLanes.Store(distances + p, q0);
            TLanes.Store(distances + p + TLanes.Count, q1);
        }
    }

    public void Accumulate<TLanes, TVector>(in ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint stride = block.Stride;
        var d = scratch;
        var rd = scratch + block.Columns * stride;
        Deviations.AccumulateFirst<TLanes, TVector>(block, responsibilities, center, d, rd, moments);
        double trace = 0;
        for (var j = 0; j < block.Columns; j++)
            trace += Deviations.SumOfProducts<TLanes, TVector>(rd + j * stride, d + j * stride, block.Padded);
        moments[1 + block.Columns] += trace;
    }

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
