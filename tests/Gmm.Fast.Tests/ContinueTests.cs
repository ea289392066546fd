using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that a fit in pieces, also through files, is the fit without a break, bit for bit.</summary>
public class ContinueTests
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 31, n: 3_000, d: 3, k: 3, separation: 1.5);

    public static TheoryData<string, StopKind> Kinds()
    {
        var kinds = new TheoryData<string, StopKind>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var stop in Enum.GetValues<StopKind>()) kinds.Add(type, stop);
        }
        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OneIterationPerCallIsTheLongRun(string type, StopKind stop)
    {
        var problem = Blobs.Build(seed: 31, n: 3_000, d: 3, k: 3, type, separation: 1.5);
        var options = Options(problem, Rule(stop)) with { MaxIterations = stop == StopKind.FixedCount ? 12 : 500, VarianceFloor = 1e-3 };
        var expected = MixtureFit.Fit(new Points(problem.Data, 3), options);
        Assert.True(expected.Iterations > 1);
        Assert.Equal(stop != StopKind.FixedCount, expected.Converged);

        var fit = MixtureFit.Fit(new Points(problem.Data, 3), options with { MaxIterations = 0 });
        for (var calls = 0; calls < expected.Iterations; calls++)
        {
            Assert.Equal((FitStatus.MaxIterations, calls), (fit.Status, fit.Iterations));
            fit = MixtureFit.Fit(new Points(problem.Data, 3), FitOptions.Continue(Read(fit)) with { MaxIterations = 1 });
        }
        Same(expected, fit);
        Assert.Equal(Saved(expected), Saved(fit));
    }

    [Fact]
    public void AFitThatHasConvergedStaysAsItIsUntilTheRuleIsStricter()
    {
        var options = Options(s_problem, StopRule.TotalRise(1e-2)) with { MaxIterations = 500 };
        var coarse = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        Assert.True(coarse.Converged);
        Same(coarse, MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(coarse)));

        var strict = StopRule.TotalRise(1e-6);
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Stop = strict });
        Assert.True(expected.Iterations > coarse.Iterations);
        Same(expected, MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(coarse) with { Stop = strict, MaxIterations = 500 }));
    }

    [Fact]
    public void ACanceledFitGoesOnAsIfItHadNotBeen()
    {
        var options = Options(s_problem, StopRule.TotalRise(1e-2)) with
        {
            MaxIterations = 500,
            InitialModel = null,
            Start = StartMethod.RandomPoints,
            Seed = 7,
        };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        using var cancellation = new CancellationTokenSource();
        var progress = new Reports { OnReport = info => { if (info.Iteration == 4) cancellation.Cancel(); } };
        var part = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Progress = progress }, cancellation.Token);
        Assert.Equal(FitStatus.Cancelled, part.Status);
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(Read(part)) with { MaxIterations = 500 });
        Same(expected, fit);
        Assert.Equal(7, fit.Seed);
    }

    [Fact]
    public void ProgressCountsOn()
    {
        var part = MixtureFit.Fit(new Points(s_problem.Data, 3), Options(s_problem, StopRule.FixedCount) with { MaxIterations = 3 });
        var reports = new Reports();
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(part) with { MaxIterations = 2, Progress = reports });
        Assert.Equal([3, 4, 5], reports.Select(info => info.Iteration));
        Assert.Equal(fit.Trace[3..].ToArray(), reports.Select(info => info.TotalLogLikelihood));
        Assert.Equal(fit.Trace[3] - fit.Trace[2], reports[0].Change);
    }

    [Fact]
    public void FloatsAndWeightsGoOnToo()
    {
        double[] weights = [.. Enumerable.Range(0, 3_000).Select(i => i % 4 * 0.7)];
        var options = Options(s_problem, StopRule.MeanChange(1e-6)) with { MaxIterations = 300 };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3).WithWeights(weights), options);
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3).WithWeights(weights), options with { MaxIterations = 4 });
        Same(expected, MixtureFit.Fit(new Points(s_problem.Data, 3).WithWeights(weights), FitOptions.Continue(Read(fit)) with { MaxIterations = 300 }));

        var floats = Measures.To<float>(s_problem.Data);
        expected = MixtureFit.Fit(new Points(floats, 3), options);
        fit = MixtureFit.Fit(new Points(floats, 3), options with { MaxIterations = 4 });
        Same(expected, MixtureFit.Fit(new Points(floats, 3), FitOptions.Continue(Read(fit)) with { MaxIterations = 300 }));
    }

    [Fact]
    public void RanksGoOnTogether()
    {
        var problem = Blobs.Build(seed: 22, n: 20_000, d: 3, k: 3, separation: 2);
        var options = Options(problem, StopRule.FixedCount) with { MaxIterations = 6 };
        var expected = MixtureFit.Fit(new Points(problem.Data, 3), options);
        var part = MixtureFit.Fit(new Points(problem.Data, 3), options with { MaxIterations = 2 });
        var fits = Ranks.Run(4, (rank, communicator) =>
        {
            var (first, count) = PointPart.Of<double>(20_000, 3, rank, 4);
            return MixtureFit.Fit(
                new Points(problem.Data.AsSpan((int)first * 3, (int)count * 3), 3),
                FitOptions.Continue(part) with { MaxIterations = 4, Communicator = communicator });
        });
        foreach (var fit in fits) Same(expected, fit);

        var ends = Ranks.Try(2, (rank, communicator) => MixtureFit.Fit(
            new Points(problem.Data.AsSpan(0, 30_000), 3),
            FitOptions.Continue(rank == 0 ? part : expected) with { Communicator = communicator }));
        Assert.All(ends, end => Assert.Contains("another initial model than rank 0", Assert.IsType<FailedRankException>(end.Failure).Message));
    }

    // A component onto which ten equal points collapse; the recoveries of the first part change the second.
    [Theory]
    [InlineData(CollapsePolicy.Keep)]
    [InlineData(CollapsePolicy.Reseed)]
    [InlineData(CollapsePolicy.Drop)]
    public void RecoveriesAreRemembered(CollapsePolicy policy)
    {
        var random = new Random(4);
        double[] data =
        [
            .. Enumerable.Repeat(60.0, 10), .. Enumerable.Range(0, 40).Select(_ => random.NextDouble()), .. Enumerable.Range(0, 80).Select(_ => 60 + 9 * (random.NextDouble() - 0.5)),
        ];
        var options = new FitOptions
        {
            Components = 3,
            InitialModel = new GaussianMixture(CovarianceType.Full, 1, [0.3, 0.2, 0.5], [0, 60, 60], [9, 1e-6, 9]),
            Stop = StopRule.TotalRise(1e-7),
            Regularization = 0,
            OnCollapse = policy,
            MaxIterations = 60,
        };
        var expected = MixtureFit.Fit(new Points(data, 1), options);
        Assert.NotEmpty(expected.Recoveries);
        var last = expected.Recoveries[^1].Iteration;
        for (var cut = 0; cut <= Math.Min(last + 2, expected.Iterations); cut++)
        {
            var part = MixtureFit.Fit(new Points(data, 1), options with { MaxIterations = cut });
            var fit = MixtureFit.Fit(new Points(data, 1), FitOptions.Continue(Read(part)) with { MaxIterations = 60 - cut });
            Same(expected, fit);
            Assert.Equal(expected.Recoveries, fit.Recoveries);
            Assert.Equal(expected.Failure, fit.Failure);
        }
    }

    // The order of a model is not that of its fit; the numbers of a file stay, and the fit goes on as it began.
    [Fact]
    public void OrderedComponentsGoOnInTheOrderOfTheFit()
    {
        var order = ComponentOrder.ByMean(1);
        var options = Options(s_problem, StopRule.FixedCount) with { MaxIterations = 8, Order = order };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        var part = Read(MixtureFit.Fit(new Points(s_problem.Data, 3), options with { MaxIterations = 3 }));
        Assert.NotEqual([0, 1, 2], part.StartComponents);
        foreach (var again in (ComponentOrder[])[order, ComponentOrder.AsFound])
        {
            var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(part) with { MaxIterations = 5, Order = again });
            Same(expected, fit);
            Assert.Equal(expected.StartComponents, fit.StartComponents);
        }
    }

    // The default is a fraction of the variances of the columns, which the survey of each part finds anew.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void RelativeRegularizationAndStartsOfTheEngineGoOnToo(string type, StopKind stop)
    {
        var options = new FitOptions { Components = 3, CovarianceType = Adapters.Type(type), Stop = Rule(stop), MaxIterations = 9, Regularization = Regularization.Relative(1e-3) };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        var part = Read(MixtureFit.Fit(new Points(s_problem.Data, 3), options with { MaxIterations = 2 }));
        Same(expected, MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(part) with { MaxIterations = 7 }));
        Same(expected, MixtureFit.Fit(new Points(s_problem.Data, 3), FitOptions.Continue(part) with { MaxIterations = 7, Regularization = null }));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "points", "the fit to continue was of 3000 points; these are 2999; the same points are required" },
        { "weights", "the fit to continue was of points of total weight 3000; these have 6000; the same points are required" },
        { "other", "the fit to continue ended at the log-likelihood " },
        { "regularization", "Regularization is 0.5; the fit to continue had 0.001, and the same is required" },
        { "floor", "VarianceFloor is 0.1; the fit to continue had 0, and the same is required" },
        { "names", "the columns are a, b, d; the fit to continue had a, b, c, and the same are required" },
        { "dimension", "the model of ContinueFrom has 3 components, Full covariances and 3 dimensions; 3, Full and 2 are required" },
        { "components", "the model of ContinueFrom has 3 components, Full covariances and 3 dimensions; 4, Full and 3 are required" },
        { "restarts", "Restarts is 2; a fit that continues another has one start, so 1 is required" },
        { "initial", "ContinueFrom and InitialModel are both given; one of them is required" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void OtherDataAndOtherOptionsAreRefused(string what, string message)
    {
        var past = MixtureFit.Fit(
            new Points(s_problem.Data, 3), Options(s_problem, StopRule.FixedCount) with { MaxIterations = 3, ColumnNames = ["a", "b", "c"] });
        var options = FitOptions.Continue(past);
        double[] data = [.. s_problem.Data];
        data[17] += 1e-3;
        Action fit = what switch
        {
            "points" => () => MixtureFit.Fit(new Points(s_problem.Data.AsSpan(3), 3), options),
            "weights" => () => MixtureFit.Fit(new Points(s_problem.Data, 3).WithWeights([.. Enumerable.Repeat(2.0, 3_000)]), options),
            "other" => () => MixtureFit.Fit(new Points(data, 3), options),
            "regularization" => () => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Regularization = 0.5 }),
            "floor" => () => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { VarianceFloor = 0.1 }),
            "names" => () => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { ColumnNames = ["a", "b", "d"] }),
            "dimension" => () => MixtureFit.Fit(new Points(s_problem.Data, 2), options with { ColumnNames = null }),
            "components" => () => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Components = 4 }),
            "restarts" => () => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Restarts = 2 }),
            _ => () => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { InitialModel = past.Model }),
        };
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(fit).Message);
    }

    private static StopRule Rule(StopKind kind) => kind switch
    {
        StopKind.MeanChange => StopRule.MeanChange(1e-6),
        StopKind.TotalRise => StopRule.TotalRise(1e-3),
        StopKind.Statistical => StopRule.Statistical(1e-3),
        _ => StopRule.FixedCount,
    };

    private static FitOptions Options(MixtureProblem problem, StopRule stop) => problem.Options(regularization: 1e-3) with { Stop = stop };

    private static void Same(FitResult expected, FitResult actual)
    {
        Measures.SameBits(expected, actual);
        Assert.Equal((expected.Iterations, expected.Points, expected.TotalWeight), (actual.Iterations, actual.Points, actual.TotalWeight));
        Assert.Equal(expected.Components, actual.Components);
    }

    private static FitResult Read(FitResult fit) => FitResult.Load(new MemoryStream(Saved(fit)))!;

    private static byte[] Saved(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        return stream.ToArray();
    }

    private sealed class Reports : List<IterationInfo>, IProgress<IterationInfo>
    {
        public Action<IterationInfo>? OnReport { get; init; }

        public void Report(IterationInfo value)
        {
            Add(value);
            OnReport?.Invoke(value);
        }
    }
}
