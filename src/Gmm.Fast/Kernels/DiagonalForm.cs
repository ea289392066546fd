using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes squared Mahalanobis distances of diagonal covariances, with w_j the inverse standard deviation of dimension j.
///   q = sum over j of ((x_j - mu_j) w_j)^2   (Bishop, PRML, equation 2.44)
/// </summary>
internal readonly unsafe struct DiagonalForm<TLanes, TVector, T> : IForm<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Distances(in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint) =>
        ScaledDeviations<TLanes, TVector, T>.Distances(block, active, parameters.Means, parameters.Factors, parameters.FactorLength, joint);

    public static void DistancesWithin(
        in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, T* scratch, T* joint, T* floors, T* limits) =>
        ScaledDeviations<TLanes, TVector, T>.DistancesWithin(block, active, parameters, joint, floors, limits);
}

/// <summary>Names <see cref="DiagonalForm{TLanes, TVector, T}"/>.</summary>
internal sealed class DiagonalDensity : DensityForm
{
    public override int FactorLength(int dimension) => dimension;

    public override unsafe DistanceDrift Drift<T>(in DensityNumbers before, in DensityNumbers after, int k, double* scratch) =>
        DistanceDrift.OfScales<T>(before.Mean(k), before.Factor(k), after.Mean(k), after.Factor(k));

    public override TResult Select<TLanes, TVector, T, TUser, TResult>(TUser user) => user.With<DiagonalForm<TLanes, TVector, T>>();

    public override TResult SelectPoint<TUser, TResult>(in DensityNumbers numbers, bool exact, TUser user) => user.With<DiagonalPoint>();
}
