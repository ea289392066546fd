using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Gives the whole point to its most probable component, the first of equals.
///   r_k = 1 for the smallest k with l_k = max over j of l_j, else 0;  l_k = ln w_k + ln N(x | mu_k, Sigma_k)
/// With unit spherical covariances and equal weights this is the assignment step of k-means (Bishop, PRML, equation 9.2).
/// The objective is the largest l_k.
/// </summary>
internal readonly unsafe struct HardAssignment<TLanes, TVector, T> : IAssignment<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    [MethodImpl(Compiled.Once)]
    public static void Assign(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums, T reach)
    {
        var one = TLanes.Broadcast(T.One);
        for (var p = 0; p < padded; p += TLanes.Count)
        {
            var column = joint + p;
            var max = LogJoint(TLanes.Load(column), constants[0]);
            var winner = TLanes.Zero;
            for (var k = 1; k < components; k++)
            {
                var log = LogJoint(TLanes.Load(column + k * stride), constants[k]);
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

    // Computes c - q / 2 to base 2, kept finite: a component of weight 0, at infinite distance or at a distance of NaN is the furthest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LogJoint(TVector distance, T constant)
    {
        var lowest = TLanes.Broadcast(T.MinValue);
        var log = TLanes.Fma(distance, TLanes.Broadcast(T.CreateTruncating(BinaryLog.MinusHalfLog2E)), TLanes.Broadcast(constant));
        return TLanes.SelectLess(lowest, log, log, lowest);
    }
}
