using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>Checks EM for rows with missing values against what it must be by itself.</summary>
public class GapsTests
{
    private static readonly ReferenceMixture s_start = new(
        ReferenceCovariance.Full, [0.4, 0.6], [[0, 1, 2], [4, 0, 1]], [[[2, 0.5, 0.3], [0.5, 1, 0.2], [0.3, 0.2, 1.5]], [[1, 0.2, 0], [0.2, 1, 0.1], [0, 0.1, 2]]]);

    [Fact]
    public void WithoutGapsAStepIsThatOfTheTextbook()
    {
        var (data, _) = ReferenceSampling.Draw(200, s_start, seed: 1);
        double[] weights = [.. data.Select((_, n) => n % 3 + 0.5)];
        var (expected, actual) = (ReferenceEm.Step(data, s_start, 0.01, weights), ReferenceGaps.Step(data, s_start, 0.01, weights));
        Assert.Equal(ReferenceEm.LogLikelihood(data, s_start, weights), ReferenceGaps.LogLikelihood(data, s_start, weights), 1e-9);
        for (var k = 0; k < 2; k++)
        {
            Assert.Equal(expected.Weights[k], actual.Weights[k], 1e-12);
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(expected.Means[k][i], actual.Means[k][i], 1e-12);
                for (var j = 0; j < 3; j++) Assert.Equal(expected.Covariances[k][i][j], actual.Covariances[k][i][j], 1e-12);
            }
        }
    }

    [Fact]
    public void TheLogLikelihoodRises()
    {
        var (data, _) = ReferenceSampling.Draw(150, s_start, seed: 2);
        var random = new Random(3);
        foreach (var row in data)
        {
            for (var j = 0; j < 3; j++)
            {
                if (random.NextDouble() < 0.3) row[j] = double.NaN;
            }
        }
        var mixture = s_start;
        var before = ReferenceGaps.LogLikelihood(data, mixture);
        for (var t = 0; t < 30; t++)
        {
            mixture = ReferenceGaps.Step(data, mixture);
            var after = ReferenceGaps.LogLikelihood(data, mixture);
            Assert.True(after >= before - 1e-10, $"{after} after {before}");
            before = after;
        }
    }

    // Columns 0 and 1 are always there, column 2 in the first rows only: the likelihood factors, and least squares give the estimate in closed form
    // (Little and Rubin, section 7.2, monotone patterns).
    [Fact]
    public void AMonotonePatternHasTheClosedFormOfRegression()
    {
        var one = new ReferenceMixture(ReferenceCovariance.Full, [1], [s_start.Means[0]], [s_start.Covariances[0]]);
        var (data, _) = ReferenceSampling.Draw(60, one, seed: 4);
        foreach (var row in data) row[0] = 0.5 * row[1] + row[0];
        foreach (var row in data[40..]) row[1] = double.NaN;
        double[][] pairs = [.. data.Select(row => row[..2])];
        var mixture = new ReferenceMixture(ReferenceCovariance.Full, [1], [[0, 0]], [[[1, 0], [0, 1]]]);
        for (var t = 0; t < 400; t++) mixture = ReferenceGaps.Step(pairs, mixture);

        double[] x = [.. pairs.Select(row => row[0])], seenX = x[..40], seenY = [.. pairs[..40].Select(row => row[1])];
        var slope = Covariance(seenX, seenY) / Covariance(seenX, seenX);
        Assert.Equal(x.Average(), mixture.Means[0][0], 1e-10);
        Assert.Equal(seenY.Average() + slope * (x.Average() - seenX.Average()), mixture.Means[0][1], 1e-10);
        Assert.Equal(slope * Covariance(x, x), mixture.Covariances[0][0][1], 1e-10);
        Assert.Equal(
            Covariance(seenY, seenY) + slope * slope * (Covariance(x, x) - Covariance(seenX, seenX)), mixture.Covariances[0][1][1], 1e-10);

        static double Covariance(double[] a, double[] b) => a.Zip(b, (u, v) => (u - a.Average()) * (v - b.Average())).Average();
    }
}
