using System.Runtime.CompilerServices;

namespace Gmm.Fast.Simd;

/// <summary>
/// Computes exponentials and logarithms over lanes of floats: <see cref="LaneMath"/> with shorter polynomials, found in the same way.
///   exp2: P of degree 6 with P(0) = 1: truncation below 2^-28.3.
///   log:  f - s (f - R(s^2)), R of degree 3 in s^2: truncation below 2^-30.2.
/// Rejected for exp2: degree 5, whose truncation of 2^-23.4 makes errors of 2 ulp and more.
/// </summary>
internal static class LaneMathSingle
{
    // ln2 in two parts of 24 bits.
    private const float Ln2High = 0.6931472f;
    private const float Ln2Low = -1.9046542e-09f;

    /// <summary>Gives 2^x for x up to 0; exactly 0 for x below -64.5 and NaN. The error is below 1 ulp (0.80, all arguments); 2^0 is 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp2<TLanes, TVector>(TVector x)
        where TLanes : struct, ILaneArithmetic<TVector, float>
        where TVector : struct
    {
        var shifted = TLanes.Add(x, TLanes.Broadcast(FloatBits.Shift));
        var f = TLanes.Subtract(x, TLanes.Subtract(shifted, TLanes.Broadcast(FloatBits.Shift)));

        var p = TLanes.Fma(TLanes.Broadcast(1.5329264e-04f), f, TLanes.Broadcast(1.3390969e-03f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(9.618499e-03f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(5.5503596e-02f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(2.4022648e-01f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(6.931472e-01f));
        p = TLanes.Fma(p, f, TLanes.Broadcast(1f));

        // n = -64 is the last exponent kept. The comparison is false for NaN.
        return TLanes.SelectLess(TLanes.Broadcast(FloatBits.Shift - 65), shifted, TLanes.ScaleByPowerOfTwo(p, shifted), TLanes.Zero);
    }

    /// <summary>Gives ln x for positive normal x. The error is below 1 ulp (0.92, all mantissas tried at 22 exponents); ln 1 is +0.</summary>
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
