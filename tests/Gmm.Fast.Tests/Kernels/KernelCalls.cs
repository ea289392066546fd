using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Simd;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>The two kernels of every covariance type at every width and shape, called on blocks whose memory the caller owns.</summary>
internal static unsafe class KernelCalls
{
    /// <summary>Squared distances [K x Stride] of a block to all components.</summary>
    public static void Distances<T>(
        LaneShape shape, CovarianceType type, in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var call = new Call<T>(block, parameters, scratch, 0, joint, null, null, null, null);
        Run(shape, type, call);
    }

    /// <summary>Adds the moments of one component to <paramref name="sums"/> [1 + D + SecondMomentLength].</summary>
    public static void Accumulate<T>(
        LaneShape shape, CovarianceType type, in PointBlock<T> block, T* responsibilities, T* center, T* scratch, double* sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Twice the responsibilities at half the scale are the same bits; the kernel may leave anything in their place.
        using var scales = new AlignedBuffer<T>(block.Padded);
        using var tile = new AlignedBuffer<double>(LaneSum.TileLength);
        scales.Span.Fill(T.CreateTruncating(0.5));
        var shares = new Span<T>(responsibilities, block.Padded);
        var kept = shares.ToArray();
        foreach (ref var share in shares) share += share;
        Accumulate(shape, type, block, components: 1, responsibilities, scales.Pointer, center, scratch, tile.Pointer, sums);
        kept.CopyTo(shares);
    }

    /// <summary>The moments of all components from shares [K x Stride] and scales [Padded], with a tile [LaneSum.TileLength], all of the caller.</summary>
    public static void Accumulate<T>(
        LaneShape shape, CovarianceType type, in PointBlock<T> block, int components, T* joint, T* scales, T* centers, T* scratch, double* tile, double* sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Run(shape, type, new Call<T>(block, null, scratch, components, joint, scales, centers, tile, sums));

    private static void Run<T>(LaneShape shape, CovarianceType type, in Call<T> call)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        _ = type switch
        {
            CovarianceType.Full => Element<T>.Instance.Select<Kernel<T, FullCovariance>, int>(shape, new Kernel<T, FullCovariance>(call)),
            CovarianceType.Tied => Element<T>.Instance.Select<Kernel<T, TiedCovariance>, int>(shape, new Kernel<T, TiedCovariance>(call)),
            CovarianceType.Diagonal => Element<T>.Instance.Select<Kernel<T, DiagonalCovariance>, int>(shape, new Kernel<T, DiagonalCovariance>(call)),
            _ => Element<T>.Instance.Select<Kernel<T, SphericalCovariance>, int>(shape, new Kernel<T, SphericalCovariance>(call)),
        };
    }

    // Distances where there are parameters, else moments.
    private readonly struct Call<T>(
        PointBlock<T> block, KernelParameters<T>? parameters, T* scratch, int components, T* joint, T* scales, T* centers, double* tile, double* sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void With<TLanes, TVector, TCovariance>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
            where TCovariance : struct, ICovariance
        {
            if (parameters is not null) default(TCovariance).Distances<TLanes, TVector, T>(block, parameters, scratch, joint);
            else default(TCovariance).Accumulate<TLanes, TVector, T>(block, components, joint, scales, centers, scratch, tile, sums);
        }
    }

    private readonly struct Kernel<T, TCovariance>(Call<T> call) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TCovariance : struct, ICovariance
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            call.With<TLanes, TVector, TCovariance>();
            return 0;
        }
    }
}
