using Gmm.Fast;
using Gmm.Report.Figures;

namespace Gmm.Report.Tests.Figures;

public class ComponentsTests
{
    // Far from the ellipses, so that nothing covers them.
    private static readonly double[] s_apart = [-2, 4000, 9, -2000];

    [Fact]
    public void TheEllipsesPassThroughThePointsAt1And2StandardDeviations()
    {
        using var picture = Picture.Of(Figure.Components(new Subject(Examples.Tilted, s_apart)));
        for (var k = 0; k < 2; k++)
        {
            foreach (var (x, y) in Circle(k, 1).Concat(Circle(k, 2))) Assert.True(picture.Has(Ink.Line(k), 0, x, y), $"{k}: {x}, {y}");

            // Between two lines there is none: the test above is not passed by ink everywhere.
            foreach (var (x, y) in Circle(k, 1.75)) Assert.False(picture.Has(Ink.Line(k), 0, x, y), $"{k}: {x}, {y}");
        }
    }

    [Fact]
    public void AnEllipseTurnedInPixelsWouldFail()
    {
        // The mirror image, which is what a wrong sign or a rotation of the picture would draw.
        using var picture = Picture.Of(Figure.Components(new Subject(Examples.Tilted, s_apart)));
        var mean = Examples.Tilted.Mean(1).ToArray();
        Assert.Contains(Circle(1, 2), point => !picture.Has(Ink.Line(1), 0, 2 * mean[0] - point.X, point.Y));
    }

    [Fact]
    public void APointHasTheColorsOfItsComponentsMixedByItsResponsibilities()
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 2, [0.5, 0.5], [-5, 0, 5, 0], [1, 1]);
        double[] rows = [-5, 3.5, 5, 3.5, 0, 3.5, 0.05, -3.5];
        var subject = new Subject(model, rows);
        var responsibilities = subject.Responsibilities();
        using var picture = Picture.Of(Figure.Components(subject));
        for (var i = 0; i < 4; i++)
        {
            var color = Picture.OnWhite(Palette.Mix(responsibilities.AsSpan(2 * i, 2)), 0.85);
            Assert.True(Picture.IsNear(color, picture.At(0, rows[2 * i], rows[2 * i + 1])), $"point {i}");
        }
        Assert.Equal(0.5, responsibilities[4], 1e-9);
    }

    [Fact]
    public void MeansAreMarked()
    {
        using var picture = Picture.Of(Figure.Components(new Subject(Examples.Tilted, s_apart)));
        Assert.Equal(Palette.Component(0), picture.At(0, 0, 0));
        Assert.Equal(Palette.Component(1), picture.At(0, 6, 3000));
    }

    [Fact]
    public void TheNotebookAtConvergenceHasThreeSeparateColors()
    {
        var (rows, fit) = Examples.Notebook(1000);
        var subject = new Subject(fit.Model, rows, fit, "notebook");
        var figure = Figure.Components(subject);
        Assert.Contains("converged after 23 iterations", figure.Scene.Subtitle);
        using var picture = Picture.Of(figure);
        var labels = new int[100];
        fit.Model.Labels(new Points(rows, 2), labels);
        for (var i = 0; i < 100; i++)
        {
            var isSeen = picture.Has(Picture.OnWhite(Palette.Component(labels[i]), 0.85), 0, rows[2 * i], rows[2 * i + 1], within: 3.5);
            var isCovered = picture.Has(Ink.Line(labels[i]), 0, rows[2 * i], rows[2 * i + 1], within: 3.5);
            Assert.True(isSeen || isCovered || subject.Responsibilities()[3 * i + labels[i]] < 0.95, $"row {i}");
        }
    }

    [Fact]
    public void TheCurvesOfOneDimensionPassThroughTheDensities()
    {
        using var picture = Picture.Of(Figure.Components(Examples.Sampled(Examples.OneDimension, 1000)));
        for (var x = -3.5; x <= 6; x += 0.25)
        {
            foreach (var (k, mean, deviation, weight) in new[] { (0, -2.0, 0.5, 0.25), (1, 3.0, 1.0, 0.75) })
            {
                var density = weight * Math.Exp(-0.5 * Math.Pow((x - mean) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI));
                if (density > 0.02) Assert.True(picture.Has(Palette.Component(k), 0, x, density), $"{k}: {x}");
            }
        }
    }

    [Fact]
    public void TheBarsOfOneDimensionHaveArea1()
    {
        var subject = Examples.Sampled(Examples.OneDimension, 500);
        var axis = (0, AxisRange.Around("", -6, 8));
        using var picture = Picture.Of(Figure.Components(subject));
        Assert.InRange(DensityPanel.Top(subject, [subject.Model], axis).Top, 0.3, 0.6);

        var histogram = Histogram.For(subject.Rows, axis.Item2, 1);
        foreach (var value in subject.Rows) histogram.Add(value, 0);
        var area = Enumerable.Range(0, histogram.Bins).Sum(bin => histogram.Total(bin) / 500 / histogram.Width * histogram.Width);
        Assert.Equal(1, area, 1e-12);
        var bars = Enumerable.Range(0, histogram.Bins).Count(bin => histogram.Total(bin) < 5
            || picture.Has(Ink.Bars, 0, histogram.Left(bin) + histogram.Width / 2, histogram.Total(bin) / 500 / histogram.Width * 0.5, within: 6));
        Assert.Equal(histogram.Bins, bars);
    }

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 1)]
    [InlineData(3, null, 6)]
    [InlineData(6, null, 21)]
    [InlineData(7, null, 1)]
    [InlineData(5, "4,2", 1)]
    public void TheDimensionDecidesOnThePanels(int dimension, string? dims, int panels)
    {
        var chosen = dims is null ? ((int, int)?)null : (4, 2);
        var figure = Figure.Components(Examples.Sampled(Examples.Corners(2, dimension), 50), chosen);
        using var picture = Picture.Of(figure, scale: 1);
        Assert.Equal(panels, picture.Panels.Count);
        if (dims is not null) Assert.Equal(("x5", "x3"), (picture.Panels[0].Panel.X.Name, picture.Panels[0].Panel.Y.Name));
        if (dimension == 7) Assert.Contains(figure.Scene.Notes, note => note.Contains("The two of 7 columns in which the components differ most"));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 2)]
    public void DimensionsThatDoNotExistAreRefused(int x, int y)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Figure.Components(Examples.Sampled(Examples.Tilted, 10), (x, y)));
        Assert.Contains("two different dimensions from 0 to 1 are required", error.Message);
    }

    [Fact]
    public void PanelsOfAMatrixShareTheirAxes()
    {
        using var picture = Picture.Of(Figure.Components(Examples.Sampled(Examples.Corners(3, 4), 100)), scale: 1);
        Assert.Equal(10, picture.Panels.Count);
        foreach (var column in picture.Panels.GroupBy(placed => placed.Data.Left))
        {
            Assert.Single(column.Select(placed => placed.Panel.X).Distinct());
            Assert.Single(column.Select(placed => placed.Data.Width).Distinct());
        }
    }

    // Points at some Mahalanobis distance, by the Cholesky factor written out.
    private static IEnumerable<(double X, double Y)> Circle(int k, double radius)
    {
        var (mean, s) = (Examples.Tilted.Mean(k).ToArray(), Examples.Tilted.Covariances.Slice(4 * k, 4).ToArray());
        var a = Math.Sqrt(s[0]);
        var (b, c) = (s[1] / a, Math.Sqrt(s[3] - s[1] * s[1] / s[0]));
        for (var i = 0; i < 16; i++)
        {
            var (sin, cos) = Math.SinCos(0.1 + i * Math.PI / 8);
            yield return (mean[0] + radius * a * cos, mean[1] + radius * (b * cos + c * sin));
        }
    }
}
