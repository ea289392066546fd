using System.Numerics;

namespace Gmm.TestKit.Exact;

/// <summary>Series in fixed point: an integer n stands for n 2^-<see cref="Bits"/>.</summary>
internal static class BigRealSeries
{
    /// <summary>Bits behind the point: 96 more than results have, 41 of which a large multiple of ln 2 may take.</summary>
    public const int Bits = 352;

    private const int Halvings = 12;

    /// <summary>ln 2 = 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).</summary>
    public static BigInteger Ln2 { get; } =
        (18 * Arc(26, alternating: false) - 2 * Arc(4801, alternating: false) + 8 * Arc(8749, alternating: false)) >> Guard;

    /// <summary>pi = 16 arctan(1/5) - 4 arctan(1/239), Machin 1706.</summary>
    public static BigInteger Pi { get; } = (16 * Arc(5, alternating: true) - 4 * Arc(239, alternating: true)) >> Guard;

    // Further bits of the constants while they are summed.
    private const int Guard = 32;

    /// <summary>e^x = value 2^power, value in fixed point: Taylor's series of a part of x below 2^-13, squared again.</summary>
    public static (BigInteger Value, long Power) Exp(BigInteger x)
    {
        var power = BigInteger.Divide(2 * x + (x.Sign < 0 ? -Ln2 : Ln2), 2 * Ln2);
        var part = (x - power * Ln2) >> Halvings;
        var (sum, term) = (BigInteger.One << Bits, BigInteger.One << Bits);
        for (var n = 1; ; n++)
        {
            term = ((term * part) >> Bits) / n;
            if (term.IsZero || term.IsOne || term == BigInteger.MinusOne) break;
            sum += term;
        }
        for (var square = 0; square < Halvings; square++) sum = (sum * sum) >> Bits;
        return (sum, (long)power);
    }

    // The arctangent (alternating) or the artanh of 1/n, with guard bits.
    private static BigInteger Arc(int n, bool alternating)
    {
        var power = (BigInteger.One << (Bits + Guard)) / n;
        var sum = BigInteger.Zero;
        for (var k = 0; !power.IsZero; k++, power /= n * n) sum += (alternating && k % 2 == 1 ? -power : power) / (2 * k + 1);
        return sum;
    }
}
