using Gmm.TestKit;
using Xunit;

namespace Gmm.Reference.Tests;

public class GoldenTests(ITestOutputHelper output)
{
    [Theory]
    [MemberData(nameof(GoldenCase.AllRuns), MemberType = typeof(GoldenCase))]
    public void EveryGoldenRunIsReproduced(string name, string runId)
    {
        var golden = GoldenCase.Load(name);
        var run = golden.Run(runId);
        var fit = Adapters.Fit(golden, run);

        var errors = Adapters.Verify(golden, run, fit);
        output.WriteLine(errors.ToString());

        // The files allow 1e-10; plain double arithmetic does better, and a twin should be better than what is compared with it.
        Assert.All(errors.Named(), m => Assert.InRange(m.Value, 0, 1e-12));

        // mean_ll: the file also holds what the last E-step saw, one step behind the final value.
        if (run.Expected.SklearnLowerBound is { } bound)
            Assert.Equal(bound, fit.LogLikelihoodTrace[^2] / golden.N, 1e-12 * Math.Max(1, Math.Abs(bound)));

        AssertTypeAndSymmetry(golden, fit.Mixture.Covariances);
    }

    // The comparison above sees only the entries that the covariance type has.
    private static void AssertTypeAndSymmetry(GoldenCase golden, double[][][] covariances)
    {
        var projected = Layout.Expand(golden.CovarianceType, golden.K, golden.D, Layout.Compact(golden.CovarianceType, covariances));
        Assert.Equal(projected, covariances);
        for (var i = 0; i < golden.D; i++)
        {
            for (var j = 0; j < i; j++)
                Assert.All(covariances, s => Assert.Equal(s[i][j], s[j][i], 1e-15 * Math.Sqrt(s[i][i] * s[j][j])));
        }
    }
}
