using System.Globalization;
using Gmm.Fast;
using Gmm.Report.Figures;
using Gmm.Report.Html;
using Gmm.Report.Tests.Html;

namespace Gmm.Report.Tests;

/// <summary>Fits of points with weights.</summary>
public class WeightsTests
{
    [Fact]
    public void TheTotalWeightIsShownWhereItIsNotTheNumberOfPoints()
    {
        var subject = Fitted(i => i % 2 == 0 ? 2 : 0.5);
        var fit = subject.Fit!;
        Assert.Equal((200, 250.0), (fit.Points, fit.TotalWeight));
        var text = Words(subject);
        Assert.Contains("Points (N) 200", text, StringComparison.Ordinal);
        Assert.Contains("Total weight 250", text, StringComparison.Ordinal);
        Assert.Contains($"Log-likelihood per weight of 1 {Numbers.Long(fit.MeanLogLikelihood)}", text, StringComparison.Ordinal);
        Assert.Contains($"BIC {Numbers.Long(fit.Bic)}", text, StringComparison.Ordinal);
        Assert.StartsWith("200 points of weight 250, 2 components", Figure.Components(subject).Scene.Subtitle, StringComparison.Ordinal);
    }

    [Fact]
    public void PointsAreCountedWithoutWeightsAndTheReportSaysSo()
    {
        var subject = Fitted(_ => 3);
        Assert.Contains("Histograms count points, not their weights.", Words(subject), StringComparison.Ordinal);
        Assert.Contains("Histograms count points, not their weights.", Figure.Components(subject).Scene.Notes);
        Assert.Contains("All 200 points.", Words(subject), StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsOf1AreNothingToSpeakOf()
    {
        var subject = Fitted(_ => 1);
        Assert.DoesNotContain("eight of 1", Words(subject), StringComparison.Ordinal);
        Assert.DoesNotContain("Total weight", Words(subject), StringComparison.Ordinal);
        Assert.StartsWith("200 points, 2 components", Figure.Components(subject).Scene.Subtitle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3, "0")]
    [InlineData(0.25, 2, "0.25")]
    [InlineData(0.0049, 2, "<0.01")]
    [InlineData(0.005, 2, "0.01")]
    [InlineData(1, 4, "1.0000")]
    public void AWeightReads0OnlyWhereItIs(double weight, int decimals, string text) => Assert.Equal(text, Numbers.Weight(weight, decimals));

    [Fact]
    public void NumbersAreTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = "." } };
        try
        {
            Assert.Equal("−1,234.50", Numbers.Drawn(-1234.5, "#,0.00"));
            Assert.Equal("50,000 points", Numbers.Count(50_000, "point"));
            Assert.Equal("1.2346", Numbers.Short(1.23456789));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Words(Subject subject) =>
        string.Join(' ', Pages.Text(Pages.Html(new ReportContent(subject))).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static Subject Fitted(Func<int, double> weightOf)
    {
        var rows = Pages.Sample(Pages.Model(2, 1), 200);
        double[] weights = [.. Enumerable.Range(0, 200).Select(weightOf)];
        var fit = MixtureFit.Fit(new Points(rows, 1).WithWeights(weights), new FitOptions { Components = 2 });
        return new Subject(fit.Model, rows, fit);
    }
}
