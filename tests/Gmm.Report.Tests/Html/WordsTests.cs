using Gmm.Fast;
using Gmm.Report.Html;

namespace Gmm.Report.Tests.Html;

/// <summary>The header's facts, and the warnings in words.</summary>
public class WordsTests
{
    [Fact]
    public void TheHeaderTellsTheFactsOfTheFit()
    {
        var rows = Pages.Sample(Pages.Model(2, 2), 200);
        var subject = Pages.Fitted(rows, 2, new FitOptions { Components = 2, ColumnNames = ["a", "b"] }, "blobs.csv");
        var fit = subject.Fit!;
        var text = Pages.Text(Pages.Html(new ReportContent(subject) { Elapsed = TimeSpan.FromMilliseconds(12), Options = [new("seed", "7")] }));
        string[] parts =
        [
            "Gaussian mixture of blobs.csv", "2 components with full covariances, 200 points in 2 dimensions", $"Converged after {fit.Iterations} iterations",
            FormattableString.Invariant($"{fit.TotalLogLikelihood:0.000}")[..7], FormattableString.Invariant($"{fit.Bic:0.000}")[..7],
            FormattableString.Invariant($"{fit.Aic:0.000}")[..7], "12 ms", "seed", "7",
        ];
        foreach (var part in parts) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void AConvergedFitWithoutFaultsHasNoWarnings()
    {
        var fit = Pages.Fitted(Pages.Sample(Pages.Model(2, 2), 200), 2, new FitOptions { Components = 2 }).Fit!;
        Assert.True(FitWords.IsGood(fit));
        Assert.Empty(FitWords.Warnings(fit));
    }

    [Fact]
    public void AFitThatRanOutOfIterationsSaysSo()
    {
        var fit = Pages.Fitted(Pages.Sample(Pages.Model(2, 2), 200), 2, new FitOptions { Components = 3, MaxIterations = 1 }).Fit!;
        Assert.False(FitWords.IsGood(fit));
        Assert.StartsWith("Not converged: the allowed 1 iteration ", FitWords.Status(fit), StringComparison.Ordinal);
    }

    [Fact]
    public void AFixedNumberOfIterationsIsNoFailure()
    {
        var fit = Pages.Fitted(Pages.Sample(Pages.Model(2, 2), 50), 2, new FitOptions { Components = 2, MaxIterations = 3, Stop = StopRule.FixedCount }).Fit!;
        Assert.True(FitWords.IsGood(fit));
        Assert.Equal("Ran the 3 iterations asked for.", FitWords.Status(fit));
    }

    [Fact]
    public void ACollapsedFitNamesThePlace()
    {
        // Every point twice the same: without regularization no covariance survives.
        double[] rows = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3];
        var initial = new GaussianMixture(CovarianceType.Full, 2, [0.5, 0.5], [1, 1, 3, 3], [1, 0, 0, 1, 1, 0, 0, 1]);
        var fit = Pages.Fitted(rows, 2, new FitOptions { Components = 2, InitialModel = initial, Regularization = 0 }).Fit!;
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        Assert.False(FitWords.IsGood(fit));
        Assert.StartsWith("Collapsed in iteration", FitWords.Status(fit), StringComparison.Ordinal);
        Assert.Contains(fit.Failure!.TrimEnd('.'), FitWords.Status(fit), StringComparison.Ordinal);
    }

    [Fact]
    public void AComponentThatOnlyRegularizationHoldsIsNamed()
    {
        double[] rows = [.. Enumerable.Repeat(new[] { 5.0, 5.0 }, 20).SelectMany(row => row), .. Pages.Sample(Pages.Model(1, 2), 50)];
        var fit = Pages.Fitted(rows, 2, new FitOptions { Components = 2, Start = StartMethod.KMeansPlusPlus }).Fit!;
        var collapsed = fit.Components[0].RegularizationShare > 0.9 ? 0 : 1;
        Assert.Contains(FitWords.Warnings(fit), warning => warning.StartsWith($"Repeated values: component {collapsed} sits on 20 equal points, ", StringComparison.Ordinal));
    }

    [Fact]
    public void AColumnThatRepeatsAnotherIsNamed()
    {
        var rows = Enumerable.Range(0, 100).SelectMany(i => new[] { Math.Sin(i), 2 * Math.Sin(i) }).ToArray();
        var fit = Pages.Fitted(rows, 2, new FitOptions { Components = 1, ColumnNames = ["a", "b"] }).Fit!;
        Assert.Contains(FitWords.Warnings(fit), warning => warning.StartsWith("Columns follow from others in every point: b = 2 a; ", StringComparison.Ordinal));
    }

    [Fact]
    public void AComponentWithoutPointsIsNamed()
    {
        var initial = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [0, 1e3], [1, 1]);
        var fit = Pages.Fitted(Pages.Sample(Pages.Model(1, 1), 50), 1,
            new FitOptions { Components = 2, CovarianceType = CovarianceType.Spherical, InitialModel = initial, MaxIterations = 1 }).Fit!;
        Assert.Contains(FitWords.Warnings(fit), warning => warning.StartsWith("Component 1 has lost its points", StringComparison.Ordinal));
    }

    [Fact]
    public void AModelWithoutAFitIsReportedFromTheDataAlone()
    {
        var subject = Pages.Subject(100, 2, 3);
        var text = Pages.Text(Pages.Html(new ReportContent(subject)));
        Assert.DoesNotContain("onverged", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Condition number", text, StringComparison.Ordinal);
        var total = subject.Model.TotalLogLikelihood(new Points(subject.Rows, 2));
        Assert.Contains(FormattableString.Invariant($"{total:0.000}")[..7], text, StringComparison.Ordinal);
    }

    [Fact]
    public void NoPointsMakeAPageThatSaysSo() =>
        Assert.Contains("no points", Pages.Text(Pages.Html(new ReportContent(new Subject(Pages.Model(2, 2), [])))), StringComparison.Ordinal);

    [Fact]
    public void PointsThatAreAllEqualMakeAPage()
    {
        var model = Pages.Model(1, 1);
        Assert.Contains("All 3 points.", Pages.Text(Pages.Html(new ReportContent(new Subject(model, [4, 4, 4])))), StringComparison.Ordinal);
    }

    [Fact]
    public void TheBestRowOfAComparisonIsMarked()
    {
        var html = Pages.Html(new Page("p").Add(HtmlReport.Selection([new(1, 30, 20, 31, "full"), new(2, 10, 12, 11, "full"), new(1, 25, 22, 26, "tied")])));
        Assert.Contains("The smallest BIC is that of 2 components (full).", Pages.Text(html), StringComparison.Ordinal);
        Assert.Contains("<td class=\"good\">10</td>", html, StringComparison.Ordinal);
        Assert.Equal(6, Pages.Json(html)[0].GetProperty("data").GetArrayLength());
    }
}
