using Gmm.Fast.Em;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks the samples on which a fit begins.</summary>
public class ProgressivePlanTests
{
    [Fact]
    public void EachSampleHoldsThoseBeforeAndIsAboutTwiceAsLarge()
    {
        const int N = 100_000;
        foreach (var seed in (long[])[0, 1, -7])
        {
            var plan = new ProgressivePlan(N, N, 16, components: 2, parameters: 30, seed);
            Assert.Equal([5, 4, 3, 2, 1], plan.Levels);
            int[] before = [];
            foreach (var level in plan.Levels)
            {
                var sample = plan.Sample(level);
                Assert.True(before.All(new HashSet<int>(sample).Contains));
                Assert.True(sample.Zip(sample.Skip(1)).All(pair => pair.First < pair.Second));
                Assert.InRange(sample[^1], 0, N - 1);

                // Within five standard deviations of a binomial number, in each half of the points too.
                var expected = (double)N / (1 << level);
                Assert.InRange(sample.Length, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected));
                var first = sample.Count(i => i < N / 2);
                Assert.InRange(first, expected / 2 - 5 * Math.Sqrt(expected / 2), expected / 2 + 5 * Math.Sqrt(expected / 2));
                before = sample;
            }
        }
    }

    [Fact]
    public void OtherSeedsGiveOtherSamples() => Assert.NotEqual(
        new ProgressivePlan(9_000, 9_000, 8, 1, 2, seed: 1).Sample(1), new ProgressivePlan(9_000, 9_000, 8, 1, 2, seed: 2).Sample(1));

    [Theory]
    [InlineData(4_799, 8, 1, 100, 0, 0)]
    [InlineData(4_800, 8, 1, 100, 1, 1)]
    [InlineData(4_800, 8, 1, 241, 0, 0)]
    [InlineData(4_800, 8, 2, 100, 0, 0)]
    [InlineData(1_000_000, 16 * 8, 1, 100, 8, 2)]
    [InlineData(1_000_000_000, 10_000, 1, 5, 18, 18)]
    public void NoSampleIsTooSmallOrTooLarge(long points, long pointBytes, int components, long parameters, int first, int last)
    {
        var levels = ProgressivePlan.LevelsOf(points, points, pointBytes, components, parameters);
        Assert.Equal(last == 0 ? [] : Enumerable.Range(last, first - last + 1).Reverse(), levels);

        // Points of weight 0 make no sample larger.
        Assert.All(ProgressivePlan.LevelsOf(points, points / 4, pointBytes, components, parameters), level => Assert.Contains(level + 2, levels));
    }

    [Fact]
    public void TheRuleOfASampleIsItsSamplingError()
    {
        var plan = new ProgressivePlan(40_000, 40_000, 8, 2, 30, seed: 0);
        Assert.Equal(StopRule.Statistical(0.75), plan.Rule(10_000));

        // Rises of 8, 4, 2 nats: 2 are left, of 30/2 (1 - 1/4) = 11.25.
        Assert.True(plan.Rule(10_000).IsMet([0, 8, 12, 14], 10_000, 30));
    }

    // Rises of half the one before: a pass over all points halves the gain that is left, as do four over a sample.
    [Fact]
    public void ALargerSampleFollowsWhereItCostsLessThanItSaves()
    {
        double[] trace = [0, 8, 12, 14];
        Assert.True(ProgressivePlan.Pays(FitStatus.Converged, trace, level: 3));
        Assert.False(ProgressivePlan.Pays(FitStatus.Converged, trace, level: 2));
        Assert.False(ProgressivePlan.Pays(FitStatus.Converged, trace, level: 1));
        Assert.True(ProgressivePlan.Pays(FitStatus.MaxIterations, trace, level: 1));
        Assert.True(ProgressivePlan.Pays(FitStatus.Converged, [0, 8, 14, 18.5], level: 1));
        Assert.False(ProgressivePlan.Pays(FitStatus.Converged, [0, 8, 12, 12], level: 5));
    }
}
