using CsCheck;
using Gmm.Fast.Tests.Gaps;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that accelerated fits climb, end where EM ends, and promise what fits promise.</summary>
public class AccelerationTests
{
    private static readonly Acceleration[] s_all = [Acceleration.QuasiNewton, Acceleration.Anderson, Acceleration.Squarem];

    public static TheoryData<Acceleration> All() => [.. s_all];

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheLogLikelihoodNeverFalls(string type)
    {
        var proposals = 0;
        Gen.Select(
            Gen.Int[40, 300], Gen.Int[1, 5], Gen.Int[1, 4], Gen.Double[0, 4], Gen.OneOf(0.0, 0.1), Gen.Bool, Gen.Enum<Acceleration>(), Gen.Int[0, 1 << 20])
            .Sample((n, d, k, separation, missing, isWeighted, acceleration, seed) =>
            {
                var problem = Blobs.Build(seed, n, d, k, type, separation);
                if (missing > 0 && d > 1) problem = problem.WithGaps(missing, seed);
                double[] weights = [.. Enumerable.Range(0, n).Select(i => isWeighted ? 0.5 + i % 3 : 1)];
                var points = new Points(problem.Data, d).WithWeights(weights);

                // Without a floor a component may shrink onto few points, where EM itself falls by rounding.
                var options = problem.Options(40) with { Acceleration = acceleration, MissingValues = MissingValues.Marginalize, VarianceFloor = 1e-3 };
                var fit = MixtureFit.Fit(points, options);
                var plain = MixtureFit.Fit(points, options with { Acceleration = Acceleration.None });
                for (var t = 1; t < fit.Trace.Length; t++)
                    Assert.True(fit.Trace[t] >= fit.Trace[t - 1] - 1e-10 * Math.Abs(fit.Trace[t]), $"{problem}: {fit.Trace[t]} after {fit.Trace[t - 1]}");
                if (!fit.Trace.SequenceEqual(plain.Trace)) Interlocked.Increment(ref proposals);
            },
            iter: 60, threads: 1);
        Assert.True(proposals > 0, "no fit took another path");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void SlowFitsEndInTheOptimumOfEmInFewerPasses(Acceleration acceleration)
    {
        foreach (var type in Layout.CovarianceTypes)
        {
            var (problem, options) = Slow(type);
            options = options with { MaxIterations = 20_000, Stop = StopRule.TotalRise(1e-6) };
            var plain = MixtureFit.Fit(new Points(problem.Data, 2), options);
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), options with { Acceleration = acceleration });
            Assert.True(plain.Converged && fit.Converged);
            Assert.Equal((plain.Iterations + 1, 0), (plain.Passes, plain.RefusedProposals));
            Assert.Equal(plain.TotalLogLikelihood, fit.TotalLogLikelihood, 1e-3);
            Assert.True(Distance.Of(plain.Model, fit.Model).Largest < 0.05, $"{type}");
            Assert.True(fit.Passes < 0.9 * plain.Passes, $"{type}: {fit.Passes} passes, of EM {plain.Passes}");
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheTextbookFindsTheSameOptimum(string type)
    {
        var (problem, options) = Slow(type);
        problem = problem with { N = 300, Data = problem.Data[..600] };
        var (mixture, logLikelihood, steps) = ReferenceSquarem.Fit(problem.Rows, problem.Reference(), threshold: 1e-8, maxSteps: 2_000);
        Assert.True(steps < 2_000);
        foreach (var acceleration in s_all)
        {
            var fit = MixtureFit.Fit(
                new Points(problem.Data, 2), options with { MaxIterations = 5_000, Stop = StopRule.TotalRise(1e-8), Acceleration = acceleration });
            Assert.True(fit.Converged);
            Assert.Equal(logLikelihood, fit.TotalLogLikelihood, 1e-5);
            Assert.True(Distance.Of(mixture.Weights, mixture.Means, mixture.Covariances, fit.Model).Largest < 0.01, $"{acceleration}");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void APassIsReadForEveryIterationAndEveryRefusedProposal(Acceleration acceleration)
    {
        var refused = 0;
        for (var seed = 0; seed < 12; seed++)
        {
            var problem = Blobs.Build(seed, n: 3_000, d: 2, k: 4, separation: 1);
            var reports = new Reports();
            var options = problem.Options(60) with { Acceleration = acceleration, PackingBudget = 0, Progress = reports };
            var (counting, start) = (new Counting(problem.Data, 2), new Counting(problem.Data, 2));
            MixtureFit.Fit(start, options with { MaxIterations = 0, Progress = null });
            var fit = MixtureFit.Fit(counting, options);
            if (fit.Status != FitStatus.MaxIterations) continue;
            Assert.Equal(fit.Passes - 1, counting.Reads - start.Reads);
            Assert.Equal(fit.Iterations + 1 + fit.RefusedProposals, fit.Passes);
            Assert.Equal((fit.Passes, fit.RefusedProposals), (reports[^1].Passes, reports[^1].RefusedProposals));
            refused += fit.RefusedProposals;
        }
        Assert.True(refused > 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NeitherThreadsNorRanksChangeABit(Acceleration acceleration)
    {
        foreach (var type in Layout.CovarianceTypes)
        {
            var (problem, options) = Slow(type);
            options = options with { MaxIterations = 25, Acceleration = acceleration };
            var expected = MixtureFit.Fit(new Points(problem.Data, 2), options);
            var plain = MixtureFit.Fit(new Points(problem.Data, 2), options with { Acceleration = Acceleration.None });
            Assert.NotEqual(plain.TotalLogLikelihood, expected.TotalLogLikelihood);
            foreach (var threads in (int[])[2, 5])
                Measures.SameBits(expected, MixtureFit.Fit(new Points(problem.Data, 2), options with { MaxDegreeOfParallelism = threads }));
            foreach (var ranks in (int[])[2, 3])
            {
                var fits = Ranks.Run(ranks, (rank, communicator) =>
                {
                    var (first, count) = PointPart.Of<double>(problem.N, 2, rank, ranks);
                    return MixtureFit.Fit(new Points(problem.Data.AsSpan((int)first * 2, (int)count * 2), 2), options with { Communicator = communicator });
                });
                foreach (var fit in fits)
                {
                    Measures.SameBits(expected, fit);
                    Assert.Equal(expected.Passes, fit.Passes);
                }
            }
        }
    }

    // A power of two changes no digit of a product; logarithms alone are rounded anew.
    [Theory]
    [MemberData(nameof(All))]
    public void UnitsDoNotChangeThePath(Acceleration acceleration)
    {
        foreach (var type in Layout.CovarianceTypes)
        {
            var (problem, options) = Slow(type);
            double[] factors = Fast.Families.FamilyTable.Of(options.CovarianceType).IsAverage ? [1024, 1024] : [1024, 1.0 / (1 << 20)];
            options = options with { MaxIterations = 25, Acceleration = acceleration };
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), options);
            double[] data = [.. problem.Data.Select((x, i) => x * factors[i % 2])];
            var scaled = MixtureFit.Fit(new Points(data, 2), options with { InitialModel = Scaled(options.InitialModel!, factors) });
            Assert.Equal(fit.RefusedProposals, scaled.RefusedProposals);
            var shift = problem.N * factors.Sum(Math.Log);
            for (var t = 0; t < fit.Trace.Length; t++) Assert.Equal(fit.Trace[t], scaled.Trace[t] + shift, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TheStepThatConvergesIsOneOfEm(Acceleration acceleration)
    {
        var (converged, accelerated) = (0, 0);
        foreach (var stop in (StopRule[])[StopRule.TotalRise(1e-3), StopRule.MeanChange(1e-6)])
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var problem = Blobs.Build(seed, n: 500, d: 2, k: 3, separation: 1);
                List<GaussianMixture> models = [];
                var reports = new Reports { OnReport = info => models.Add(info.Snapshot()) };
                var fit = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(2_000) with { Acceleration = acceleration, Stop = stop, Progress = reports });
                if (!fit.Converged) continue;
                converged++;
                if (fit.Iterations < MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(2_000) with { Stop = stop }).Iterations) accelerated++;
                var at = stop.Kind == StopKind.TotalRise ? models.Count - 1 : models.Count - 2;
                var step = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(1) with { InitialModel = models[at - 1] });
                Measures.SameBits(step.Model, models[at]);
                Assert.True(Math.Abs(fit.Trace[at] - fit.Trace[at - 1]) < (stop.Kind == StopKind.TotalRise ? stop.Tolerance : stop.Tolerance * problem.N));
            }
        }
        Assert.True(converged >= 15 && accelerated >= 10, $"{converged} of 20 fits converged, {accelerated} in fewer iterations than EM");
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ComponentsThatCollapseAreRecovered(Acceleration acceleration)
    {
        // Ten equal points, and a component on them, beside a cloud that three components share.
        var cloud = Blobs.Build(seed: 27, n: 300, d: 2, k: 1, separation: 0);
        double[] data = [.. Enumerable.Repeat(30.0, 20), .. cloud.Data];
        double[] sphere = [4, 0, 0, 4];
        var start = new GaussianMixture(
            CovarianceType.Full, 2, [0.3, 0.3, 0.2, 0.2], [-1, 0, 1, 0, 0, 1, 20, 20], [.. Enumerable.Repeat(sphere, 4).SelectMany(x => x)]);
        foreach (var policy in Enum.GetValues<CollapsePolicy>())
        {
            var options = new FitOptions
            {
                Components = 4,
                InitialModel = start,
                Regularization = 0,
                Stop = StopRule.FixedCount,
                MaxIterations = 60,
                OnCollapse = policy,
                Acceleration = acceleration,
            };
            var fit = MixtureFit.Fit(new Points(data, 2), options);
            Assert.Equal(policy == CollapsePolicy.Fail ? FitStatus.Collapsed : FitStatus.MaxIterations, fit.Status);
            Assert.Equal(policy != CollapsePolicy.Fail, fit.Recoveries.Count > 0);
            Assert.True(double.IsFinite(fit.TotalLogLikelihood));
            Assert.Equal(1, fit.Model.Weights.ToArray().Sum(), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void NoVarianceIsBelowTheFloorInAnyIteration(Acceleration acceleration)
    {
        var problem = Blobs.Build(seed: 28, n: 400, d: 2, k: 4, "diag", separation: 1);
        var variances = MixtureFit.Fit(new Points(problem.Data, 2), new FitOptions { Components = 1, CovarianceType = CovarianceType.Diagonal }).Model;
        const double Floor = 0.2;
        var reports = new Reports
        {
            OnReport = info =>
            {
                for (var i = 0; info.Iteration > 0 && i < 8; i++) Assert.True(info.Snapshot().Variance(i / 2, i % 2) >= Floor * variances.Variance(0, i % 2) * (1 - 1e-9));
            },
        };
        MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(60) with { VarianceFloor = Floor, Acceleration = acceleration, Progress = reports });
        Assert.Equal(61, reports.Count);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AFitGoesOnFromItsFile(Acceleration acceleration)
    {
        var (problem, options) = Slow("full");
        options = options with { MaxIterations = 20, Stop = StopRule.TotalRise(1e-6), Acceleration = acceleration };
        var first = MixtureFit.Fit(new Points(problem.Data, 2), options);
        Assert.Equal(FitStatus.MaxIterations, first.Status);
        var read = Read(first);
        Assert.Equal((acceleration, first.Passes, first.RefusedProposals), (read.Acceleration, read.Passes, read.RefusedProposals));

        var whole = MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(read) with { MaxIterations = 5_000 });
        Assert.True(whole.Converged);
        Assert.True(whole.RefusedProposals >= first.RefusedProposals);
        Measures.SameBits(first.Trace, whole.Trace[..first.Trace.Length], "trace");
        var again = MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(Read(whole)));
        Assert.Equal((FitStatus.Converged, whole.Iterations, whole.Passes), (again.Status, again.Iterations, again.Passes));
    }

    // Nobody notes which steps of a fit before were proposals, so none of them may decide.
    [Theory]
    [MemberData(nameof(All))]
    public void AFitThatGoesOnConvergesByAStepOfItsOwn(Acceleration acceleration)
    {
        var (problem, options) = Slow("full");
        var first = MixtureFit.Fit(new Points(problem.Data, 2), options with { MaxIterations = 12, Stop = StopRule.FixedCount, Acceleration = acceleration });
        foreach (var (stop, further) in (ReadOnlySpan<(StopRule, int)>)[(StopRule.MeanChange(1e9), 2), (StopRule.TotalRise(1e9), 1), (StopRule.Statistical(1e9), 3)])
        {
            var whole = MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(first) with { Stop = stop });
            Assert.Equal((FitStatus.Converged, first.Iterations + further), (whole.Status, whole.Iterations));
        }
        var unbegun = MixtureFit.Fit(new Points(problem.Data, 2), options with { MaxIterations = 0, Acceleration = acceleration });
        Assert.Equal(12, MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(unbegun) with { MaxIterations = 12, Stop = StopRule.FixedCount }).Iterations);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void AConvergedFitEndsAtOnceUnderALooserRule(Acceleration acceleration)
    {
        var (problem, options) = Slow("full");
        foreach (var stop in (ReadOnlySpan<(StopRule Met, StopRule Looser, StopRule Stricter)>)[
            (StopRule.TotalRise(1e-2), StopRule.TotalRise(1e-1), StopRule.TotalRise(1e-5)),
            (StopRule.MeanChange(1e-4), StopRule.MeanChange(1e-3), StopRule.MeanChange(1e-8)),
            (StopRule.Statistical(1e-2), StopRule.Statistical(1e-1), StopRule.Statistical(1e-5))])
        {
            var first = MixtureFit.Fit(new Points(problem.Data, 2), options with { MaxIterations = 5_000, Stop = stop.Met, Acceleration = acceleration });
            Assert.True(first.Converged);
            var again = MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(first) with { Stop = stop.Looser });
            Assert.Equal((FitStatus.Converged, first.Iterations), (again.Status, again.Iterations));
            Assert.True(MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(first) with { Stop = stop.Stricter }).Iterations > first.Iterations);
        }
    }

    [Fact]
    public void AnAccelerationThatDoesNotExistIsRefused()
    {
        var problem = Blobs.Build(seed: 29, n: 50, d: 2, k: 2);
        var e = Assert.Throws<ArgumentOutOfRangeException>(
            () => MixtureFit.Fit(new Points(problem.Data, 2), problem.Options() with { Acceleration = (Acceleration)9 }));
        Assert.Contains("None, QuasiNewton, Anderson or Squarem is required", e.Message);
    }

    // Two clusters that overlap much and one that does not, from a start that is far from them.
    private static (MixtureProblem Problem, FitOptions Options) Slow(string type)
    {
        double[][] sphere = [[1, 0], [0, 1]];
        var covariances = Layout.Compact(type, [sphere, sphere, sphere]);
        var random = new Random(29);
        double[] data = [.. Enumerable.Range(0, 1_200).SelectMany(n =>
            (double[])[(n % 3 == 0 ? 0 : n % 3 == 1 ? 2 : 9) + SpdMatrix.StandardNormal(random), (n % 3 == 1 ? 1 : 0) + SpdMatrix.StandardNormal(random)])];
        var problem = new MixtureProblem(1_200, 2, 3, type, data, [0.2, 0.5, 0.3], [-1, 1, 1, -1, 8, 0], covariances);
        return (problem, problem.Options());
    }

    private static GaussianMixture Scaled(GaussianMixture model, double[] factors)
    {
        var (k, d) = (model.ComponentCount, model.Dimension);
        double[] means = [.. model.Means.ToArray().Select((mean, i) => mean * factors[i % d])], covariances = model.Covariances.ToArray();
        var perMatrix = Fast.Families.FamilyTable.Of(model.CovarianceType).MatrixLength(d);
        for (var i = 0; i < covariances.Length; i++)
        {
            var at = i % perMatrix;
            covariances[i] *= perMatrix == d * d ? factors[at / d] * factors[at % d] : factors[at] * factors[at];
        }
        return new GaussianMixture(model.CovarianceType, d, model.Weights, means, covariances);
    }

    private static FitResult Read(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        return FitResult.Load(stream)!;
    }

    private sealed class Counting(double[] rows, int dimension) : PointSource<double>
    {
        private int _reads;

        /// <summary>The times that the last point was read; the first block stays in memory.</summary>
        public int Reads => _reads;

        public override long PointCount => rows.Length / dimension;

        public override int Dimension => dimension;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            if (first + count == PointCount) Interlocked.Increment(ref _reads);
            return rows.AsSpan((int)first * dimension, count * dimension);
        }
    }
}
