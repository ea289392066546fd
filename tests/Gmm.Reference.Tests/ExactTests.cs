using Gmm.TestKit;
using Gmm.TestKit.Exact;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>The exact arithmetic of the test kit, and by it the golden files of the shared variances, which another program wrote.</summary>
public class ExactTests
{
    public static IEnumerable<(string Case, string Run)> RunsWithSharedVariances =>
        GoldenCase.AllRuns.Where(run => GoldenCase.Load(run.Case).CovarianceType is "tied-diag" or "tied-spherical");

    [Theory]
    [MemberData(nameof(RunsWithSharedVariances))]
    public void GoldenNumbersOfSharedVariancesAreExactNumbersRoundedOnce(string name, string runId)
    {
        var golden = GoldenCase.Load(name);
        var expected = golden.Run(runId).Expected;
        var mixture = ExactMixture.From(golden.CovarianceType, golden.InitWeights, golden.InitMeans, golden.InitCovariances, truncates: false);
        for (var t = 0; t < expected.Iterations; t++)
        {
            var step = mixture.EStep(golden.Data);
            Assert.Equal((double)step.LogLikelihood, expected.Trace[t]);
            mixture = mixture.MStep(golden.Data, step.Responsibilities, golden.RegCovar);
        }

        Assert.Equal(mixture.Weights.Select(w => (double)w), expected.Weights);
        Assert.Equal(mixture.Means.SelectMany(mean => mean.Select(m => (double)m)), expected.Means);
        var covariances = mixture.Covariances.Select(s => s.Select(row => row.Select(v => (double)v).ToArray()).ToArray()).ToArray();
        Assert.Equal(Layout.Compact(golden.CovarianceType, covariances), expected.Covariances);

        var final = mixture.EStep(golden.Data);
        Assert.Equal((double)final.LogLikelihood, expected.TotalLogLikelihood);
        Assert.Equal((double)(final.LogLikelihood / golden.N), expected.MeanLogLikelihood);
        Assert.Equal(final.Responsibilities[0].Select(r => (double)r), expected.FinalResponsibilities.FirstRows[..golden.K]);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("spherical")]
    [InlineData("tied-diag")]
    [InlineData("tied-spherical")]
    public void AnExactStepWithIntegerWeightsIsOneWithRepeatedRows(string type)
    {
        var problem = Blobs.Build(seed: 12, n: 20, d: 2, k: 2, type);
        var weights = problem.Rows.Select((_, n) => (double)(n % 4)).ToArray();
        var repeated = Layout.Flat([.. problem.Rows.SelectMany((row, n) => Enumerable.Repeat(row, n % 4))]);

        var start = ExactMixture.From(problem);
        var (expected, actual) = (start.Step(repeated, 0.25), start.Step(problem.Data, 0.25, weights));
        AssertClose(expected.Weights, actual.Weights);
        AssertClose(expected.Means.SelectMany(m => m), actual.Means.SelectMany(m => m));
        AssertClose(expected.Covariances.SelectMany(s => s).SelectMany(r => r), actual.Covariances.SelectMany(s => s).SelectMany(r => r));

        var (whole, weighted) = (start.EStep(repeated), start.EStep(problem.Data, weights));
        AssertClose([whole.LogLikelihood, whole.Magnitude], [weighted.LogLikelihood, weighted.Magnitude]);
        Assert.Throws<ArgumentException>(() => start.Step(problem.Data, 0.25, [1, 2]));

        static void AssertClose(IEnumerable<BigReal> expected, IEnumerable<BigReal> actual) =>
            Assert.All(expected.Zip(actual), pair =>
                Assert.True(BigReal.Abs(pair.First - pair.Second) <= Math.ScaleB(1, -240) * (1 + BigReal.Abs(pair.First))));
    }
}
