using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Exponential and logarithm over lanes of doubles, one body for all widths and therefore the same bits at all of them, on every machine.
///   exp:  x = n ln2 + r, |r| &lt;= ln2/2;  e^x = 2^n P(r), P the Taylor polynomial of degree 13 (truncation below 2^-57).
///   log:  x = 2^n m, m in [sqrt(1/2), sqrt(2));  f = m - 1, s = f / (2 + f);  ln m = 2 artanh(s), as in fdlibm's e_log.c (Sun Microsystems, 1993).
/// Rejected: the BCL's vector Exp and Log. They leave their fast path for the whole vector as soon as one lane is out of range, and their bits
/// are not promised across widths and releases. A polynomial of degree 11 is faster by one FMA pair, but wrong by tens of ulp.
/// </summary>
internal static class LaneMath
{
    private const double Log2E = 1.4426950408889634;

    // ln2 in two parts; the high part ends in 21 zero bits, so n * Ln2High is exact for |n| < 2^20.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>e^x for x in [-700, 0]: normal results only. Error below 1.1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var shifted = TLanes.Fma(x, TLanes.Broadcast(Log2E), TLanes.Broadcast(DoubleBits.Shift));
        var n = TLanes.Subtract(shifted, TLanes.Broadcast(DoubleBits.Shift));
        var r = TLanes.Fma(n, TLanes.Broadcast(-Ln2High), x);
        r = TLanes.Fma(n, TLanes.Broadcast(-Ln2Low), r);

        // Estrin's scheme: pairs, then powers of r^2. P(r) = 1 + r + r^2 Q(r); the first two terms are added last, largest last.
        var r2 = TLanes.Multiply(r, r);
        var r4 = TLanes.Multiply(r2, r2);
        var r8 = TLanes.Multiply(r4, r4);
        var q01 = TLanes.Fma(r, TLanes.Broadcast(1.0 / 6), TLanes.Broadcast(1.0 / 2));
        var q23 = TLanes.Fma(r, TLanes.Broadcast(1.0 / 120), TLanes.Broadcast(1.0 / 24));
        var q45 = TLanes.Fma(r, TLanes.Broadcast(1.0 / 5040), TLanes.Broadcast(1.0 / 720));
        var q67 = TLanes.Fma(r, TLanes.Broadcast(1.0 / 362880), TLanes.Broadcast(1.0 / 40320));
        var q89 = TLanes.Fma(r, TLanes.Broadcast(1.0 / 39916800), TLanes.Broadcast(1.0 / 3628800));
        var qAB = TLanes.Fma(r, TLanes.Broadcast(1.0 / 6227020800), TLanes.Broadcast(1.0 / 479001600));
        var low = TLanes.Fma(r2, q23, q01);
        var mid = TLanes.Fma(r2, q67, q45);
        var high = TLanes.Fma(r2, qAB, q89);
        var q = TLanes.Fma(r8, high, TLanes.Fma(r4, mid, low));
        var p = TLanes.Add(TLanes.Broadcast(1.0), TLanes.Fma(r2, q, r));
        return TLanes.ScaleByPowerOfTwo(p, shifted);
    }

    /// <summary>ln x for positive normal x. Error below 1 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var m = TLanes.SplitExponent(x, out var n);
        var f = TLanes.Subtract(m, TLanes.Broadcast(1.0));
        var s = TLanes.Divide(f, TLanes.Add(f, TLanes.Broadcast(2.0)));
        var z = TLanes.Multiply(s, s);
        var w = TLanes.Multiply(z, z);

        // R(z) = z (Lg1 + z Lg2 + ... + z^6 Lg7), even and odd powers apart.
        var even = TLanes.Fma(w, TLanes.Broadcast(1.531383769920937332e-01), TLanes.Broadcast(2.222219843214978396e-01));
        even = TLanes.Multiply(w, TLanes.Fma(w, even, TLanes.Broadcast(3.999999999940941908e-01)));
        var odd = TLanes.Fma(w, TLanes.Broadcast(1.479819860511658591e-01), TLanes.Broadcast(1.818357216161805012e-01));
        odd = TLanes.Fma(w, odd, TLanes.Broadcast(2.857142874366239149e-01));
        odd = TLanes.Multiply(z, TLanes.Fma(w, odd, TLanes.Broadcast(6.666666666666735130e-01)));
        var remainder = TLanes.Add(even, odd);

        // ln x = n ln2 + f - (f^2/2 - (s (f^2/2 + R) + n ln2_low)), small terms first.
        var half = TLanes.Multiply(TLanes.Multiply(TLanes.Broadcast(0.5), f), f);
        var inner = TLanes.Fma(s, TLanes.Add(half, remainder), TLanes.Multiply(n, TLanes.Broadcast(Ln2Low)));
        return TLanes.Fma(n, TLanes.Broadcast(Ln2High), TLanes.Subtract(f, TLanes.Subtract(half, inner)));
    }
}
