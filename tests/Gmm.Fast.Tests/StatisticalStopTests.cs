using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the stop rule that estimates how much is left to gain.</summary>
public class StatisticalStopTests
{
    // Rises of a geometric series: Aitken's estimate of what is left is exact.
    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    public void OfLinearConvergenceItKnowsWhatIsLeft(double ratio)
    {
        const double First = 100;
        const long Parameters = 40;
        var left = Enumerable.Range(0, 2_000).Select(t => First * Math.Pow(ratio, t)).TakeWhile(gain => gain > 1e-6).ToArray();
        double[] trace = [.. left.Select(gain => -gain)];
        foreach (var fraction in (double[])[1e-5, 1e-2, 0.5, 100])
        {
            var rule = StopRule.Statistical(fraction);
            for (var t = 0; t < trace.Length; t++)
            {
                var isMet = t >= 3 && left[t] < fraction * Parameters / 2;
                Assert.Equal(isMet, rule.IsMet(trace.AsSpan(0, t + 1), 1, Parameters));

                // The number of points changes nothing.
                Assert.Equal(isMet, rule.IsMet(trace.AsSpan(0, t + 1), 1e9, Parameters));
            }
        }
    }

    [Fact]
    public void ItIsNotMetWhereRisesDoNotShrinkAndIsMetWhereTheyEnd()
    {
        var rule = StopRule.Statistical(1);
        Assert.False(rule.IsMet([0, 1e-9, 2e-9, 4e-9], 1, 10));
        Assert.False(rule.IsMet([0, 1e-9, 1.5e-9, 2.1e-9], 1, 10));
        Assert.False(rule.IsMet([0, 1e-9, 3e-9, 3.1e-9], 1, 10));
        Assert.False(rule.IsMet([0, -1e-9, 1e-9, 1.5e-9], 1, 10));
        Assert.True(rule.IsMet([0, 1e-9, 1.5e-9, 1.7e-9], 1, 10));
        Assert.True(rule.IsMet([0, 1e-9, 2e-9, 2e-9], 1, 10) && rule.IsMet([0, 1e-9, 2e-9, 1e-9], 1, 10));
        Assert.False(StopRule.Statistical(0).IsMet([0, 4, 6, 7], 1, 10) || StopRule.Statistical(0).IsMet([0, 4, 6, 6], 1, 10));
        Assert.True(StopRule.Statistical(0).IsMet([0, 4, 6, 5], 1, 10));
    }

    [Fact]
    public void ConvergenceFollowsTheRuleToTheIteration()
    {
        var problem = Blobs.Build(seed: 3, n: 500, d: 3, k: 3, separation: 1.5);
        var full = problem.Fit(iterations: 400).Trace.ToArray();
        var (halfOfParameters, before) = (problem.Model().FreeParameters / 2.0, 0);
        foreach (var fraction in (double[])[1, 0.1, 1e-2, 1e-3])
        {
            var fit = MixtureFit.Fit(new Points(problem.Data, 3), problem.Options(400) with { Stop = StopRule.Statistical(fraction) });
            var expected = Enumerable.Range(3, 398).First(t => Left(t) < fraction * halfOfParameters);
            Assert.Equal((FitStatus.Converged, expected), (fit.Status, fit.Iterations));
            Measures.SameBits(full.AsSpan(0, expected + 1), fit.Trace);
            Assert.True(expected >= before);
            before = expected;
        }

        double Left(int t)
        {
            double Rise(int i) => full[i] - full[i - 1];
            var ratio = Math.Max(Rise(t) / Rise(t - 1), Rise(t - 1) / Rise(t - 2));
            return ratio < 1 ? Rise(t) * ratio / (1 - ratio) : double.PositiveInfinity;
        }
    }

    // The last of the gain comes slowest, so that an estimate is seldom above it.
    [Fact]
    public void WhatIsLeftIsAboutWhatTheRuleSays()
    {
        var within = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var problem = Blobs.Build(seed, n: 2_000, d: 2, k: 3, separation: 1.5);
            var end = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(5_000) with { Stop = StopRule.TotalRise(1e-7) });
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(5_000) with { Stop = StopRule.Statistical() });
            Assert.True(fit.Converged);
            if (end.TotalLogLikelihood - fit.TotalLogLikelihood < 2 * 0.01 * fit.Model.FreeParameters / 2) within++;
        }
        Assert.InRange(within, 15, 20);
    }

    [Theory]
    [InlineData(Acceleration.QuasiNewton)]
    [InlineData(Acceleration.Anderson)]
    [InlineData(Acceleration.Squarem)]
    public void ItComparesStepsOfEm(Acceleration acceleration)
    {
        var accelerated = 0;
        for (var seed = 0; seed < 6; seed++)
        {
            var problem = Blobs.Build(seed, n: 500, d: 2, k: 3, separation: 1);
            var options = problem.Options(2_000) with { Stop = StopRule.Statistical(1e-4) };
            List<GaussianMixture> models = [];
            var fit = MixtureFit.Fit(
                new Points(problem.Data, 2), options with { Acceleration = acceleration, Progress = new Reports { OnReport = info => models.Add(info.Snapshot()) } });
            Assert.True(fit.Converged);
            if (fit.Iterations < MixtureFit.Fit(new Points(problem.Data, 2), options).Iterations) accelerated++;
            for (var at = models.Count - 3; at < models.Count; at++)
            {
                var step = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(1) with { InitialModel = models[at - 1] });
                Measures.SameBits(step.Model, models[at]);
            }
        }
        Assert.InRange(accelerated, 1, 6);
    }

    private sealed class Reports : IProgress<IterationInfo>
    {
        public required Action<IterationInfo> OnReport { get; init; }

        public void Report(IterationInfo value) => OnReport(value);
    }
}
