namespace Gmm.Fast.Tests.Simd;

/// <summary>
/// Computes with numbers of about 106 bits as unevaluated sums High + Low (Dekker 1971; Hida, Li and Bailey 2001), with e^x, 2^x and ln x, as a
/// reference for code in 53 bits. The relative error is below 2^-95.
/// </summary>
internal readonly record struct DoubleDouble(double High, double Low)
{
    private static readonly DoubleDouble s_ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    /// <summary>|value - this| in units of the last place of a double as large as this.</summary>
    public double UlpError(double value) => Math.Abs(value - High - Low) / (Math.BitIncrement(Math.Abs(High)) - Math.Abs(High));

    /// <summary>e^x for |x| up to about 700: x = n ln 2 + r.</summary>
    public static DoubleDouble Exp(double x)
    {
        var n = Math.Round(x / s_ln2.High);
        return ScaledExp((int)n, Sum(new DoubleDouble(x, 0), Multiply(s_ln2, new DoubleDouble(-n, 0))));
    }

    /// <summary>2^x for |x| up to about 1000.</summary>
    public static DoubleDouble Exp2(double x)
    {
        var n = Math.Round(x);
        return ScaledExp((int)n, Multiply(s_ln2, new DoubleDouble(x - n, 0)));
    }

    // 2^n e^r for small r = 16 s: e^s by its series, four squarings.
    private static DoubleDouble ScaledExp(int n, DoubleDouble r)
    {
        const int Terms = 16;
        var s = Scale(r, 1.0 / 16);
        var e = new DoubleDouble(1, 0);
        for (var i = Terms; i >= 1; i--) e = Sum(new DoubleDouble(1, 0), Divide(Multiply(s, e), i));
        for (var i = 0; i < 4; i++) e = Multiply(e, e);
        return new DoubleDouble(Math.ScaleB(e.High, n), Math.ScaleB(e.Low, n));
    }

    /// <summary>ln x: the series of ln(1 + f) near 1; elsewhere y + ln(x e^-y) with y the library's logarithm, x e^-y within 2^-50 of 1.</summary>
    public static DoubleDouble Log(double x)
    {
        var f = x - 1;
        if (Math.Abs(f) < 1.0 / 1024)
        {
            var t = new DoubleDouble(0, 0);
            for (var i = 14; i >= 1; i--) t = Multiply(Sum(Divide(new DoubleDouble(i % 2 == 1 ? 1 : -1, 0), i), t), new DoubleDouble(f, 0));
            return t;
        }
        var exponent = Math.ILogB(x);
        var y = Math.Log(Math.ScaleB(x, -exponent));
        var g = Sum(Multiply(Exp(-y), new DoubleDouble(Math.ScaleB(x, -exponent), 0)), new DoubleDouble(-1, 0));
        var log = Sum(new DoubleDouble(y, 0), Sum(g, Scale(Multiply(g, g), -0.5)));
        return Sum(Multiply(s_ln2, new DoubleDouble(exponent, 0)), log);
    }

    private static DoubleDouble Sum(DoubleDouble a, DoubleDouble b)
    {
        var (s, e) = TwoSum(a.High, b.High);
        var (t, f) = TwoSum(a.Low, b.Low);
        (s, e) = TwoSum(s, e + t);
        return Normalize(s, e + f);
    }

    private static DoubleDouble Multiply(DoubleDouble a, DoubleDouble b)
    {
        var p = a.High * b.High;
        return Normalize(p, Math.FusedMultiplyAdd(a.High, b.High, -p) + (a.High * b.Low + a.Low * b.High));
    }

    private static DoubleDouble Divide(DoubleDouble a, double b)
    {
        var q = a.High / b;
        return Normalize(q, (Math.FusedMultiplyAdd(-q, b, a.High) + a.Low) / b);
    }

    private static DoubleDouble Scale(DoubleDouble a, double powerOfTwo) => new(a.High * powerOfTwo, a.Low * powerOfTwo);

    private static DoubleDouble Normalize(double high, double low)
    {
        var s = high + low;
        return new DoubleDouble(s, low - (s - high));
    }

    private static (double Sum, double Error) TwoSum(double a, double b)
    {
        var s = a + b;
        var c = s - a;
        return (s, a - (s - c) + (b - c));
    }
}
