using CsCheck;
using Gmm.Fast;
using Gmm.Report.Html;
using Gmm.TestKit;

namespace Gmm.Report.Tests.Html;

/// <summary>The pass over the rows against the responsibilities of all rows at once.</summary>
public class SurveyTests
{
    [Fact]
    public void LabelsSharesColorsAndSumsAreThoseOfTheResponsibilities() => Blobs.Generator([.. Layout.CovarianceTypes]).Sample(problem =>
    {
        var model = new GaussianMixture(Type(problem.CovarianceType), problem.D, problem.Weights, problem.Means, problem.Covariances);
        var subject = new Subject(model, problem.Data);
        var survey = new Survey(subject, PointSample.Rows(problem.N, 40));
        var (all, k) = (subject.Responsibilities(), problem.K);
        var rows = all.Chunk(k).ToArray();

        Assert.Equal(problem.N, survey.Certainty.Sum());
        Assert.Equal(rows.Average(row => row.Where(r => r > 0).Sum(r => -r * Math.Log(r))), survey.MeanEntropy, 1e-12);
        for (var c = 0; c < k; c++) Assert.Equal(rows.Sum(row => row[c]), survey.EffectiveCounts[c], 1e-9);
        for (var i = 0; i < survey.Drawn.Length; i++)
        {
            var row = rows[survey.Drawn[i]];
            var order = Enumerable.Range(0, k).OrderByDescending(c => row[c]).Take(survey.Shares).ToArray();
            for (var s = 0; s < survey.Shares; s++)
            {
                Assert.Equal(order[s], survey.ShareComponents[i * survey.Shares + s]);
                Assert.Equal(row[order[s]], survey.ShareValues[i * survey.Shares + s] / 65535.0, 1e-5);
            }
            Assert.Equal(Palette.Mix(row), new Rgb(survey.Colors[i * 3], survey.Colors[i * 3 + 1], survey.Colors[i * 3 + 2]));
        }
    }, iter: 50);

    [Fact]
    public void SeveralBlocksGiveWhatOneGives()
    {
        var subject = Pages.Subject(70_000, 2, 8);
        var survey = new Survey(subject, PointSample.Rows(70_000, 1000));
        Assert.Equal(70_000, survey.EffectiveCounts.Sum(), 1e-6);
        var single = new double[8];
        subject.Model.Responsibilities(subject.Rows.AsSpan(survey.Drawn[^1] * 2, 2), single);
        Assert.Equal(Array.IndexOf(single, single.Max()), survey.ShareComponents[^survey.Shares]);
    }

    private static CovarianceType Type(string name) => name switch
    {
        "full" => CovarianceType.Full,
        "tied" => CovarianceType.Tied,
        "diag" => CovarianceType.Diagonal,
        "spherical" => CovarianceType.Spherical,
        "tied-diag" => CovarianceType.TiedDiagonal,
        "tied-spherical" => CovarianceType.TiedSpherical,
        _ => throw new ArgumentException($"{name}: a row here is required", nameof(name)),
    };
}
