using System.Globalization;
using System.Numerics;

namespace Gmm.TestKit.Exact;

/// <summary>
/// A binary floating-point number m 2^e with at least 256 bits of mantissa (77 digits) and an exponent without practical limit, for reference
/// computations. Every operation is within a few 2^-256 of the exact result, conversions from double are exact. A package was not used: those at hand
/// are decimal, with logarithms and exponentials that are slow or not to all digits; MPFR would bring native files.
/// </summary>
public readonly struct BigReal : IComparable<BigReal>, IEquatable<BigReal>
{
    private const int Precision = 256;

    // Mantissas may grow by this much before they are rounded: half of all roundings are saved.
    private const int Slack = 64;

    private readonly BigInteger _mantissa;
    private readonly long _exponent;

    private BigReal(BigInteger mantissa, long exponent)
    {
        var excess = (int)mantissa.GetBitLength() - Precision;
        if (excess > Slack)
        {
            mantissa = (mantissa + (BigInteger.One << (excess - 1))) >> excess;
            exponent += excess;
        }
        _mantissa = mantissa;
        _exponent = mantissa.IsZero ? 0 : exponent;
    }

    /// <summary>0.</summary>
    public static BigReal Zero => default;

    /// <summary>1.</summary>
    public static BigReal One { get; } = new(BigInteger.One, 0);

    /// <summary>The ratio of a circle's circumference to its diameter, by Machin's formula.</summary>
    public static BigReal Pi { get; } = FromFixed(BigRealSeries.Pi);

    /// <summary>Whether the number is 0.</summary>
    public bool IsZero => _mantissa.IsZero;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => _mantissa.Sign;

    /// <summary>The position of the highest bit: the magnitude lies in [2^(n-1), 2^n], up to rounding.</summary>
    private long Magnitude => (long)_mantissa.GetBitLength() + _exponent;

    /// <summary>The same number; every finite double has one.</summary>
    public static implicit operator BigReal(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "a finite number is required");

        var bits = BitConverter.DoubleToInt64Bits(value);
        var field = (int)((bits >> 52) & 0x7FF);
        var fraction = bits & 0xFFFFFFFFFFFFFL;
        var mantissa = field == 0 ? fraction : fraction | (1L << 52);
        return new BigReal(bits < 0 ? -mantissa : mantissa, Math.Max(field, 1) - 1075);
    }

    /// <summary>The nearest double, ties to even; below the normal range it may be one unit away.</summary>
    public static explicit operator double(BigReal value)
    {
        var magnitude = BigInteger.Abs(value._mantissa);
        var excess = (int)magnitude.GetBitLength() - 53;
        if (excess <= 0) return Scale((double)magnitude * value.Sign, value._exponent);

        var (head, rest) = (magnitude >> excess, magnitude & ((BigInteger.One << excess) - 1));
        var comparison = rest.CompareTo(BigInteger.One << (excess - 1));
        if (comparison > 0 || (comparison == 0 && !head.IsEven)) head += 1;
        return Scale((double)(ulong)head * value.Sign, value._exponent + excess);

        static double Scale(double head, long exponent) => Math.ScaleB(head, (int)Math.Clamp(exponent, -5000, 5000));
    }

    /// <summary>Sum.</summary>
    public static BigReal operator +(BigReal a, BigReal b)
    {
        if (a.IsZero) return b;
        if (b.IsZero) return a;

        // Behind the last digit of the other there is nothing to add.
        if (a.Magnitude - b.Magnitude > 2 * Precision) return a;
        if (b.Magnitude - a.Magnitude > 2 * Precision) return b;
        var shift = (int)(a._exponent - b._exponent);
        return shift >= 0
            ? new BigReal((a._mantissa << shift) + b._mantissa, b._exponent)
            : new BigReal(a._mantissa + (b._mantissa << -shift), a._exponent);
    }

    /// <summary>Difference.</summary>
    public static BigReal operator -(BigReal a, BigReal b) => a + -b;

    /// <summary>The number with the other sign.</summary>
    public static BigReal operator -(BigReal a) => new(-a._mantissa, a._exponent);

    /// <summary>Product.</summary>
    public static BigReal operator *(BigReal a, BigReal b) => new(a._mantissa * b._mantissa, a._exponent + b._exponent);

    /// <summary>Quotient.</summary>
    public static BigReal operator /(BigReal a, BigReal b)
    {
        if (b.IsZero) throw new DivideByZeroException();

        var shift = (int)Math.Max(0, Precision + 8 + (long)b._mantissa.GetBitLength() - (long)a._mantissa.GetBitLength());
        return new BigReal((a._mantissa << shift) / b._mantissa, a._exponent - b._exponent - shift);
    }

    /// <summary>Whether a is less than b.</summary>
    public static bool operator <(BigReal a, BigReal b) => a.CompareTo(b) < 0;

    /// <summary>Whether a is greater than b.</summary>
    public static bool operator >(BigReal a, BigReal b) => a.CompareTo(b) > 0;

    /// <summary>Whether a is at most b.</summary>
    public static bool operator <=(BigReal a, BigReal b) => a.CompareTo(b) <= 0;

    /// <summary>Whether a is at least b.</summary>
    public static bool operator >=(BigReal a, BigReal b) => a.CompareTo(b) >= 0;

    /// <summary>Whether both are the same number.</summary>
    public static bool operator ==(BigReal a, BigReal b) => a.CompareTo(b) == 0;

    /// <summary>Whether the numbers differ.</summary>
    public static bool operator !=(BigReal a, BigReal b) => a.CompareTo(b) != 0;

    /// <summary>Absolute value.</summary>
    public static BigReal Abs(BigReal a) => a.Sign < 0 ? -a : a;

    /// <summary>The larger of two.</summary>
    public static BigReal Max(BigReal a, BigReal b) => a < b ? b : a;

    /// <summary>Square root, by Newton's iteration from a double's: 53, 106, 212, 424 bits.</summary>
    public static BigReal Sqrt(BigReal a)
    {
        if (a.Sign < 0) throw new ArgumentOutOfRangeException(nameof(a), a, "at least 0 is required");
        if (a.IsZero) return a;

        // a = part 4^half with a part that a double holds.
        var half = a.Magnitude >> 1;
        var part = new BigReal(a._mantissa, a._exponent - 2 * half);
        BigReal root = Math.Sqrt((double)part);
        for (var step = 0; step < 3; step++)
        {
            var sum = root + part / root;
            root = new BigReal(sum._mantissa, sum._exponent - 1);
        }
        return new BigReal(root._mantissa, root._exponent + half);
    }

    /// <summary>e^a. Below -2^40 it is taken for 0: that is less than 10 to the power -4e11.</summary>
    public static BigReal Exp(BigReal a)
    {
        if (a.Magnitude > 40) return a.Sign < 0 ? Zero : throw new ArgumentOutOfRangeException(nameof(a), a, "less than 2^40 is required");

        var (mantissa, power) = BigRealSeries.Exp(a.ToFixed());
        return new BigReal(mantissa, power - BigRealSeries.Bits);
    }

    /// <summary>Natural logarithm, by Halley's iteration from a double's: 53, 159, 477 bits.</summary>
    public static BigReal Log(BigReal a)
    {
        if (a.Sign <= 0) throw new ArgumentOutOfRangeException(nameof(a), a, "a positive number is required");

        // a = part 2^power with a part between 1/sqrt 2 and sqrt 2, so that the two logarithms do not cancel.
        var power = a.Magnitude;
        var part = new BigReal(a._mantissa, a._exponent - power);
        if ((double)part < Math.Sqrt(0.5)) part = new BigReal(a._mantissa, a._exponent - --power);
        BigReal log = Math.Log((double)part);
        for (var step = 0; step < 2; step++)
        {
            var exp = Exp(log);
            log += 2 * (part - exp) / (part + exp);
        }
        return log + (double)power * FromFixed(BigRealSeries.Ln2);
    }

    /// <summary>A decimal number, such as 3.14 or -2.5e-7.</summary>
    public static BigReal Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split('e');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var power = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1);
        var scale = new BigReal(BigInteger.Pow(10, Math.Abs(power)), 0);
        var whole = new BigReal(digits, 0);
        return power < 0 ? whole / scale : whole * scale;
    }

    /// <inheritdoc/>
    public int CompareTo(BigReal other) => (this - other).Sign;

    /// <inheritdoc/>
    public bool Equals(BigReal other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is BigReal other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((double)this).GetHashCode();

    /// <summary>As a double would be written.</summary>
    public override string ToString() => ((double)this).ToString("R", CultureInfo.InvariantCulture);

    private static BigReal FromFixed(BigInteger value) => new(value, -BigRealSeries.Bits);

    private BigInteger ToFixed()
    {
        var shift = _exponent + BigRealSeries.Bits;
        return shift >= 0 ? _mantissa << (int)shift : -shift > Precision + Slack + 64 ? BigInteger.Zero : _mantissa >> (int)-shift;
    }
}
