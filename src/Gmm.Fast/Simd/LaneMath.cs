using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Computes exponentials and logarithms over lanes of doubles. One body serves all widths, so the bits are the same at all of them.
///   exp2: x = n + f, |f| &lt;= 1/2, exactly;  2^x = 2^n P(f), P of degree 11 with P(0) = 1 and the smallest relative error on that interval:
///         truncation below 2^-57.7. Found as the minimax by Lawson's reweighted least squares in 200 bits; the coefficients were rounded one by
///         one from f on, the later ones fitted anew each time.
///   log:  x = 2^n m, m in [sqrt(1/2), sqrt(2));  f = m - 1, s = f / (2 + f);  ln m = 2 artanh(s) = f - s (f - R(s^2)), with R from fdlibm's
///         e_log.c (Sun Microsystems, 1993; truncation below 2^-58.4).
/// exp2 runs Horner's scheme: many vectors are in flight, so the number of multiplications counts and not the length of the chain.
/// log takes its coefficients in pairs: a point that is scored alone waits for its one logarithm, so the length of the chain counts.
/// Rejected: the BCL's vector Exp and Log, whose path for one lane out of range serves all lanes, and whose bits may change with width and release.
/// Rejected for exp2: e^x, whose reduction takes three fused multiply-adds more.
/// Rejected for exp2: degree 10, whose truncation is 2^-52.
/// Rejected for exp2: Estrin's scheme, with three multiplications more.
/// Rejected for log: f - (f^2/2 - s (f^2/2 + R)), with an error of 0.86 ulp for two multiplications more.
/// </summary>
internal static class LaneMath
{
    // ln2 in two parts; the high part ends in 21 zero bits, so n * Ln2High is exact for |n| < 2^20.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>Gives 2^x for x up to 0; exactly 0 for x below -64.5 and NaN. The error is below 1 ulp (largest found 0.80); 2^0 is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp2<TLanes, TVector>(TVector x)
        where TLanes : struct, ILaneArithmetic<TVector, double>
        where TVector : struct
    {
        var shifted = TLanes.Add(x, TLanes.Broadcast(DoubleBits.Shift));
        var f = TLanes.Subtract(x, TLanes.Subtract(shifted, TLanes.Broadcast(DoubleBits.Shift)));

        var p = TLanes.Fma(TLanes.Broadcast(4.438844303173932e-10), f, TLanes.Broadcast(7.0732331567156525e-09));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.0178160158764454e-07));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.3215438834896912e-06));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.5252733633741399e-05));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.5403530449038873e-04));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.3333558146546483e-03));
        p = TLanes.Fma(p, f, TLanes.Broadcast(9.618129107601603e-03));
        p = TLanes.Fma(p, f, TLanes.Broadcast(5.550410866482172e-02));
        p = TLanes.Fma(p, f, TLanes.Broadcast(2.4022650695910108e-01));
        p = TLanes.Fma(p, f, TLanes.Broadcast(6.931471805599453e-01));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1.0));

        // n = -64 is the last exponent kept. The comparison is false for NaN.
        return TLanes.SelectLess(TLanes.Broadcast(DoubleBits.Shift - 65), shifted, TLanes.ScaleByPowerOfTwo(p, shifted), TLanes.Zero);
    }

    /// <summary>Gives ln x for positive normal x. The error is below 1 ulp (largest found 0.92); ln 1 is +0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var m = TLanes.SplitExponent(x, out var n);
        var f = TLanes.Subtract(m, TLanes.Broadcast(1.0));
        var s = TLanes.Divide(f, TLanes.Add(f, TLanes.Broadcast(2.0)));
        var z = TLanes.Multiply(s, s);

        // -R(z) / z, from the last pair of coefficients to the first, then f - R.
        var z2 = TLanes.Multiply(z, z);
        var p = TLanes.Fma(TLanes.Broadcast(-1.531383769920937332e-01), z, TLanes.Broadcast(-1.818357216161805012e-01));
        p = TLanes.Fma(TLanes.Broadcast(-1.479819860511658591e-01), z2, p);
        var q = TLanes.Fma(TLanes.Broadcast(-2.222219843214978396e-01), z, TLanes.Broadcast(-2.857142874366239149e-01));
        p = TLanes.Fma(p, z2, q);
        q = TLanes.Fma(TLanes.Broadcast(-3.999999999940941908e-01), z, TLanes.Broadcast(-6.666666666666735130e-01));
        p = TLanes.Fma(p, z2, q);
        var u = TLanes.Fma(p, z, f);

        // ln x = n ln2 + f - (s u - n ln2_low), small terms first.
        var small = TLanes.Fma(s, u, TLanes.Multiply(n, TLanes.Broadcast(-Ln2Low)));
        return TLanes.Fma(n, TLanes.Broadcast(Ln2High), TLanes.Subtract(f, small));
    }
}
