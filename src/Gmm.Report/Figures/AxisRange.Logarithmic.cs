using System.Globalization;
using SkiaSharp;

namespace Gmm.Report.Figures;

internal readonly partial record struct AxisRange
{
    // Labels within a power of ten: as many as fit.
    private static readonly int[][] s_mantissas = [[1, 2, 5], [1, 3], [1]];

    /// <summary>
    /// A range of decimal logarithms around the values from min to max, both positive, with a margin; whole numbers double from label to label.
    /// </summary>
    public static AxisRange Logarithmic(string name, double min, double max, bool isWhole = false)
    {
        var (lower, upper) = (Math.Log10(min), Math.Log10(max));
        var room = Math.Max(0.04 * (upper - lower), 0.05);
        return new(name, lower - room, upper + room, IsWhole: isWhole, IsLogarithmic: true);
    }

    // First several within each power, then all powers, then every second, every third.
    private (double[] Positions, string[] Labels) LogarithmicTicks(float pixels, SKFont font, bool isVertical)
    {
        var several = IsWhole ? 0 : s_mantissas.Length - 1;
        for (var attempt = 0; ; attempt++)
        {
            var (positions, labels) = Powers(IsWhole ? 2 : 10, attempt < several ? s_mantissas[attempt] : [1], Math.Max(1, attempt - several + 1));
            if (Fit(positions, labels, pixels, font, isVertical ? font.Spacing * 2 : null)) return (positions, labels);
        }
    }

    private (double[] Positions, string[] Labels) Powers(int radix, int[] mantissas, int stride)
    {
        var (positions, labels) = (new List<double>(), new List<string>());
        var unit = Math.Log10(radix);
        for (var power = (int)Math.Floor(Min / unit); power * unit <= Max; power++)
        {
            if (power % stride != 0) continue;
            foreach (var mantissa in mantissas)
            {
                var position = power * unit + Math.Log10(mantissa);
                if (position < Min || position > Max) continue;
                positions.Add(position);
                labels.Add(radix == 10 ? Label(mantissa, power) : Numbers.Count(1L << power));
            }
        }
        return ([.. positions], [.. labels]);
    }

    // As a power where there would be many zeros.
    private static string Label(int mantissa, int power) => power is < -4 or > 4
        ? (mantissa == 1 ? "" : $"{mantissa}·") + Numbers.Power(power)
        : Numbers.Drawn(double.Parse($"{mantissa}e{power}", CultureInfo.InvariantCulture), "#,0.####");
}
