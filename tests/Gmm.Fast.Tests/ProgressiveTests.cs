using Gmm.Fast.Em;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks fits that begin on samples of their points.</summary>
public class ProgressiveTests
{
    private const int N = 30_000;

    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 5, N, d: 3, k: 4, separation: 1.2);

    private static readonly FitOptions s_options = new() { Components = 4, Regularization = 1e-6, Progressive = Progressive.On, MaxIterations = 300 };

    // The same by hand: EM on each sample from the parameters of the one before, then on all points.
    [Theory]
    [InlineData(Acceleration.None)]
    [InlineData(Acceleration.QuasiNewton)]
    public void ItIsAFitOfEachSampleAfterTheOther(Acceleration acceleration)
    {
        var points = new Points(s_problem.Data, 3);
        var options = s_options with { Stop = StopRule.Statistical(), Acceleration = acceleration };
        var start = MixtureFit.Fit(points, options with { Start = StartMethod.RandomPoints, MaxIterations = 0, Progressive = Progressive.Off }).Model;
        var actual = MixtureFit.Fit(points, options with { InitialModel = start });

        var plan = new ProgressivePlan(N, N, 3 * sizeof(double), 4, start.FreeParameters, options.Seed);
        var (model, passes) = (start, 0.0);
        Assert.Equal(3, plan.Levels.Count);
        foreach (var level in plan.Levels)
        {
            double[] rows = [.. plan.Sample(level).SelectMany(i => s_problem.Data[(3 * i)..(3 * i + 3)])];
            var count = rows.Length / 3;
            var fit = MixtureFit.Fit(new Points(rows, 3), options with
            {
                InitialModel = model,
                Stop = plan.Rule(count),
                MaxIterations = ProgressivePlan.MostIterations,
                Progressive = Progressive.Off,
            });
            passes += (double)fit.Passes * count / N;
            model = fit.Model;
            if (!ProgressivePlan.Pays(fit.Status, fit.Trace, level - 1)) break;
        }
        var expected = MixtureFit.Fit(points, options with { InitialModel = model, Progressive = Progressive.Off });
        Measures.SameBits(expected, actual);
        Assert.Equal((passes, 0), (actual.SamplePasses, expected.SamplePasses));
        Assert.True(actual.Converged && passes > 0);
    }

    [Fact]
    public void TheTraceAndTheReportsAreOfAllPoints()
    {
        var points = new Points(s_problem.Data, 3);
        var reports = new Reports();
        var fit = MixtureFit.Fit(points, s_options with { Progress = reports });
        Assert.Equal(Enumerable.Range(0, fit.Iterations + 1), reports.Select(report => report.Iteration));
        Assert.Equal(fit.Trace.ToArray(), reports.Select(report => report.TotalLogLikelihood));
        Assert.InRange(Measures.Relative(fit.Model.TotalLogLikelihood(points), fit.TotalLogLikelihood), 0, 1e-12);
        Assert.True(fit.SamplePasses > 0);
        for (var t = 1; t < fit.Trace.Length; t++) Assert.True(fit.Trace[t] >= fit.Trace[t - 1]);

        // It begins nearer to the optimum than without samples, and ends as near.
        var all = MixtureFit.Fit(points, s_options with { Progressive = Progressive.Off });
        Assert.Equal(0, all.SamplePasses);
        Assert.True(fit.Trace[0] > all.Trace[0]);
        Assert.InRange(fit.MeanLogLikelihood - all.MeanLogLikelihood, -1e-3, 1e-2);
    }

    [Theory]
    [InlineData("full", false)]
    [InlineData("tied", true)]
    [InlineData("diag", false)]
    public void BitsDependNeitherOnThreadsNorOnMemoryNorOnSkipping(string type, bool isWeighted)
    {
        double[] weights = [.. Enumerable.Range(0, N).Select(i => i % 5 / 2.0)];
        var options = s_options with { CovarianceType = Adapters.Type(type), Restarts = 2, MaxDegreeOfParallelism = 1 };
        var expected = Fit(options);
        Assert.True(expected.SamplePasses > 0);
        foreach (var other in (ReadOnlySpan<FitOptions>)[
            options with { MaxDegreeOfParallelism = 2 }, options with { MaxDegreeOfParallelism = 7, PackingBudget = 0 }, options with { Skipping = Skipping.None }])
        {
            var actual = Fit(other);
            Measures.SameBits(expected, actual);
            Assert.Equal(expected.SamplePasses, actual.SamplePasses);
        }

        FitResult Fit(FitOptions options) =>
            MixtureFit.Fit(isWeighted ? new Points(s_problem.Data, 3).WithWeights(weights) : new Points(s_problem.Data, 3), options);
    }

    [Fact]
    public void BitsOfLargeSamplesDoNotDependOnWhatIsLeftOut()
    {
        const int D = 16, K = 32, Count = 100_000;
        var (random, rows) = (new Random(1), new double[Count * D]);
        var truth = new GaussianMixture(
            CovarianceType.Full, D, [.. Enumerable.Repeat(1.0 / K, K)], [.. Enumerable.Range(0, K * D).Select(_ => 6 * random.NextDouble())],
            [.. Enumerable.Range(0, K).SelectMany(_ => Enumerable.Range(0, D * D).Select(i => i % (D + 1) == 0 ? 1.0 : 0))]);
        truth.Sample(seed: 2, rows);
        var options = new FitOptions { Components = K, InitialModel = truth, Progressive = Progressive.On };
        Assert.Single(ProgressivePlan.LevelsOf(Count, Count, D * sizeof(double), K, truth.FreeParameters));
        Assert.True(Tiles.Pay(Fast.Families.FamilyTable.Of(CovarianceType.Full), Count / 2 - 1_000, D, K, sizeof(double), areInMemory: true));
        var some = MixtureFit.Fit(new Points(rows, D), options);
        Measures.SameBits(some, MixtureFit.Fit(new Points(rows, D), options with { Skipping = Skipping.None, MaxDegreeOfParallelism = 1 }));
        Assert.True(some.SamplePasses > 0);
    }

    [Fact]
    public void FloatsBeginOnSamplesOfFloats()
    {
        var floats = Measures.To<float>(s_problem.Data);
        var expected = MixtureFit.Fit(new Points(floats, 3), s_options with { MaxDegreeOfParallelism = 1 });
        Measures.SameBits(expected, MixtureFit.Fit(new Points(floats, 3), s_options with { MaxDegreeOfParallelism = 3 }));
        Assert.True(expected.SamplePasses > 0);
        Assert.Equal(MixtureFit.Fit(new Points(s_problem.Data, 3), s_options).MeanLogLikelihood, expected.MeanLogLikelihood, 1e-3);
    }

    [Fact]
    public void AFileKeepsTheWorkAndTheFitGoesOn()
    {
        var options = s_options with { Stop = StopRule.Statistical(1e-4) };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        Assert.True(expected.Iterations > 2);
        var part = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { MaxIterations = 0 });
        for (var iteration = 0; iteration < 2; iteration++)
        {
            using var stream = new MemoryStream();
            part.Save(stream);
            part = FitResult.Load(new MemoryStream(stream.ToArray()))!;
            Assert.Equal(expected.SamplePasses, part.SamplePasses);
            part = MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(part) with { MaxIterations = iteration == 0 ? 1 : 300 });
        }
        Measures.SameBits(expected, part);
    }

    // The points of a component of two are on different sides of every sample, so each component of the samples collapses or loses its points.
    [Fact]
    public void ASampleOnWhichAComponentCollapsesCountsForNothing()
    {
        var random = new Random(3);
        double[] data = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextDouble())];
        var options = new FitOptions
        {
            Components = 2,
            InitialModel = new GaussianMixture(CovarianceType.Full, 1, [0.9, 0.1], [0.5, 50.5], [1, 1]),
            Regularization = 0,
            Progressive = Progressive.On,
        };
        var plan = new ProgressivePlan(data.Length, data.Length, sizeof(double), 2, options.InitialModel.FreeParameters, options.Seed);
        var half = plan.Sample(1);
        Assert.NotEmpty(plan.Levels);
        data[half[^1]] = 50;
        data[Enumerable.Range(0, data.Length).Except(half).First()] = 51;
        var fit = MixtureFit.Fit(new Points(data, 1), options);
        Measures.SameBits(MixtureFit.Fit(new Points(data, 1), options with { Progressive = Progressive.Off }), fit);
        Assert.True(fit.SamplePasses > 0 && fit.Converged && fit.Recoveries.Count == 0);
    }

    [Fact]
    public void UnaskedNoFitTakesSamples()
    {
        var problem = Blobs.Build(seed: 6, n: 100_000, d: 1, k: 2, separation: 3);
        var options = new FitOptions { Components = 2, MaxIterations = 5, Stop = StopRule.Statistical() };
        Assert.Equal(Progressive.Auto, options.Progressive);
        var fit = Fit(options);
        Assert.Equal(0, fit.SamplePasses);
        Measures.SameBits(fit, Fit(options with { Progressive = Progressive.Off }));
        Assert.True(Fit(options with { Progressive = Progressive.On }).SamplePasses > 0);

        FitResult Fit(FitOptions options) => MixtureFit.Fit(new Points(problem.Data, 1), options);
    }

    [Fact]
    public void WhatCannotTakeSamplesSaysSo()
    {
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), s_options with { MaxIterations = 1 });
        Refused("a fit that continues another begins with all points", () => MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(fit) with { Progressive = Progressive.On }));
        Refused("samples are of points in memory", () => MixtureFit.Fit(new Rows(s_problem.Data), s_options));
        double[] gaps = [.. s_problem.Data];
        gaps[5] = double.NaN;
        Refused("the points have gaps, and samples are of complete points", () => MixtureFit.Fit(new Points(gaps, 3), s_options with { MissingValues = MissingValues.Marginalize }));
        var ends = Ranks.Try(2, (_, communicator) => MixtureFit.Fit(new Points(s_problem.Data, 3), s_options with { Communicator = communicator }));
        Assert.All(ends, end => Assert.Contains("no process holds a sample of all points", end.Failure!.ToString()));
        Assert.Contains(
            "Auto, Off or On is required",
            Assert.Throws<ArgumentOutOfRangeException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), s_options with { Progressive = (Progressive)7 })).Message);

        static void Refused(string reason, Func<object?> fit) =>
            Assert.StartsWith($"Progressive is On; {reason}, so Auto or Off is required", Assert.Throws<ArgumentException>(fit).Message);
    }

    [Fact]
    public void ACanceledSampleEndsTheFit()
    {
        using var cancellation = new CancellationTokenSource();
        var options = s_options with
        {
            Starts = _ =>
            {
                cancellation.Cancel();
                return s_problem.Model();
            },
        };
        Assert.Throws<OperationCanceledException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), options, cancellation.Token));
    }

    // Points that are not in memory, as far as a fit knows.
    private sealed class Rows(double[] data) : PointSource<double>
    {
        public override long PointCount => data.Length;

        public override int Dimension => 1;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch) => data.AsSpan((int)first, count);
    }

    private sealed class Reports : List<IterationInfo>, IProgress<IterationInfo>
    {
        public void Report(IterationInfo value) => Add(value);
    }
}
