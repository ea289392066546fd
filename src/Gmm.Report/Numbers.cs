using System.Globalization;
using System.Text;

namespace Gmm.Report;

/// <summary>Writes numbers for people, the same in every culture: the one formatter of pages and pictures.</summary>
internal static class Numbers
{
    /// <summary>50,000.</summary>
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>1 component, 3 components.</summary>
    public static string Count(long value, string noun) => $"{Count(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary>Four significant digits, for wide tables.</summary>
    public static string Brief(double value) => Round(value, 4);

    /// <summary>Five significant digits.</summary>
    public static string Short(double value) => Round(value, 5);

    /// <summary>Nine significant digits.</summary>
    public static string Long(double value) => Round(value, 9);

    /// <summary>A format of .NET with a true minus sign, as pictures have it; in pages numbers keep the hyphen, so that they can be copied.</summary>
    public static string Drawn(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A weight with some decimals; 0 only where it is: one that is merely small reads &lt;0.001.</summary>
    public static string Weight(double weight, int decimals)
    {
        if (weight == 0) return "0";
        var text = weight.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return weight < 0.5 * Math.Pow(10, -decimals) ? $"<{text[..^1]}1" : text;
    }

    /// <summary>A power of ten in superscript digits.</summary>
    public static string Power(int exponent)
    {
        const string Digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
        var power = new StringBuilder("10");
        foreach (var digit in exponent.ToString(CultureInfo.InvariantCulture)) power.Append(digit == '-' ? '⁻' : Digits[digit - '0']);
        return power.ToString();
    }

    /// <summary>In the unit that suits it.</summary>
    public static string Duration(TimeSpan time)
    {
        if (time.TotalMilliseconds < 1) return Round(time.TotalMicroseconds, 3) + " µs";
        if (time.TotalSeconds < 1) return Round(time.TotalMilliseconds, 3) + " ms";
        return time.TotalMinutes < 2 ? Round(time.TotalSeconds, 3) + " s" : time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
    }

    private static string Round(double value, int digits)
    {
        if (double.IsPositiveInfinity(value)) return "∞";
        if (double.IsNegativeInfinity(value)) return "-∞";
        if (!double.IsFinite(value)) return "–";
        if (value == 0) return "0";
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return exponent < -4 || exponent > digits + 3
            ? value.ToString("0." + new string('#', digits - 1) + "e+0", CultureInfo.InvariantCulture)
            : value.ToString("0." + new string('#', Math.Max(0, digits - 1 - exponent)), CultureInfo.InvariantCulture);
    }
}
