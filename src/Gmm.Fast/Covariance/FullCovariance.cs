using System.Numerics;
using Gmm.Fast.Data;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// One symmetric positive definite matrix per component. M-step: Sigma_k = S_k / N_k - delta delta^T + regularization I, delta the displacement
/// of the mean from the centre of the moments (Bishop, PRML, equation 9.25, centred in one pass).
/// </summary>
internal readonly unsafe struct FullCovariance : ICovariance
{
    public CovarianceType Type => CovarianceType.Full;

    public int CovarianceLength(int components, int dimension) => checked(components * dimension * dimension);

    public int FactorLength(int dimension) => DistanceKernel.FactorLength(dimension);

    public int SecondMomentLength(int dimension) => PackedLower.Length(dimension);

    public long FreeParameters(int components, int dimension) => (long)components * PackedLower.Length(dimension);

    public bool TryFactor(MixtureParameters parameters, out FactorFailure failure)
    {
        var d = parameters.Dimension;
        for (var k = 0; k < parameters.Components; k++)
        {
            if (!TryFactorOne(parameters, parameters.Covariances.AsSpan(k * d * d, d * d), k, out failure)) return false;
        }
        failure = default;
        return true;
    }

    public void Expand(MixtureParameters parameters, int k, Span<double> matrix) =>
        parameters.Covariances.AsSpan(k * matrix.Length, matrix.Length).CopyTo(matrix);

    public (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k)
    {
        var d = parameters.Dimension;
        return SymmetricEigenvalues.ExtremesOfPositiveDefinite(parameters.Covariances.AsSpan(k * d * d, d * d), d);
    }

    public void Maximize(SufficientStatistics statistics, MixtureParameters current, MixtureParameters next, double regularization)
    {
        var d = statistics.Dimension;
        for (var k = 0; k < statistics.Components; k++)
        {
            var target = next.Covariances.AsSpan(k * d * d, d * d);
            var count = statistics.EffectiveCount(k);
            if (count == 0)
            {
                current.Covariances.AsSpan(k * d * d, d * d).CopyTo(target);
                continue;
            }
            var second = statistics.SecondMoment(k);
            for (var i = 0; i < d; i++)
            {
                var delta = statistics.Delta(k, i);
                for (var j = 0; j <= i; j++) target[i * d + j] = second[PackedLower.Index(i, j)] / count - delta * statistics.Delta(k, j);
                target[i * d + i] = MixtureParameters.WithoutRounding(target[i * d + i], next.Means[k * d + i], second[PackedLower.Index(i, i)] / count);
            }
            Complete(target, d, regularization);
        }
    }

    /// <summary>From a lower triangle to the covariance: a feature without variance has no covariances either, then symmetry and regularisation.</summary>
    internal static void Complete(Span<double> matrix, int d, double regularization)
    {
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (matrix[i * d + i] == 0 || matrix[j * d + j] == 0) matrix[i * d + j] = 0;
                matrix[j * d + i] = matrix[i * d + j];
            }
        }
        for (var i = 0; i < d; i++) matrix[i * d + i] += regularization;
    }

    public double Cancellation(SufficientStatistics statistics, int k) => CancellationOfTriangle(statistics, k);

    public void Distances<TLanes, TVector, T>(in ColumnBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (nint k = 0; k < parameters.Components; k++)
        {
            DistanceKernel.Run<TLanes, TVector, T>(
                block, parameters.Means + k * block.Columns, parameters.Factors + k * parameters.FactorLength, scratch, joint + k * block.Stride);
        }
    }

    public void Accumulate<TLanes, TVector, T>(in ColumnBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        MomentKernel.Run<TLanes, TVector, T>(block, shares, scales, center, scratch, tile, sums);

    /// <summary>Factor and constants of component k from its matrix [D x D].</summary>
    internal static bool TryFactorOne(MixtureParameters parameters, ReadOnlySpan<double> covariance, int k, out FactorFailure failure)
    {
        var d = parameters.Dimension;
        var matrix = parameters.Scratch.AsSpan();
        covariance.CopyTo(matrix);
        if (!Cholesky.TryFactor(matrix, d, out var pivot, out var value))
        {
            failure = new FactorFailure(k, pivot, value);
            return false;
        }
        double logDeterminant = 0;
        for (var i = 0; i < d; i++) logDeterminant -= MixtureParameters.Log(matrix[i * d + i]);
        Cholesky.InvertLower(matrix, d);
        DistanceKernel.PackFactor(matrix, d, parameters.Factor(k));
        parameters.SetConstants(k, logDeterminant);
        failure = default;
        return true;
    }

    /// <summary>The worst ratio over the features of the second moment about the centre to the one about the mean.</summary>
    internal static double CancellationOfTriangle(SufficientStatistics statistics, int k)
    {
        double worst = 1;
        var second = statistics.SecondMoment(k);
        for (var i = 0; i < statistics.Dimension; i++)
            worst = Math.Max(worst, CancellationOf(second[PackedLower.Index(i, i)] / statistics.EffectiveCount(k), statistics.Delta(k, i)));
        return worst;
    }

    /// <summary>E[d^2] / (E[d^2] - delta^2): 1 without a displacement, infinite where nothing is left.</summary>
    internal static double CancellationOf(double meanSquare, double delta)
    {
        if (delta == 0) return 1;
        var variance = meanSquare - delta * delta;
        return variance > 0 ? meanSquare / variance : double.PositiveInfinity;
    }
}
