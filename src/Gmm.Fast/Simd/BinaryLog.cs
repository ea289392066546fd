using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Converts between natural logarithms and those to base 2. The assignment compares and adds the latter, so its exponential needs no reduction.
/// The relative distance of log2 e from its double is 2^-56, which loses nothing, and 2^-26 from its float, a quarter of a rounding.
/// </summary>
internal static class BinaryLog
{
    public const double Log2E = 1.4426950408889634;

    /// <summary>The factor from a squared Mahalanobis distance to a log-density, to base 2.</summary>
    public const double MinusHalfLog2E = -0.5 * Log2E;

    // ln 2 minus its rounding to the element type. Without it every logarithm has the same relative error, which a sum over points collects.
    private const double Ln2 = 0.6931471805599453;
    private const double RestOfDouble = 2.3190468138462996e-17;
    private const double RestOfFloat = -1.9046542e-09;

    /// <summary>Converts a logarithm to base 2 into a natural one; the smallest number stays the smallest.</summary>
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
