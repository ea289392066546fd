using Gmm.Fast;
using Gmm.Report.Figures;
using Gmm.Report.Html;
using Gmm.Report.Tests.Figures;
using Gmm.Report.Tests.Html;

namespace Gmm.Report.Tests;

/// <summary>Fits with every type of covariance, as figures and as a page.</summary>
public class FamiliesTests
{
    public static TheoryData<CovarianceType> Types => [.. Enum.GetValues<CovarianceType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void APageNamesTheTypeAndHasMeansAndDeviations(CovarianceType type)
    {
        var subject = Fitted(type, 3);
        var text = Pages.Text(Pages.Html(new ReportContent(subject)));
        Assert.Contains($"2 components with {subject.Model.CovarianceName} covariances", text, StringComparison.Ordinal);
        for (var k = 0; k < 2; k++)
        {
            var matrix = new double[9];
            subject.Model.Covariance(k, matrix);
            for (var j = 0; j < 3; j++)
            {
                var deviation = Math.Sqrt(matrix[j * 3 + j]);
                var cell = $"{Numbers.Mean(subject.Model.Mean(k)[j], deviation)} ± {Numbers.Brief(deviation)}";
                Assert.Contains(cell, text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AFigureNamesTheTypeAndItsEllipsesAreThoseOfTheCovariances(CovarianceType type)
    {
        var subject = Fitted(type, 2);
        var figure = Figure.Components(subject);
        Assert.Contains($"2 components, {subject.Model.CovarianceName} covariance; converged", figure.Scene.Subtitle, StringComparison.Ordinal);
        using var picture = Picture.Of(figure);
        var distances = new double[2];
        for (var k = 0; k < 2; k++)
        {
            var (xs, ys) = Ellipse.Polygon(subject.Model, k, 0, 1, 2, 12);
            for (var i = 0; i < 12; i++)
            {
                subject.Model.MahalanobisDistances([xs[i], ys[i]], distances);
                Assert.Equal(2, distances[k], 1e-9);
            }
            var hits = Enumerable.Range(0, 12).Count(i => picture.Has(Ink.Line(k), 0, xs[i], ys[i]));
            Assert.True(hits >= 9, $"component {k}: {hits} of 12, the rest may be covered");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void TheSumOfTheDensitiesIsThatOfTheModel(CovarianceType type)
    {
        var subject = Fitted(type, 1);
        using var picture = Picture.Of(Figure.Components(subject));
        for (double x = -1; x <= 11; x += 0.5)
        {
            var density = Math.Exp(subject.Model.LogDensity([x]));
            if (density > 0.02) Assert.True(picture.Has(Ink.Text, 0, x, density, within: 3), $"{x}");
        }
    }

    private static Subject Fitted(CovarianceType type, int dimension)
    {
        var rows = Pages.Sample(Pages.Model(2, dimension), 200);
        var subject = Pages.Fitted(rows, dimension, new FitOptions { Components = 2, CovarianceType = type });
        Assert.Equal(type, subject.Model.CovarianceType);
        return subject;
    }
}
