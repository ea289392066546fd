using Xunit;

namespace Gmm.Reference.Tests;

public class SamplingTests
{
    private static readonly ReferenceMixture s_mixture = new(
        ReferenceCovariance.Full, [0.25, 0, 0.75], [[0, 5], [9, 9], [4, -1]], [[[0.5, 0], [0, 2]], [[1, 0], [0, 1]], [[2, -1.2], [-1.2, 1]]]);

    [Fact]
    public void ASeedFixesTheSample()
    {
        Assert.Equal(ReferenceSampling.Draw(20, s_mixture, 7).Data, ReferenceSampling.Draw(20, s_mixture, 7).Data);
        Assert.NotEqual(ReferenceSampling.Draw(20, s_mixture, 7).Data, ReferenceSampling.Draw(20, s_mixture, 8).Data);
        Assert.Empty(ReferenceSampling.Draw(0, s_mixture, 7).Data);
    }

    [Fact]
    public void TheMomentsOfEachComponentComeBack()
    {
        var (data, labels) = ReferenceSampling.Draw(40_000, s_mixture, 11);

        // One M-step with the true labels as responsibilities is the sample's weights, means and covariances.
        var hard = labels.Select(label => Enumerable.Range(0, 3).Select(k => k == label ? 1.0 : 0).ToArray()).ToArray();
        var estimate = ReferenceEm.MStep(data, s_mixture, hard);

        // Five standard errors each: a weight w(1-w)/N, a mean S_ii/N_k, a covariance (S_ii S_jj + S_ij^2)/N_k.
        Assert.Equal(0, estimate.Weights[1]);
        foreach (var k in new[] { 0, 2 })
        {
            var count = s_mixture.Weights[k] * data.Length;
            var s = s_mixture.Covariances[k];
            Assert.Equal(s_mixture.Weights[k], estimate.Weights[k], 5 * Math.Sqrt(s_mixture.Weights[k] * (1 - s_mixture.Weights[k]) / data.Length));
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(s_mixture.Means[k][i], estimate.Means[k][i], 5 * Math.Sqrt(s[i][i] / count));
                for (var j = 0; j < 2; j++)
                    Assert.Equal(s[i][j], estimate.Covariances[k][i][j], 5 * Math.Sqrt((s[i][i] * s[j][j] + s[i][j] * s[i][j]) / count));
            }
        }
    }

    [Fact]
    public void AFitRecoversWhatWasDrawn()
    {
        var (data, _) = ReferenceSampling.Draw(4_000, s_mixture with { Weights = [0.25, 0.2, 0.55] }, 3);
        var fit = ReferenceEm.Fit(data, s_mixture with { Weights = [0.3, 0.3, 0.4] }, new ReferenceOptions());

        Assert.True(fit.Converged);
        Assert.Equal(0.55, fit.Mixture.Weights[2], 0.05);
        Assert.Equal(-1.2, fit.Mixture.Covariances[2][0][1], 0.2);
    }
}
