using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// The whole point to its most probable component, the first among equals: labels, and with unit spherical covariances and equal weights the
/// assignment step of k-means. The objective is the largest log of weight times density.
/// </summary>
internal readonly unsafe struct HardAssignment : IAssignment
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Assign<TLanes, TVector, T>(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var one = TLanes.Broadcast(T.One);
        for (var p = 0; p < padded; p += TLanes.Count)
        {
            var column = joint + p;
            var max = LogJoint<TLanes, TVector, T>(TLanes.Load(column), constants[0]);
            var winner = TLanes.Zero;
            for (var k = 1; k < components; k++)
            {
                var log = LogJoint<TLanes, TVector, T>(TLanes.Load(column + k * stride), constants[k]);
                winner = TLanes.SelectLess(max, log, TLanes.Broadcast(T.CreateTruncating(k)), winner);
                max = TLanes.Max(max, log);
            }
            for (var k = 0; k < components; k++)
            {
                // 1 where k is neither below nor above the winner.
                var index = TLanes.Broadcast(T.CreateTruncating(k));
                var notAbove = TLanes.SelectLess(winner, index, TLanes.Zero, one);
                TLanes.Store(column + k * stride, TLanes.SelectLess(index, winner, TLanes.Zero, notAbove));
            }
            TLanes.Store(maxima + p, BinaryLog.ToNatural<TLanes, TVector, T>(max));
            TLanes.Store(sums + p, one);
        }
    }

    // c - q / 2 to base 2, kept finite: a component of weight 0, or at infinite distance (also infinity minus infinity), then is merely the furthest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LogJoint<TLanes, TVector, T>(TVector distance, T constant)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var lowest = TLanes.Broadcast(T.MinValue);
        var log = TLanes.Fma(distance, TLanes.Broadcast(T.CreateTruncating(BinaryLog.MinusHalfLog2E)), TLanes.Broadcast(constant));
        return TLanes.SelectLess(lowest, log, log, lowest);
    }
}
