using Gmm.Fast;
using ScottPlot;

namespace Gmm.Report.Figures;

/// <summary>One dimension: histogram of the data, the marginal densities of the components by weight and their sum.</summary>
internal static class DensityPanel
{
    private const int Grid = 400;
    private const double SqrtTwoPi = 2.5066282746310002;

    /// <summary>What the parts of the panel mean.</summary>
    public static string Note(bool isWholeFigure) => isWholeFigure
        ? "Bars: histogram of the data; colored: density of each component times its weight; black: their sum; diamonds: means; "
            + "dashed: where the most probable component changes."
        : "Diagonal: histogram, density of each component times its weight, and their sum in black.";

    /// <summary>The panel.</summary>
    /// <param name="subject">The data.</param>
    /// <param name="model">The components.</param>
    /// <param name="x">Dimension and range of the horizontal axis.</param>
    /// <param name="top">Upper end of the vertical axis.</param>
    /// <param name="title">Above the panel, or empty.</param>
    /// <param name="isSmall">One of many: finer lines.</param>
    /// <param name="showsX">Whether the horizontal axis is labeled.</param>
    /// <param name="showsY">Whether the vertical axis is labeled.</param>
    public static Panel Of(
        Subject subject, GaussianMixture model, (int Dimension, AxisRange Range) x, double top, string title = "", bool isSmall = false,
        bool showsX = true, bool showsY = true)
    {
        var (histogram, count) = Fill(subject, x);
        var offset = x.Range.Offset;
        return new()
        {
            Title = title,
            X = x.Range,
            Y = new("Density", 0, top),
            ShowsX = showsX,
            ShowsY = showsY,
            Draw = (plot, _) =>
            {
                if (count > 0) plot.Add.Plottable(histogram.Layer(offset, 1 / (count * histogram.Width), _ => Ink.Bars));
                var positions = Positions(model, x);

                // The sum beneath and wider: where a component is alone, both are seen.
                Curve(plot, positions, Sum(model, x.Dimension, positions), offset, Ink.Text, isSmall ? 2.4f : 3.6f);
                for (var k = 0; k < model.ComponentCount; k++)
                {
                    if (!MixtureAxes.IsDrawn(model, k)) continue;
                    Curve(plot, positions, Density(model, k, x.Dimension, positions), offset, Palette.Component(k), isSmall ? 1.3f : 1.9f);
                }
                if (!isSmall) plot.Add.Plottable(Means(model, x));
                if (model.Dimension == 1) Boundaries(plot, model, x.Range);
            },
        };
    }

    /// <summary>The upper end of the vertical axis for some models, and whether the peaks of one are higher.</summary>
    public static (double Top, bool IsCut) Top(Subject subject, IReadOnlyList<GaussianMixture> models, (int Dimension, AxisRange Range) x)
    {
        const double MostAboveBars = 2.5;
        var (histogram, count) = Fill(subject, x);
        var bars = count == 0 ? 0 : histogram.Highest / (count * histogram.Width);
        double peak = 0;
        foreach (var model in models)
        {
            peak = Math.Max(peak, Sum(model, x.Dimension, Positions(model, x)).Max());
        }
        var isCut = bars > 0 && peak > MostAboveBars * bars;
        return (1.06 * (isCut ? MostAboveBars * bars : Math.Max(bars, peak)), isCut);
    }

    // Counts the values that are there.
    private static (Histogram Histogram, int Count) Fill(Subject subject, (int Dimension, AxisRange Range) x)
    {
        var values = new double[subject.Count];
        for (var i = 0; i < values.Length; i++) values[i] = subject.Rows[i * subject.Model.Dimension + x.Dimension];
        if (subject.HasGaps) values = Array.FindAll(values, value => !double.IsNaN(value));
        var histogram = Histogram.For(values, x.Range, 1);
        foreach (var value in values) histogram.Add(value, 0);
        return (histogram, values.Length);
    }

    // An even grid, and a finer one around each mean so that narrow peaks have their shape.
    private static double[] Positions(GaussianMixture model, (int Dimension, AxisRange Range) x)
    {
        var (first, last) = (x.Range.Min + x.Range.Offset, x.Range.Max + x.Range.Offset);
        var positions = new List<double>();
        for (var i = 0; i <= Grid; i++) positions.Add(first + (last - first) * i / Grid);
        for (var k = 0; k < model.ComponentCount; k++)
        {
            var (mean, deviation) = (model.Mean(k)[x.Dimension], MixtureAxes.Deviation(model, k, x.Dimension));
            for (var t = -40; t <= 40; t++) positions.Add(mean + t * 0.1 * deviation);
        }
        positions.RemoveAll(position => position < first || position > last);
        positions.Sort();
        return [.. positions];
    }

    private static double[] Density(GaussianMixture model, int k, int j, double[] positions)
    {
        var (mean, deviation, weight) = (model.Mean(k)[j], MixtureAxes.Deviation(model, k, j), model.Weights[k]);
        var density = new double[positions.Length];
        for (var i = 0; i < density.Length; i++)
        {
            var z = (positions[i] - mean) / deviation;
            density[i] = weight == 0 ? 0 : weight * Math.Exp(-0.5 * z * z) / (SqrtTwoPi * deviation);
        }
        return density;
    }

    private static double[] Sum(GaussianMixture model, int j, double[] positions)
    {
        var sum = new double[positions.Length];
        model.Marginal([j]).LogDensities(new Points(positions, 1), sum);
        for (var i = 0; i < sum.Length; i++) sum[i] = Math.Exp(sum[i]);
        return sum;
    }

    private static void Curve(Plot plot, double[] xs, double[] ys, double offset, Rgb color, float width)
    {
        var curve = plot.Add.ScatterLine(Array.ConvertAll(xs, x => x - offset), ys);
        (curve.Color, curve.LineWidth) = (color.Plot(), width);
    }

    private static void Boundaries(Plot plot, GaussianMixture model, AxisRange range)
    {
        foreach (var boundary in model.Boundaries())
        {
            var place = boundary.Position - range.Offset;
            if (place < range.Min || place > range.Max) continue;
            var line = plot.Add.VerticalLine(place, 1.2f, Ink.Quiet.Plot(), LinePattern.Dashed);
            line.EnableAutoscale = false;
        }
    }

    private static Layer Means(GaussianMixture model, (int Dimension, AxisRange Range) x) => new((canvas, paint, axes) =>
    {
        for (var k = 0; k < model.ComponentCount; k++)
        {
            if (!MixtureAxes.IsDrawn(model, k)) continue;
            var pixel = axes.GetPixelX(model.Mean(k)[x.Dimension] - x.Range.Offset);
            Marks.DrawFramed(canvas, paint, Shape.Diamond, pixel, axes.GetPixelY(0) - 7, 5.5f, Palette.Component(k));
        }
    });
}
