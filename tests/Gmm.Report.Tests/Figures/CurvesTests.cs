using Gmm.Fast;
using Gmm.Report.Figures;

namespace Gmm.Report.Tests.Figures;

public class CurvesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void The_trace_passes_through_its_values(int skip)
    {
        var trace = Examples.Notebook(1000).Fit.Trace.ToArray();
        using var picture = Picture.Of(Figure.LogLikelihood(trace, skip));
        for (var i = skip; i < trace.Length; i++) Assert.True(Picture.IsNear(Ink.Curve, picture.At(0, i, trace[i])), $"iteration {i}");
        var axis = picture.Panels[0].Panel;
        Assert.True(axis.X.Min <= skip && axis.X.Min > skip - 2);
        Assert.True(axis.Y.Min <= trace[skip] && axis.Y.Min > trace[skip] - 20, "the axis begins where the trace does");
    }

    [Fact]
    public void A_trace_with_nothing_left_says_so()
    {
        Assert.Contains("No iteration is left to show.", Picture.Texts(Picture.Svg(Figure.LogLikelihood([-5, -4], 3))));
        Assert.Contains("No iteration is left to show.", Picture.Texts(Picture.Svg(Figure.LogLikelihood([]))));
        Assert.Contains("1 value not finite, not drawn.", Picture.Texts(Picture.Svg(Figure.LogLikelihood([double.NegativeInfinity, -4, -3]))));
    }

    [Fact]
    public void Model_selection_marks_the_least_of_each_criterion()
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
    public void A_criterion_without_values_is_left_out()
    {
        var figure = Figure.ModelSelection([(1, 5, 6, double.NaN), (2, 4, 7, double.NaN)]);
        Assert.Equal(2, figure.Scene.Legend.Count);
        Assert.Contains("No criterion is finite.", Picture.Texts(Picture.Svg(Figure.ModelSelection([(1, double.NaN, double.NaN, double.NaN)]))));
        Assert.Throws<ArgumentException>(() => Figure.ModelSelection([]));
    }

    [Fact]
    public void Uncertainty_counts_all_points_and_names_the_mean_entropy()
    {
        // The responsibilities of these points are 1/2 and (nearly) 1, by symmetry.
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [-5, 5], [1, 1]);
        var figure = Figure.Uncertainty(new Subject(model, [0, -5, 5, 5]));
        Assert.StartsWith("Mean entropy 0.1733 nats (25.0 % of ln 2, the largest possible); ", figure.Scene.Subtitle);
        Assert.EndsWith("below 0.9 for 1 of 4 points", figure.Scene.Subtitle);
        using var picture = Picture.Of(figure);
        Assert.Equal(Palette.Component(0), picture.At(0, 0.525, 0.5));
        Assert.Equal(Palette.Component(0), picture.At(0, 0.975, 0.5));
        Assert.Equal(Palette.Component(1), picture.At(0, 0.975, 2.5));
        Assert.Equal(new Rgb(255, 255, 255), picture.At(0, 0.825, 0.52));
    }

    [Fact]
    public void Uncertainty_of_many_points_equals_the_sum_over_their_responsibilities()
    {
        var subject = Examples.Sampled(Examples.Tilted, 10_001);
        var entropy = subject.Responsibilities().Where(r => r > 0).Sum(r => -r * Math.Log(r)) / subject.Count;
        Assert.Contains($"Mean entropy {Text.Number(entropy, "0.0000")} nats", Figure.Uncertainty(subject).Scene.Subtitle);
    }

    [Fact]
    public void Progress_shows_every_model_on_the_same_axes()
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
    public void Responsibilities_color_the_points_of_each_panel()
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
