using Gmm.Fast;
using ScottPlot;

namespace Gmm.Report.Figures;

/// <summary>Two dimensions: points, and of each component ellipses at 1 and 2 standard deviations, contours of its density and its mean.</summary>
internal static class ScatterPanel
{
    // Contours of a normal density are ellipses; these are the ones between and beyond the two heavy ones.
    private static readonly double[] s_contours = [0.5, 1.5, 2.5, 3];

    /// <summary>What the lines mean.</summary>
    public static string Note(bool hasContours) => hasContours
        ? "Heavy ellipses: 1 and 2 standard deviations; thin: contours of each component's density at 0.5, 1.5, 2.5 and 3; diamonds: means."
        : "Ellipses: 1 and 2 standard deviations; diamonds: means.";

    /// <summary>The panel.</summary>
    /// <param name="model">Its components are drawn; null for points alone.</param>
    /// <param name="cloud">The points.</param>
    /// <param name="x">Dimension and range of the horizontal axis.</param>
    /// <param name="y">Dimension and range of the vertical axis.</param>
    /// <param name="title">Above the panel, or empty.</param>
    /// <param name="isSmall">One of many: finer marks.</param>
    /// <param name="hasContours">Whether there are more contours than the two ellipses.</param>
    /// <param name="showsX">Whether the horizontal axis is labeled.</param>
    /// <param name="showsY">Whether the vertical axis is labeled.</param>
    public static Panel Of(
        GaussianMixture? model, PointCloud cloud, (int Dimension, AxisRange Range) x, (int Dimension, AxisRange Range) y, string title = "",
        bool isSmall = false, bool hasContours = false, bool showsX = true, bool showsY = true) => new()
        {
            Title = title,
            X = x.Range,
            Y = y.Range,
            ShowsX = showsX,
            ShowsY = showsY,
            Draw = (plot, isVector) =>
            {
                plot.Add.Plottable(cloud.Layer(x.Range, y.Range, x.Dimension, y.Dimension, isSmall, isVector));
                if (model is null) return;
                for (var k = 0; k < model.ComponentCount; k++)
                {
                    if (MixtureAxes.IsDrawn(model, k)) Component(plot, model, k, x, y, isSmall, hasContours, cloud.IsDense);
                }
                plot.Add.Plottable(Means(model, x, y, isSmall ? 3.5f : 5.5f));
            },
        };

    private static void Component(
        Plot plot, GaussianMixture model, int k, (int Dimension, AxisRange Range) x, (int Dimension, AxisRange Range) y,
        bool isSmall, bool hasContours, bool onDense)
    {
        void Add(double radius, Rgb color, double alpha, float width)
        {
            var (xs, ys) = Ellipse.Polygon(model, k, x.Dimension, y.Dimension, radius);
            var corners = new Coordinates[xs.Length];
            for (var i = 0; i < corners.Length; i++) corners[i] = new(xs[i] - x.Range.Offset, ys[i] - y.Range.Offset);
            var polygon = plot.Add.Polygon(corners);
            polygon.FillColor = Colors.Transparent;
            (polygon.LineColor, polygon.LineWidth) = (color.Plot(alpha), width);
        }

        var white = new Rgb(255, 255, 255);
        if (hasContours)
        {
            foreach (var radius in s_contours) Add(radius, Ink.Line(k), 0.55, 0.8f);
        }
        foreach (var radius in (ReadOnlySpan<double>)[1, 2])
        {
            var width = isSmall ? 1.2f : 2;

            // A line on a dense cloud of its own color needs a light seam; on single points the seam would hide them.
            if (onDense) Add(radius, white, 0.75, 2 * width);
            Add(radius, Ink.Line(k), 1, width);
        }
    }

    private static Layer Means(GaussianMixture model, (int Dimension, AxisRange Range) x, (int Dimension, AxisRange Range) y, float radius) =>
        new((canvas, paint, axes) =>
        {
            for (var k = 0; k < model.ComponentCount; k++)
            {
                if (!MixtureAxes.IsDrawn(model, k)) continue;
                var mean = model.Mean(k);
                var pixel = axes.GetPixel(new(mean[x.Dimension] - x.Range.Offset, mean[y.Dimension] - y.Range.Offset));
                Marks.DrawFramed(canvas, paint, Shape.Diamond, pixel.X, pixel.Y, radius, Palette.Component(k));
            }
        });
}
