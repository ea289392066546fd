using System.Buffers;
using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

/// <summary>
/// One symmetric positive definite matrix per component. M-step: Sigma_k = S_k / N_k - delta delta^T + regularization I, delta the displacement
/// of the mean from the center of the moments (Bishop, PRML, equation 9.25, centered in one pass).
/// </summary>
internal readonly unsafe struct FullCovariance : ICovariance
{
    public CovarianceType Type => CovarianceType.Full;

    public int CovarianceLength(int components, int dimension) => checked(components * dimension * dimension);

    public int FactorLength(int dimension) => DistanceKernel.FactorLength(dimension);

    public int SecondMomentLength(int dimension) => PackedLower.Length(dimension);

    public long FreeParameters(int components, int dimension) => (long)components * PackedLower.Length(dimension);

    public bool TryFactor(MixtureParameters parameters, int matrix, out FactorFailure failure)
    {
        var scratch = Rent(parameters.Dimension, out var rented);
        var factored = TryFactor(parameters, matrix, scratch, out failure);
        ArrayPool<double>.Shared.Return(rented);
        return factored;
    }

    public void Expand(MixtureParameters parameters, int k, Span<double> matrix) => parameters.CovarianceOf(k).CopyTo(matrix);

    public (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k) =>
        SymmetricEigenvalues.ExtremesOfPositiveDefinite(parameters.CovarianceOf(k), parameters.Dimension);

    public double LongestAxis(MixtureParameters parameters, int k, Span<double> axis) => LongestAxis(parameters.CovarianceOf(k), axis);

    public void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance)
    {
        for (var i = 0; i < axis.Length; i++)
        {
            for (var j = 0; j < axis.Length; j++) matrix[i * axis.Length + j] -= variance * (axis[i] * axis[j]);
        }
    }

    public void Maximize(SufficientStatistics statistics, MixtureParameters next, int matrix, double regularization)
    {
        var d = statistics.Dimension;
        var target = next.CovarianceOf(matrix);
        var count = statistics.EffectiveCount(matrix);
        var second = statistics.SecondMoment(matrix);
        var rented = ArrayPool<double>.Shared.Rent(d);
        var delta = rented.AsSpan(0, d);
        for (var i = 0; i < d; i++) delta[i] = statistics.Delta(matrix, i);
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++) target[i * d + j] = second[PackedLower.Index(i, j)] / count - delta[i] * delta[j];
            target[i * d + i] = MixtureParameters.WithoutRounding(target[i * d + i], next.Means[matrix * d + i], second[PackedLower.Index(i, i)] / count);
        }
        ArrayPool<double>.Shared.Return(rented);
        Complete(target, d, regularization);
    }

    internal static double LongestAxis(ReadOnlySpan<double> matrix, Span<double> axis)
    {
        var n = axis.Length;
        double[] values = matrix.ToArray(), vectors = new double[n * n];
        SymmetricEigenvectors.Decompose(values, n, vectors);
        var longest = 0;
        for (var i = 1; i < n; i++)
        {
            if (values[i * n + i] > values[longest * n + longest]) longest = i;
        }
        vectors.AsSpan(longest * n, n).CopyTo(axis);
        return values[longest * n + longest];
    }

    /// <summary>From a lower triangle to the covariance: a feature without variance has no covariances either, then symmetry and regularization.</summary>
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

    public void Distances<TLanes, TVector, T>(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
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

    public void Accumulate<TLanes, TVector, T>(
        in PointBlock<T> block, int components, T* joint, T* scales, T* centers, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        MomentKernel.Run<TLanes, TVector, T>(block, components, joint, scales, centers, scratch, tile, sums);

    /// <summary>Factor and constants of component <paramref name="k"/>; the inverse factor W stays in <paramref name="scratch"/> [D x D].</summary>
    internal static bool TryFactor(MixtureParameters parameters, int k, Span<double> scratch, out FactorFailure failure)
    {
        var d = parameters.Dimension;
        parameters.CovarianceOf(k).CopyTo(scratch);
        if (!Cholesky.TryFactor(scratch, d, out var pivot, out var value))
        {
            failure = new FactorFailure(k, pivot, value);
            return false;
        }
        double logDeterminant = 0;
        for (var i = 0; i < d; i++) logDeterminant -= MixtureParameters.Log(scratch[i * d + i]);
        Cholesky.InvertLower(scratch, d);
        DistanceKernel.PackFactor(scratch, d, parameters.Factor(k));
        parameters.SetConstants(k, logDeterminant);
        failure = default;
        return true;
    }

    /// <summary>[D x D] from the pool of the running thread: matrices are factored in parallel, once per iteration.</summary>
    internal static Span<double> Rent(int dimension, out double[] rented)
    {
        rented = ArrayPool<double>.Shared.Rent(dimension * dimension);
        return rented.AsSpan(0, dimension * dimension);
    }

    /// <summary>The worst ratio over the features of the second moment about the center to the one about the mean.</summary>
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
