using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Exponential and logarithm over lanes of floats: <see cref="LaneMath"/> with shorter polynomials, found in the same way.
///   exp:  e^x = 2^n P(r), P of degree 6 with P(0) = P'(0) = 1, |r| &lt;= 0.346576 (n is rounded from a rounded product, so r may pass ln2/2):
///         truncation below 2^-28.2. 9 fused multiply-adds. Rejected: degree 5, truncation 2^-23.2, an error of 2 ulp and more.
///   log:  f - s (f - R(s^2)), R of degree 3 in s^2: truncation below 2^-30.2. 7 multiplications or fused multiply-adds, and a division.
/// </summary>
internal static class LaneMathSingle
{
    private const float Log2E = 1.442695f;

    // ln2 in two parts of 24 bits. The first step of the reduction is exact: n Ln2High is not rounded, and its difference to x is a multiple of
    // 2^-25 below 2^-1.
    private const float Ln2High = 0.6931472f;
    private const float Ln2Low = -1.9046542e-09f;

    /// <summary>e^x for x in [-87, 0]: normal results only. Error below 0.9 ulp (0.892, all arguments tried); e^0 is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        var shifted = TLanes.Fma(x, TLanes.Broadcast(Log2E), TLanes.Broadcast(FloatBits.Shift));
        var n = TLanes.Subtract(shifted, TLanes.Broadcast(FloatBits.Shift));
        var r = TLanes.Fma(n, TLanes.Broadcast(-Ln2High), x);
        r = TLanes.Fma(n, TLanes.Broadcast(-Ln2Low), r);

        var p = TLanes.Fma(TLanes.Broadcast(1.3820834e-03f), r, TLanes.Broadcast(8.368687e-03f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(4.1668266e-02f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.6666521e-01f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(4.9999994e-01f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1f));
        return TLanes.ScaleByPowerOfTwo(p, shifted);
    }

    /// <summary>ln x for positive normal x. Error below 1 ulp (largest found 0.92, all mantissas tried at 22 exponents); ln 1 is +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, float>
        where TVector : struct
    {
        var m = TLanes.SplitExponent(x, out var n);
        var f = TLanes.Subtract(m, TLanes.Broadcast(1f));
        var s = TLanes.Divide(f, TLanes.Add(f, TLanes.Broadcast(2f)));
        var z = TLanes.Multiply(s, s);

        // -R(z) / z, then f - R.
        var p = TLanes.Fma(TLanes.Broadcast(-0.29870707f), z, TLanes.Broadcast(-0.39977586f));
        p = TLanes.Fma(p, z, TLanes.Broadcast(-0.66666776f));
        var u = TLanes.Fma(p, z, f);

        // ln x = n ln2 + f - (s u - n ln2_low), small terms first.
        var small = TLanes.Fma(s, u, TLanes.Multiply(n, TLanes.Broadcast(-Ln2Low)));
        return TLanes.Fma(n, TLanes.Broadcast(Ln2High), TLanes.Subtract(f, small));
    }
}
