using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Simd;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Calls the two kernels of every covariance type, at every width and shape, on blocks in memory of the caller.</summary>
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
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Element<T>.Instance.Select<WidthUser<T>, int>(shape, new WidthUser<T>(FamilyTable.Of(type), call));

    // Distances where there are parameters, else moments.
    private readonly struct Call<T>(
        PointBlock<T> block, KernelParameters<T>? parameters, T* scratch, int components, T* joint, T* scales, T* centers, double* tile, double* sums)
        : IFormUser<T, int>, IMomentsUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public bool AsksForDistances => parameters is not null;

        int IFormUser<T, int>.With<TForm>()
        {
            TForm.Distances(block, parameters!, parameters!.All, scratch, joint);
            return 0;
        }

        int IMomentsUser<T, int>.With<TMoments>()
        {
            var indices = stackalloc int[components];
            for (var k = 0; k < components; k++) indices[k] = k;
            TMoments.Accumulate(block, new MomentArguments<T>
            {
                Active = new ActiveComponents(indices, components),
                Joint = joint,
                Scales = scales,
                Centers = centers,
                Scratch = scratch,
                Tile = tile,
                Sums = sums,
            });
            return 0;
        }
    }

    private readonly struct WidthUser<T>(Family family, Call<T> call) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct => call.AsksForDistances
                ? family.Form.Select<TLanes, TVector, T, Call<T>, int>(call)
                : family.Moments.Select<TLanes, TVector, T, Call<T>, int>(call);
    }
}
