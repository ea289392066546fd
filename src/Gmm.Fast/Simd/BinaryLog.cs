using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Logarithms to base 2, in which the assignment compares and adds: the exponential then needs no reduction, three fused multiply-adds of fourteen.
/// log2 e is 2^-56 of itself from its double, which loses nothing, and 2^-26 from its float, a quarter of a rounding.
/// </summary>
internal static class BinaryLog
{
    public const double Log2E = 1.4426950408889634;

    /// <summary>Squared Mahalanobis distance to logarithm of density, to base 2.</summary>
    public const double MinusHalfLog2E = -0.5 * Log2E;

    // What ln 2 has beyond the rounding to the element type: one rounding a point, and not the same one in all of them, which a sum would collect.
    private const double Ln2 = 0.6931471805599453;
    private const double RestOfDouble = 2.3190468138462996e-17;
    private const double RestOfFloat = -1.9046542e-09;

    /// <summary>The natural logarithm of what has the logarithm <paramref name="log"/> to base 2; the smallest number stays that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ToNatural<TLanes, TVector, T>(TVector log)
        where TLanes : struct, ILaneArithmetic<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var lowest = TLanes.Broadcast(T.MinValue);
        var rest = TLanes.Multiply(log, TLanes.Broadcast(T.CreateTruncating(typeof(T) == typeof(float) ? RestOfFloat : RestOfDouble)));
        return TLanes.SelectLess(lowest, log, TLanes.Fma(log, TLanes.Broadcast(T.CreateTruncating(Ln2)), rest), lowest);
    }
}
