using System.Globalization;

namespace Gmm.Report.Html;

/// <summary>Numbers for people.</summary>
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

    /// <summary>12.3 %.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

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
