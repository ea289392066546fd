using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Families;

/// <summary>
/// The formulas of one covariance type. Implemented by empty structs: the two kernels are called through a type parameter and compile to direct
/// code, the rest runs once per iteration.
/// </summary>
internal unsafe interface ICovariance
{
    CovarianceType Type { get; }

    /// <summary>Length of the compact form of all covariances.</summary>
    int CovarianceLength(int components, int dimension);

    /// <summary>Numbers per component in <see cref="MixtureParameters.Factors"/>.</summary>
    int FactorLength(int dimension);

    /// <summary>Numbers per component that the accumulation keeps of the second moments.</summary>
    int SecondMomentLength(int dimension);

    /// <summary>Free parameters of the covariances (McLachlan and Peel, Finite Mixture Models, section 3.12).</summary>
    long FreeParameters(int components, int dimension);

    /// <summary>Matrices that are estimated and factored apart: one per component, or one that all share.</summary>
    int Matrices(int components) => components;

    /// <summary>Factor and constants of one matrix, with the weights as they are; false with the pivot where it is not positive definite.</summary>
    bool TryFactor(MixtureParameters parameters, int matrix, out FactorFailure failure);

    /// <summary>The covariance of component k as a full matrix [D x D].</summary>
    void Expand(MixtureParameters parameters, int k, Span<double> matrix);

    /// <summary>The direction [D], of length 1, in which component <paramref name="k"/> is longest, and its variance there.</summary>
    double LongestAxis(MixtureParameters parameters, int k, Span<double> axis);

    /// <summary>Takes <paramref name="variance"/> away along <paramref name="axis"/> from one matrix, as far as its form can tell directions apart.</summary>
    void Narrow(Span<double> matrix, ReadOnlySpan<double> axis, double variance);

    /// <summary>Smallest and largest eigenvalue of the covariance of component k.</summary>
    (double Smallest, double Largest) Spectrum(MixtureParameters parameters, int k);

    /// <summary>
    /// One matrix of the M-step (Bishop, Pattern Recognition and Machine Learning, equation 9.25) into <paramref name="next"/>, whose means are
    /// already set. Its component has points.
    /// </summary>
    void Maximize(SufficientStatistics statistics, MixtureParameters next, int matrix, double regularization);

    /// <summary>How much larger the second moments of component k about its center are than about its mean: the digits that centering costs.</summary>
    double Cancellation(SufficientStatistics statistics, int k);

    /// <summary>
    /// Squared Mahalanobis distances of all points of a block to all components, into <paramref name="joint"/> [K x Stride].
    /// <paramref name="scratch"/> [<see cref="KernelScratch.Columns"/> x Stride].
    /// </summary>
    void Distances<TLanes, TVector, T>(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Adds r, r d and the type's part of r d d^T of all components over a block, d = x - center, to <paramref name="sums"/>
    /// [K x (1 + D + SecondMomentLength)]. <paramref name="joint"/> [K x Stride]: in shares, out responsibilities r, or anything;
    /// <paramref name="scales"/> [Padded]: r = share * scale, 0 behind the last point; <paramref name="centers"/> [K x D];
    /// <paramref name="scratch"/> [<see cref="KernelScratch.Columns"/> x Stride]; <paramref name="tile"/> [<see cref="LaneSum.TileLength"/>].
    /// </summary>
    void Accumulate<TLanes, TVector, T>(
        in PointBlock<T> block, int components, T* joint, T* scales, T* centers, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged;
}

/// <summary>What all kernels agree on.</summary>
internal static class KernelScratch
{
    /// <summary>Columns of scratch that the kernels of any covariance type need beside a block of D columns.</summary>
    public static int Columns(int dimension) => 2 * dimension + MomentKernel.ScratchColumns;
}
