using Gmm.Fast.Data;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// One matrix for all components. M-step: Sigma = sum over k of N_k (S_k / N_k - delta_k delta_k^T) / N + regularization I
/// (McLachlan and Peel, Finite Mixture Models, section 3.2, homoscedastic components). Each component keeps its own second moment until the
/// M-step, so that its displacement can be taken out exactly.
/// </summary>
internal readonly unsafe struct TiedCovariance : ICovariance
{
    public CovarianceType Type => CovarianceType.Tied;

    public int CovarianceLength(int components, int dimension) => checked(dimension * dimension);

    public int FactorLength(int dimension) => TriangularKernel.FactorLength(dimension);

    public int SecondMomentLength(int dimension) => PackedLower.Length(dimension);

    public long FreeParameters(int components, int dimension) => PackedLower.Length(dimension);

    public bool TryFactor(MixtureParameters parameters, out FactorFailure failure)
    {
        if (!FullCovariance.TryFactorOne(parameters, parameters.Covariances, 0, out failure)) return false;
        for (var k = 1; k < parameters.Components; k++) parameters.CopyFactor(0, k);
        return true;
    }

    public void Expand(MixtureParameters parameters, int k, Span<double> matrix) => parameters.Covariances.CopyTo(matrix);

    public (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k)
    {
        var d = parameters.Dimension;
        return SymmetricEigenvalues.ExtremesOfPositiveDefinite(parameters.Covariances.AsSpan(0, d * d), d);
    }

    public void Maximize(SufficientStatistics statistics, MixtureParameters current, MixtureParameters next, double regularization)
    {
        var d = statistics.Dimension;
        var target = next.Covariances.AsSpan();
        target.Clear();
        for (var k = 0; k < statistics.Components; k++)
        {
            var count = statistics.EffectiveCount(k);
            if (count == 0) continue;
            var second = statistics.SecondMoment(k);
            for (var i = 0; i < d; i++)
            {
                var displaced = count * statistics.Delta(k, i);
                for (var j = 0; j <= i; j++) target[i * d + j] += second[PackedLower.Index(i, j)] - displaced * statistics.Delta(k, j);
            }
        }
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) target[i * d + j] /= statistics.RowCount;
            double furthest = 0;
            for (var k = 0; k < statistics.Components; k++) furthest = Math.Max(furthest, Math.Abs(next.Means[k * d + i]));
            target[i * d + i] = MixtureParameters.WithoutRounding(target[i * d + i], furthest);
        }
        FullCovariance.Complete(target, d, regularization);
    }

    public double Cancellation(SufficientStatistics statistics, int k) => FullCovariance.CancellationOfTriangle(statistics, k);

    public void SquaredDistances<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* factor, T* deviations, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        TriangularKernel.SquaredDistances<TLanes, TVector, T>(block, mean, factor, deviations, distances);

    public void Accumulate<TLanes, TVector>(in ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        TriangularKernel.Accumulate<TLanes, TVector>(block, responsibilities, center, scratch, moments);
}
