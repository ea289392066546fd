using Gmm.Fast;
using Gmm.Report.Figures;
using Gmm.Report.Html;
using Gmm.Report.Tests.Figures;
using Gmm.Report.Tests.Html;

namespace Gmm.Report.Tests;

/// <summary>Checks the figure and the section of a selection.</summary>
public class SelectionTests
{
    [Fact]
    public void TheFigureHasACurveForEachFormAndARingAtTheBest()
    {
        var selection = Select(SelectionCriterion.Bic);
        var figure = Figure.Selection(selection, "some data");
        Assert.Equal(["full", "tied-spherical"], figure.Scene.Legend.Select(entry => entry.Text));
        Assert.Equal(("Number of components: some data", "BIC: smaller is better."), (figure.Scene.Title, figure.Scene.Subtitle));
        using var picture = Picture.Of(figure);
        Assert.True(picture.Has(Palette.Component((int)selection.Best.CovarianceType), 0, selection.Best.Components, selection.Best.Bic));
        var axis = picture.Panels[0].Panel.Y;
        Assert.True(axis.Min < selection.Best.Bic);
    }

    [Fact]
    public void TheFigureOfACrossValidationGoesUp() =>
        Assert.Equal("Larger is better.", Figure.Selection(Select(SelectionCriterion.CrossValidation)).Scene.Subtitle);

    [Theory]
    [InlineData(SelectionCriterion.Bic, "BIC")]
    [InlineData(SelectionCriterion.CrossValidation, "Held-out log-density")]
    public void TheSectionTellsTheChoiceAndListsAllCandidates(SelectionCriterion criterion, string column)
    {
        var selection = Select(criterion);
        var html = Pages.Html(new Page("page").Add(HtmlReport.Selection(selection)));
        var text = Pages.Text(html);
        Assert.Contains($"The best has {Numbers.Count(selection.Best.Components, "component")} with", text);
        Assert.Contains($"Of the two, for the best: {selection.Verdict}.", text);
        Assert.Contains(column, text);
        Assert.Contains("the data have 40 points, and each component needs one to start from", text);
        Assert.Single(Pages.Json(html));
    }

    [Fact]
    public void WithoutASecondModelTheSectionSaysSo()
    {
        var rows = Pages.Sample(Pages.Model(components: 2, dimension: 2), 40);
        var selection = ModelSelection.Run(
            new Points(rows, 2), new SelectionOptions { Components = [2], CovarianceTypes = [CovarianceType.Full] }, TestContext.Current.CancellationToken);
        Assert.Contains(
            "The best has 2 components with full covariances; there is no other candidate to compare with.",
            Pages.Text(Pages.Html(new Page("page").Add(HtmlReport.Selection(selection)))));
    }

    [Fact]
    public void OfACanceledSelectionTheSectionNamesWhatDecides()
    {
        var rows = Pages.Sample(Pages.Model(components: 2, dimension: 2), 40);
        using var source = new CancellationTokenSource();
        var selection = ModelSelection.Run(new Points(rows, 2), new SelectionOptions
        {
            Components = [1, 2],
            CovarianceTypes = [CovarianceType.Full],
            Criterion = SelectionCriterion.CrossValidation,
            SplitStarts = false,
            Progress = new CancelAfter(3, source),
        }, source.Token);
        Assert.Contains(
            "Canceled before the selection was complete; BIC decides among what was fitted until then.",
            Pages.Text(Pages.Html(new Page("page").Add(HtmlReport.Selection(selection)))));
    }

    // Two groups, and one candidate that fails.
    private static SelectionResult Select(SelectionCriterion criterion)
    {
        var rows = Pages.Sample(Pages.Model(components: 2, dimension: 2), 40);
        return ModelSelection.Run(new Points(rows, 2), new SelectionOptions
        {
            Components = [1, 2, 3, 41],
            CovarianceTypes = [CovarianceType.Full, CovarianceType.TiedSpherical],
            Criterion = criterion,
        }, TestContext.Current.CancellationToken);
    }

    private sealed class CancelAfter(int fits, CancellationTokenSource source) : IProgress<SelectionProgress>
    {
        public void Report(SelectionProgress value)
        {
            if (value.Done == fits) source.Cancel();
        }
    }
}
