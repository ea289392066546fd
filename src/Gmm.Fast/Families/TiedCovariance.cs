using System.Buffers;
using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

/// <summary>
/// One matrix for all components. M-step: Sigma = sum over k of N_k (S_k / N_k - delta_k delta_k^T) / N + regularization I
/// (McLachlan and Peel, Finite Mixture Models, section 3.2, homoscedastic components). Each component keeps its own second moment until the
/// M-step, so that its displacement can be taken out exactly.
///   distances:  q_k = |y - m_k|^2 with y = W (x - c) once per point, m_k = W (mu_k - c), c the mean of the mixture, where the m_k are
///               not too large; else as for full covariances.
/// </summary>
internal readonly unsafe struct TiedCovariance : ICovariance
{
    // In standard deviations from the center: what y - m loses to cancellation stays below 2^-46, so two digits of sixteen.
    private const double FurthestWhitened = 64;

    public CovarianceType Type => CovarianceType.Tied;

    public int CovarianceLength(int components, int dimension) => checked(dimension * dimension);

    public int FactorLength(int dimension) => DistanceKernel.FactorLength(dimension);

    public int SecondMomentLength(int dimension) => PackedLower.Length(dimension);

    public long FreeParameters(int components, int dimension) => PackedLower.Length(dimension);

    public int Matrices(int components) => 1;

    public bool TryFactor(MixtureParameters parameters, int matrix, out FactorFailure failure)
    {
        var scratch = FullCovariance.Rent(parameters.Dimension, out var rented);
        var factored = FullCovariance.TryFactor(parameters, 0, scratch, out failure);
        if (factored)
        {
            for (var k = 1; k < parameters.Components; k++) parameters.CopyFactor(0, k);
            Whiten(parameters, scratch);
        }
        ArrayPool<double>.Shared.Return(rented);
        return factored;
    }

    public void Expand(MixtureParameters parameters, int k, Span<double> matrix) => parameters.Covariances.CopyTo(matrix);

    public (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k) =>
        SymmetricEigenvalues.ExtremesOfPositiveDefinite(parameters.Covariances, parameters.Dimension);

    public double LongestAxis(MixtureParameters parameters, int k, Span<double> axis) => FullCovariance.LongestAxis(parameters.Covariances, axis);

    // Everybody's covariance is not for one component to change.
    public void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance)
    {
    }

    public void Maximize(SufficientStatistics statistics, MixtureParameters next, int matrix, double regularization)
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
            double furthest = 0, squares = 0;
            for (var k = 0; k < statistics.Components; k++)
            {
                furthest = Math.Max(furthest, Math.Abs(next.Means[k * d + i]));
                squares += statistics.SecondMoment(k)[PackedLower.Index(i, i)];
            }
            target[i * d + i] = MixtureParameters.WithoutRounding(target[i * d + i], furthest, squares / statistics.RowCount);
        }
        FullCovariance.Complete(target, d, regularization);
    }

    public double Cancellation(SufficientStatistics statistics, int k) => FullCovariance.CancellationOfTriangle(statistics, k);

    public void Distances<TLanes, TVector, T>(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!parameters.Whitens)
        {
            default(FullCovariance).Distances<TLanes, TVector, T>(block, parameters, scratch, joint);
            return;
        }

        // The distances from the center, which nobody needs, go where those of the first component will be.
        var white = new PointBlock<T>(scratch, block.Stride, block.Columns, block.Count, block.Padded);
        DistanceKernel.Whiten<TLanes, TVector, T>(
            block, parameters.Center, parameters.Factors, scratch + block.Columns * (nint)block.Stride, white.X, joint);
        Deviations.Distances<TLanes, TVector, T>(white, parameters.Components, parameters.WhitenedMeans, factors: null, factorLength: 0, joint);
    }

    public void Accumulate<TLanes, TVector, T>(
        in PointBlock<T> block, int components, T* joint, T* scales, T* centers, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        MomentKernel.Run<TLanes, TVector, T>(block, components, joint, scales, centers, scratch, tile, sums);

    private static void Whiten(MixtureParameters parameters, ReadOnlySpan<double> inverseFactor)
    {
        var d = parameters.Dimension;
        var center = parameters.Center;
        Array.Clear(center);
        for (var k = 0; k < parameters.Components; k++)
        {
            for (var j = 0; j < d; j++) center[j] += parameters.Weights[k] * parameters.Means[k * d + j];
        }

        // Any center will do, so one that is the same number in both element types.
        for (var j = 0; j < d; j++)
        {
            if (float.IsFinite((float)center[j])) center[j] = (float)center[j];
        }
        double furthest = 0;
        for (var k = 0; k < parameters.Components; k++)
        {
            for (var i = 0; i < d; i++)
            {
                double sum = 0;
                for (var j = 0; j <= i; j++) sum = Math.FusedMultiplyAdd(inverseFactor[i * d + j], parameters.Means[k * d + j] - center[j], sum);
                parameters.WhitenedMeans[k * d + i] = sum;
                furthest = Math.Max(furthest, Math.Abs(sum));
            }
        }
        parameters.Whitens = furthest <= FurthestWhitened;
    }
}
