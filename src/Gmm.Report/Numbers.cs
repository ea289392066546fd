using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gmm.Report;

/// <summary>Writes numbers for people, the same in every culture: the one formatter of pages and pictures.</summary>
internal static class Numbers
{
    // Of a deviation, and of everything that is told in its unit.
    private const int DeviationDigits = 4;

    // A double has no more.
    private const int MostDigits = 17;

    // Beyond, zeros are harder to count than an exponent is to read.
    private const int MostDecimals = 15;
    private const int LeastPlainExponent = -5;
    private const int MostPlainExponent = 14;

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

    /// <summary>
    /// Numbers of one quantity, in one notation and with digits down to the fourth of a deviation, so that their places in deviations can be read,
    /// whatever their size. Where there is no deviation, all digits.
    /// </summary>
    public static string[] Row(IReadOnlyList<double> values, double deviation)
    {
        if (!(deviation > 0 && double.IsFinite(deviation))) return [.. values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))];
        var unit = Exponent(deviation);
        var decimals = Math.Max(0, DeviationDigits - 1 - unit);
        var first = values.Where(value => value != 0 && double.IsFinite(value)).Select(Exponent).DefaultIfEmpty(unit).Max();
        var isPlain = first is >= LeastPlainExponent and <= MostPlainExponent && decimals <= MostDecimals
            && Math.Max(0, first) + decimals < MostDigits;
        return [.. values.Select(value => isPlain || value == 0 || !double.IsFinite(value)
            ? value.ToString(isPlain ? $"F{decimals}" : "R", CultureInfo.InvariantCulture)
            : Scientific(value, Math.Clamp(Exponent(value) - unit + DeviationDigits, DeviationDigits, MostDigits)))];
    }

    /// <summary>A mean with digits down to the fourth of its deviation, but four at least.</summary>
    public static string Mean(double mean, double deviation) => deviation > 0 && double.IsFinite(deviation) && mean != 0 && double.IsFinite(mean)
        ? Round(mean, Math.Clamp(Exponent(mean) - Exponent(deviation) + DeviationDigits, DeviationDigits, MostDigits))
        : Brief(mean);

    /// <summary>A format of .NET with a true minus sign, as pictures have it; in pages numbers keep the hyphen, so that they can be copied.</summary>
    public static string Drawn(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>What an axis takes off, a positive number of a few digits: 1,700,000,000,000, or with a power where zeros would be many.</summary>
    public static string Offset(double value)
    {
        // An offset is a round number: what follows the twelfth digit is rounding.
        const int Digits = 12;
        var exponent = Exponent(value);
        if (exponent is >= LeastPlainExponent and <= MostPlainExponent)
            return Drawn(value, "#,0." + new string('#', Math.Clamp(Digits - 1 - exponent, 0, MostDecimals)));
        return value.ToString("0." + new string('#', Digits - 1) + "e+0", CultureInfo.InvariantCulture).Split('e') is [var mantissa, var power]
            ? $"{mantissa}·{Power(int.Parse(power, CultureInfo.InvariantCulture))}"
            : throw new UnreachableException();
    }

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
        // Formats that leave zeros out know this many digits.
        const int MostTrimmed = 15;
        if (double.IsPositiveInfinity(value)) return "∞";
        if (double.IsNegativeInfinity(value)) return "-∞";
        if (!double.IsFinite(value)) return "–";
        if (value == 0) return "0";
        if (digits > MostTrimmed) return value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = Exponent(value);
        return exponent < -4 || exponent > digits + 3
            ? value.ToString("0." + new string('#', digits - 1) + "e+0", CultureInfo.InvariantCulture)
            : value.ToString("0." + new string('#', Math.Max(0, digits - 1 - exponent)), CultureInfo.InvariantCulture);
    }

    private static int Exponent(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)));

    // As 1.234e-9: the runtime writes three digits of the exponent where it keeps all of the number.
    private static string Scientific(double value, int digits)
    {
        var parts = value.ToString($"e{digits - 1}", CultureInfo.InvariantCulture).Split('e');
        return $"{parts[0]}e{int.Parse(parts[1], CultureInfo.InvariantCulture).ToString("+0;-0", CultureInfo.InvariantCulture)}";
    }
}
