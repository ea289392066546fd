using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>
/// What an axis shows. Data far from zero for their spread are drawn less a round offset that the axis names: labels stay short, and the pixels,
/// which are computed in single precision, stay exact.
/// </summary>
/// <param name="Name">Of the quantity, cleaned.</param>
/// <param name="Min">Left or lower end, less the offset.</param>
/// <param name="Max">Right or upper end, less the offset.</param>
/// <param name="Offset">What was taken off.</param>
/// <param name="IsWhole">Whether only whole numbers make sense.</param>
/// <param name="IsLogarithmic">Whether ends and positions are decimal logarithms of what the labels say.</param>
internal readonly partial record struct AxisRange(
    string Name, double Min, double Max, double Offset = 0, bool IsWhole = false, bool IsLogarithmic = false)
{
    private const double OffsetRatio = 1e4;

    /// <summary>Ten to this power is common to all tick labels and stands with the name.</summary>
    private int Exponent
    {
        get
        {
            var largest = Math.Max(Math.Abs(Min), Math.Abs(Max));
            return IsLogarithmic || largest is >= 1e-3 and < 1e5 ? 0 : 3 * (int)Math.Floor(Math.Log10(largest) / 3);
        }
    }

    /// <summary>What belongs behind the name: the offset and the common power; often empty.</summary>
    public string Suffix
    {
        get
        {
            var offset = Offset == 0 ? "" : (Offset > 0 ? " − " : " + ") + Numbers.Offset(Math.Abs(Offset));
            return Exponent == 0 ? offset : $"{offset} (×{Numbers.Power(Exponent)})";
        }
    }

    /// <summary>A range around the values from min to max, with a margin; something sensible where they are equal or none.</summary>
    public static AxisRange Around(string name, double min, double max, double margin = 0.04, bool isWhole = false)
    {
        if (!(min <= max)) (min, max) = (0, 1);
        var middle = min + (max - min) / 2;

        // Below that a double has too few digits left to tell the points apart.
        var smallest = Math.Abs(middle) * 1e-12;
        if (max - min <= smallest) (min, max, margin) = (middle - Math.Max(0.5, smallest), middle + Math.Max(0.5, smallest), 0);
        var span = max - min;
        double offset = 0;
        if (Math.Abs(middle) > OffsetRatio * span)
        {
            var unit = Math.Pow(10, Math.Ceiling(Math.Log10(span)) + 1);
            offset = Math.Round(middle / unit) * unit;
        }
        return new(name, min - offset - margin * span, max - offset + margin * span, offset, isWhole);
    }

    /// <summary>Round positions, as many as fit, with their labels.</summary>
    /// <param name="pixels">Length of the axis.</param>
    /// <param name="font">Of the labels.</param>
    /// <param name="isVertical">Whether labels lie above each other.</param>
    public (double[] Positions, string[] Labels) Ticks(float pixels, SKFont font, bool isVertical)
    {
        if (IsLogarithmic) return LogarithmicTicks(pixels, font, isVertical);
        for (var wanted = Math.Max(4, (int)(pixels / (isVertical ? 50 : 70))); ; wanted--)
        {
            var (positions, labels) = Ticks(wanted);
            if (wanted <= 1 || Fit(positions, labels, pixels, font, isVertical ? font.Spacing * 1.3f : null)) return (positions, labels);
        }
    }

    // Labels at the smallest distance between two positions; as high as said, or as wide as they are.
    private bool Fit(double[] positions, string[] labels, float pixels, SKFont font, float? height)
    {
        var (room, closest) = (height ?? 0, double.PositiveInfinity);
        if (height is null) room = labels.Select(label => font.MeasureText(label) + 12).DefaultIfEmpty(0).Max();
        for (var i = 1; i < positions.Length; i++) closest = Math.Min(closest, positions[i] - positions[i - 1]);
        return room <= pixels * closest / (Max - Min);
    }

    private (double[] Positions, string[] Labels) Ticks(int wanted)
    {
        var step = Step((Max - Min) / wanted);
        if (IsWhole) step = Math.Max(1, step);
        var first = (long)Math.Ceiling(Min / step - 1e-9);
        var last = (long)Math.Floor(Max / step + 1e-9);
        var scale = Math.Pow(10, Exponent);
        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step / scale) - 1e-9));
        var positions = new double[Math.Max(0, last - first + 1)];
        var labels = new string[positions.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = (first + i) * step;
            labels[i] = Numbers.Drawn(first + i == 0 ? 0 : positions[i] / scale, "F" + decimals);
        }
        return (positions, labels);
    }

    // 1, 2 or 5 times a power of ten: the nearest in ratio.
    private static double Step(double wanted)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        return power * ((wanted / power) switch
        {
            < 1.4142 => 1,
            < 3.1623 => 2,
            < 7.0711 => 5,
            _ => 10,
        });
    }
}
