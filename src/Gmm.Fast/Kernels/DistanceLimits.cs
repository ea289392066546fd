using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Turns a floor of log-densities into limits of distances. With l = c - q / 2 to base 2, as <see cref="SoftAssignment{TLanes, TVector, T}"/> forms it:
///   l &lt; floor  where  q &gt;= 2 ln 2 (c - floor)
/// Sums of squares only grow, rounding included, so a part of q that reaches the limit decides for the whole.
/// </summary>
internal static unsafe class DistanceLimits<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T s_perBit = T.CreateTruncating(-1 / BinaryLog.MinusHalfLog2E);

    /// <summary>Writes the limits of a component.</summary>
    /// <param name="constant">c of the component, to base 2.</param>
    /// <param name="floors">[padded].</param>
    /// <param name="padded">Points, whole tiles.</param>
    /// <param name="limits">[padded], receives the limits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(T constant, T* floors, int padded, T* limits)
    {
        var (c, perBit) = (TLanes.Broadcast(constant), TLanes.Broadcast(s_perBit));
        for (nint p = 0; p < padded; p += TLanes.Count)
            TLanes.Store(limits + p, TLanes.Multiply(perBit, TLanes.Subtract(c, TLanes.Load(floors + p))));
    }
}
