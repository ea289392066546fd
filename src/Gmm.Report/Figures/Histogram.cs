using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>Counts in bins of equal width; each bin is divided among the components.</summary>
internal sealed class Histogram
{
    private readonly double _first;
    private readonly double _width;

    /// <summary>Empty bins.</summary>
    /// <param name="first">Left edge of the first bin.</param>
    /// <param name="width">Of a bin.</param>
    /// <param name="bins">Number of bins.</param>
    /// <param name="parts">Number of parts of each bin.</param>
    public Histogram(double first, double width, int bins, int parts)
    {
        (_first, _width) = (first, width);
        Parts = new double[bins, parts];
    }

    /// <summary>[bins, parts].</summary>
    public double[,] Parts { get; }

    /// <summary>Of a bin.</summary>
    public double Width => _width;

    public int Bins => Parts.GetLength(0);

    /// <summary>The fullest bin.</summary>
    public double Highest => Enumerable.Range(0, Bins).Select(Total).DefaultIfEmpty(0).Max();

    /// <summary>
    /// Bins for values by the rule of Freedman and Diaconis (1981), but no fewer than the root of N, as the rule is coarse where data have several
    /// peaks; 8 to 80 of them.
    /// </summary>
    public static Histogram For(double[] values, AxisRange range, int parts)
    {
        if (values.Length == 0) return new(0, 1, 1, parts);
        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var span = sorted[^1] - sorted[0];
        var narrow = (range.Max - range.Min) / 20;
        if (!(span > 0)) return new(sorted[0] - narrow / 2, narrow, 1, parts);
        var spread = sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4];
        var wanted = spread > 0 ? span / (2 * spread / Math.Cbrt(sorted.Length)) : 0;
        var bins = (int)Math.Clamp(Math.Ceiling(Math.Max(wanted, Math.Min(40, Math.Sqrt(sorted.Length)))), 8, 80);
        return new(sorted[0], span / bins, bins, parts);
    }

    public double Left(int bin) => _first + bin * _width;

    public double Total(int bin)
    {
        double total = 0;
        for (var part = 0; part < Parts.GetLength(1); part++) total += Parts[bin, part];
        return total;
    }

    /// <summary>Puts a share of a value into its bin; values beyond the ends go to the nearest.</summary>
    public void Add(double value, int part, double share = 1) => Parts[BinOf(value), part] += share;

    /// <summary>The bin of a value.</summary>
    public int BinOf(double value) => (int)Math.Clamp(Math.Floor((value - _first) / _width), 0, Bins - 1);

    /// <summary>Bars with their parts on top of each other.</summary>
    /// <param name="offset">Of the horizontal axis.</param>
    /// <param name="scale">Height of a bar of count 1.</param>
    /// <param name="colorOf">The color of a part.</param>
    public Layer Layer(double offset, double scale, Func<int, Rgb> colorOf) => new((canvas, paint, axes) =>
    {
        for (var bin = 0; bin < Bins; bin++)
        {
            double height = 0;
            var (left, right) = (axes.GetPixelX(Left(bin) - offset), axes.GetPixelX(Left(bin + 1) - offset));
            for (var part = 0; part < Parts.GetLength(1); part++)
            {
                if (Parts[bin, part] <= 0) continue;
                var bottom = axes.GetPixelY(height * scale);
                height += Parts[bin, part];
                paint.Color = colorOf(part).Sk();
                var gap = right - left > 4 ? 0.5f : 0;
                canvas.DrawRect(new SKRect(left + gap, axes.GetPixelY(height * scale), right - gap, bottom), paint);
            }
        }
    });
}
