using Gmm.Fast;
using Gmm.Report.Figures;

namespace Gmm.Report.Tests.Figures;

public class CurvesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void TheTracePassesThroughItsValues(int skip)
    {
        var trace = Examples.Notebook(1000).Fit.Trace.ToArray();
        using var picture = Picture.Of(Figure.LogLikelihood(trace, skip));
        for (var i = skip; i < trace.Length; i++) Assert.True(Picture.IsNear(Ink.Curve, picture.At(0, i, trace[i])), $"iteration {i}");
        var axis = picture.Panels[0].Panel;
        Assert.True(axis.X.Min <= skip && axis.X.Min > skip - 2);
        Assert.True(axis.Y.Min <= trace[skip] && axis.Y.Min > trace[skip] - 20, "the axis begins where the trace does");
    }

    [Fact]
    public void ATraceWithNothingLeftSaysSo()
    {
        Assert.Contains("No iteration is left to show.", Picture.Texts(Picture.Svg(Figure.LogLikelihood([-5, -4], 3))));
        Assert.Contains("No iteration is left to show.", Picture.Texts(Picture.Svg(Figure.LogLikelihood([]))));
        Assert.Contains("1 value not finite, not drawn.", Picture.Texts(Picture.Svg(Figure.LogLikelihood([double.NegativeInfinity, -4, -3]))));
    }

    [Fact]
    public void ModelSelectionMarksTheLeastOfEachCriterion()
    {
        var figure = Figure.ModelSelection([(3, 720, 655, 760), (1, 900, 880, double.NaN), (2, 700, 660, 710)], "some data");
        Assert.Equal(
            ["BIC: least at K = 2 (700.0)", "AIC: least at K = 3 (655.0)", "ICL: least at K = 2 (710.0)"],
            figure.Scene.Legend.Select(entry => entry.Text));
        using var picture = Picture.Of(figure);
        Assert.True(picture.Has(figure.Scene.Legend[0].Color, 0, 1, 900));
        Assert.True(picture.Has(figure.Scene.Legend[1].Color, 0, 2, 660));
        Assert.True(picture.Has(figure.Scene.Legend[2].Color, 0, 3, 760));
    }

    [Fact]
    public void ACriterionWithoutValuesIsLeftOut()
    {
        var figure = Figure.ModelSelection([(1, 5, 6, double.NaN), (2, 4, 7, double.NaN)]);
        Assert.Equal(2, figure.Scene.Legend.Count);
        Assert.Contains("No criterion is finite.", Picture.Texts(Picture.Svg(Figure.ModelSelection([(1, double.NaN, double.NaN, double.NaN)]))));
        Assert.Throws<ArgumentException>(() => Figure.ModelSelection([]));
    }

    [Fact]
    public void ProgressShowsEveryModelOnTheSameAxes()
    {
        var (rows, end) = Examples.Notebook(1000);
        var (start, middle) = (Examples.Notebook(0).Fit, Examples.Notebook(12).Fit);
        var figure = Figure.Progress(
            new Subject(end.Model, rows), [("Initialization", start.Model), ("After 12 iterations", middle.Model), ("At convergence", end.Model)]);
        Assert.Equal("0 (0.33 → 0.40 → 0.30)", figure.Scene.Legend[0].Text);
        using var picture = Picture.Of(figure);
        Assert.Equal(["Initialization", "After 12 iterations", "At convergence"], picture.Panels.Select(placed => placed.Panel.Title));
        Assert.Single(picture.Panels.Select(placed => (placed.Panel.X, placed.Panel.Y)).Distinct());
        GaussianMixture[] models = [start.Model, middle.Model, end.Model];
        for (var panel = 0; panel < 3; panel++)
        {
            for (var k = 0; k < 3; k++)
            {
                var (xs, ys) = Ellipse.Polygon(models[panel], k, 0, 1, 2, 12);
                var hits = Enumerable.Range(0, 12).Count(i => picture.Has(Ink.Line(k), panel, xs[i], ys[i]));
                Assert.True(hits >= 9, $"panel {panel}, component {k}: {hits} of 12, the rest may be covered");
            }
        }
        Assert.Throws<ArgumentException>(() => Figure.Progress(new Subject(end.Model, rows), []));
        Assert.Throws<ArgumentException>(() => Figure.Progress(new Subject(end.Model, rows), [("", Examples.Tilted)]));
    }

    [Fact]
    public void ResponsibilitiesColorThePointsOfEachPanel()
    {
        var model = new GaussianMixture(CovarianceType.Spherical, 2, [0.5, 0.5], [0, 0, 1, 1], [1, 1]);
        var subject = new Subject(model, [0, 0, 5, 5]);
        using var picture = Picture.Of(Figure.Responsibilities(subject, [("a", [1, 0, 0, 1]), ("b", [0, 1, 1, 0]), ("c", [0.5, 0.5, 0.5, 0.5])]));
        Assert.True(Picture.IsNear(Picture.OnWhite(Palette.Component(0), 0.85), picture.At(0, 0, 0)));
        Assert.True(Picture.IsNear(Picture.OnWhite(Palette.Component(1), 0.85), picture.At(0, 5, 5)));
        Assert.True(Picture.IsNear(Picture.OnWhite(Palette.Component(1), 0.85), picture.At(1, 0, 0)));
        Assert.True(Picture.IsNear(Picture.OnWhite(Palette.Mix([0.5, 0.5]), 0.85), picture.At(2, 5, 5)));
        Assert.Throws<ArgumentException>(() => Figure.Responsibilities(subject, [("a", [1, 0])]));
    }
}
