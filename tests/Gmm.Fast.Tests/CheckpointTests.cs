using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that a fit that goes on from a checkpoint ends with the bits of the fit without an interruption, and what a checkpoint refuses.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 31, n: 3_000, d: 3, k: 3, separation: 1.5);

    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-checkpoint-").FullName;

    private string File => Path.Combine(_folder, "fit.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, Acceleration> Fits()
    {
        var fits = new TheoryData<string, Acceleration>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var acceleration in Enum.GetValues<Acceleration>()) fits.Add(type, acceleration);
        }
        return fits;
    }

    [Theory]
    [MemberData(nameof(Fits))]
    public void AResumedFitIsTheOneWithoutInterruption(string type, Acceleration acceleration)
    {
        var problem = Blobs.Build(seed: 31, n: 1_200, d: 3, k: 3, type, separation: 1);
        var options = problem.Options(regularization: 1e-3) with
        {
            Stop = StopRule.TotalRise(1e-6),
            MaxIterations = 60,
            Acceleration = acceleration,
            VarianceFloor = 1e-3,
        };
        SameFromEverywhere(new Points(problem.Data, 3), options, step: 7);
    }

    [Fact]
    public void StartsThatAreBehindAreRemembered()
    {
        var options = new FitOptions
        {
            Components = 3,
            Start = StartMethod.RandomPoints,
            Restarts = 4,
            Stop = StopRule.TotalRise(1e-2),
            MaxIterations = 25,
            DensityQuantiles = true,
            Order = ComponentOrder.ByWeight,
        };
        SameFromEverywhere(new Points(s_problem.Data, 3), options, step: 9);
    }

    // A component onto which ten equal points collapse.
    [Theory]
    [InlineData(CollapsePolicy.Keep, CovarianceType.Full)]
    [InlineData(CollapsePolicy.Reseed, CovarianceType.Full)]
    [InlineData(CollapsePolicy.Drop, CovarianceType.Full)]
    [InlineData(CollapsePolicy.Drop, CovarianceType.Diagonal)]
    public void RecoveriesAreRemembered(CollapsePolicy policy, CovarianceType type)
    {
        var random = new Random(4);
        double[] data =
        [
            .. Enumerable.Repeat(60.0, 10), .. Enumerable.Range(0, 40).Select(_ => random.NextDouble()), .. Enumerable.Range(0, 80).Select(_ => 60 + 9 * (random.NextDouble() - 0.5)),
        ];
        var options = new FitOptions
        {
            Components = 3,
            CovarianceType = type,
            InitialModel = new GaussianMixture(type, 1, [0.3, 0.2, 0.5], [0, 60, 60], [9, 1e-6, 9]),
            Stop = StopRule.TotalRise(1e-7),
            Regularization = 0,
            OnCollapse = policy,
            MaxIterations = 60,
        };
        Assert.NotEmpty(SameFromEverywhere(new Points(data, 1), options, step: 2).Recoveries);
    }

    [Fact]
    public void FloatsWeightsAndGapsGoOnToo()
    {
        var options = new FitOptions { Components = 3, Start = StartMethod.RandomPoints, Stop = StopRule.MeanChange(1e-6), MaxIterations = 40 };
        double[] weights = [.. Enumerable.Range(0, 3_000).Select(i => i % 4 * 0.7)];
        SameFromEverywhere(new Points(s_problem.Data, 3).WithWeights(weights), options, step: 11);
        SameFromEverywhere(new Points(Measures.To<float>(s_problem.Data), 3), options, step: 11);
        double[] gaps = [.. s_problem.Data.Select((x, i) => i % 7 == 3 ? double.NaN : x)];
        options = options with { MissingValues = MissingValues.Marginalize };
        var expected = SameFromEverywhere(new Points(gaps, 3), options, step: 11);
        Interrupt(new Points(gaps, 3), options, 3);
        Same(expected, MixtureFit.Fit(new Points(gaps, 3), options with { ResumeFrom = File }));
    }

    [Fact]
    public void AContinuedFitGoesOnToo()
    {
        var options = s_problem.Options(regularization: 1e-3) with { Stop = StopRule.TotalRise(1e-5), MaxIterations = 4, Acceleration = Acceleration.Anderson };
        var part = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        SameFromEverywhere(new Points(s_problem.Data, 3), FitOptions.Continue(part) with { MaxIterations = 60 }, step: 5);
    }

    // So many points, with so few shares each, that passes put them in order after the first and the fourth.
    [Theory]
    [InlineData(Skipping.Auto)]
    [InlineData(Skipping.InOrder)]
    public void TheOrderOfThePointsIsKept(Skipping skipping)
    {
        var problem = Blobs.Build(seed: 9, n: 60_000, d: 4, k: 18, separation: 4);
        var options = problem.Options(regularization: 1e-3) with { Stop = StopRule.FixedCount, MaxIterations = 9, Skipping = skipping };
        var points = new Points(problem.Data, 4);
        var expected = MixtureFit.Fit(points, options);
        foreach (var cut in (int[])[2, 6])
        {
            Interrupt(points, options, cut);
            Same(expected, MixtureFit.Fit(points, options with { ResumeFrom = File, MaxDegreeOfParallelism = 3 }));
        }
    }

    [Fact]
    public void SamplesBelongToTheStart()
    {
        var problem = Blobs.Build(seed: 5, n: 120_000, d: 2, k: 3, separation: 1);
        var options = new FitOptions { Components = 3, Start = StartMethod.RandomPoints, Progressive = Progressive.On, Stop = StopRule.TotalRise(1), MaxIterations = 30 };
        var expected = SameFromEverywhere(new Points(problem.Data, 2), options, step: 10);
        Assert.True(expected.SamplePasses > 0);
    }

    [Fact]
    public void AnotherNumberOfRanksGoesOn()
    {
        var problem = Blobs.Build(seed: 22, n: 20_000, d: 3, k: 3, separation: 2);
        var options = new FitOptions
        {
            Components = 3,
            Restarts = 2,
            Stop = StopRule.FixedCount,
            MaxIterations = 6,
            Skipping = Skipping.InOrder,
            Duplicates = Duplicates.Keep,
            Progressive = Progressive.Off,
        };
        var expected = MixtureFit.Fit(new Points(problem.Data, 3), options);
        using var cancellation = new CancellationTokenSource();
        FitResult[] Fit(int count, FitOptions asked) => Ranks.Run(count, (rank, communicator) =>
        {
            var (first, length) = PointPart.Of<double>(20_000, 3, rank, count);
            return MixtureFit.Fit(
                new Points(problem.Data.AsSpan((int)first * 3, (int)length * 3), 3), asked with { Communicator = communicator }, rank == 0 ? cancellation.Token : default);
        });
        var stop = new Stop { After = 10, Act = cancellation.Cancel };
        foreach (var part in Fit(4, options with { Checkpoint = Often, Progress = stop })) Assert.Equal(FitStatus.Cancelled, part.Status);
        cancellation.TryReset();
        var fits = Ranks.Run(2, (rank, communicator) =>
        {
            var (first, length) = PointPart.Of<double>(20_000, 3, rank, 2);
            return MixtureFit.Fit(
                new Points(problem.Data.AsSpan((int)first * 3, (int)length * 3), 3), options with { Communicator = communicator, ResumeFrom = File });
        });
        foreach (var fit in fits) Same(expected, fit);
    }

    [Fact]
    public void TheTimeBudgetEndsAFitThatThenGoesOn()
    {
        var options = s_problem.Options(regularization: 1e-3) with { Stop = StopRule.FixedCount, MaxIterations = 30 };
        var points = new Points(s_problem.Data, 3);
        var expected = MixtureFit.Fit(points, options);
        var fit = MixtureFit.Fit(points, options with { TimeBudget = TimeSpan.FromTicks(1), Checkpoint = new FitCheckpoint(File) });
        Assert.Equal((FitStatus.TimeBudget, 0, false), (fit.Status, fit.Iterations, fit.Converged));
        Assert.Equal("timeBudget", FitStatusNames.Of(fit.Status));
        Assert.Equal(FitStatus.TimeBudget, Read(fit).Status);
        Same(expected, MixtureFit.Fit(points, options with { ResumeFrom = File }));

        // The start that is under way ends, and none after it begins.
        var starts = new List<int>();
        var several = options with { InitialModel = null, Restarts = 5, TimeBudget = TimeSpan.FromTicks(1), Progress = new Stop { OnReport = info => starts.Add(info.Restart) } };
        Assert.Equal(FitStatus.TimeBudget, MixtureFit.Fit(points, several).Status);
        Assert.Equal([0], starts);
    }

    [Fact]
    public void RanksEndWithTheTimeOfOne()
    {
        var fits = Ranks.Run(2, (rank, communicator) => MixtureFit.Fit(
            new Points(s_problem.Data, 3), s_problem.Options(regularization: 1e-3) with
            {
                Stop = StopRule.FixedCount,
                MaxIterations = 1_000_000,
                Communicator = communicator,
                TimeBudget = rank == 0 ? TimeSpan.FromDays(1) : TimeSpan.FromTicks(1),
            }));
        Assert.All(fits, fit => Assert.Equal((FitStatus.TimeBudget, 0), (fit.Status, fit.Iterations)));
    }

    [Fact]
    public void ACheckpointThatCannotBeWrittenIsAWarning()
    {
        var options = s_problem.Options(regularization: 1e-3) with { Stop = StopRule.FixedCount, MaxIterations = 3 };
        var expected = MixtureFit.Fit(new Points(s_problem.Data, 3), options);
        Directory.CreateDirectory($"{File}.tmp");
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Checkpoint = Often });
        Measures.SameBits(expected, fit);
        var warning = Assert.Single(fit.Warnings, warning => warning.Kind == FitWarningKind.CheckpointFailed);
        Assert.StartsWith($"the checkpoint {File} could not be written: ", warning.Message);
    }

    [Fact]
    public void OtherPointsAreRefused()
    {
        var options = new FitOptions { Components = 3, Stop = StopRule.FixedCount, MaxIterations = 5, Start = StartMethod.RandomPoints };
        Interrupt(new Points(s_problem.Data, 3), options, 2);
        var resumed = options with { ResumeFrom = File };
        double[] other = [.. s_problem.Data];
        other[4_500] += 1e-3;
        Refused(() => MixtureFit.Fit(new Points(other, 3), resumed), "its points were others; the same are required");
        Refused(() => MixtureFit.Fit(new Points(s_problem.Data.AsSpan(3), 3), resumed), "the number of points is 2999, there it is 3000; the same is required");
        Refused(() => MixtureFit.Fit(new Points(Measures.To<float>(s_problem.Data), 3), resumed), "the element type is float, there it is double; the same is required");
        Refused(
            () => MixtureFit.Fit(new Points(s_problem.Data, 3), resumed with { ColumnNames = ["a", "b", "c"] }),
            "the list of columns is a, b, c, there it is without names; the same is required");
    }

    [Fact]
    public void OtherOptionsAreRefused()
    {
        var options = new FitOptions { Components = 3, Stop = StopRule.TotalRise(1e-9), MaxIterations = 50, Seed = 4 };
        Interrupt(new Points(s_problem.Data, 3), options, 2);
        var resumed = options with { ResumeFrom = File };
        (FitOptions Other, string Difference)[] others =
        [
            (resumed with { Components = 4 }, "number of components is 4, there it is 3; the same is required"),
            (resumed with { CovarianceType = CovarianceType.Diagonal }, "covariance type is diag, there it is full; the same is required"),
            (resumed with { Seed = 5 }, "seed is 5, there it is 4; the same is required"),
            (resumed with { Restarts = 2 }, "number of restarts is 2, there it is 1; the same is required"),
            (resumed with { MaxIterations = 51 }, "largest number of iterations is 51, there it is 50; the same is required"),
            (resumed with { Stop = StopRule.MeanChange(1e-3) }, "stop rule is mean 0.001, there it is total 1E-09; the same is required"),
            (resumed with { Regularization = 1e-6 }, "regularization is 1E-06, there it is the default; the same is required"),
            (resumed with { VarianceFloor = 0.25 }, "variance floor is 0.25, there it is 0; the same is required"),
            (resumed with { OnCollapse = CollapsePolicy.Drop }, "collapse policy is drop, there it is fail; the same is required"),
            (resumed with { Acceleration = Acceleration.Anderson }, "acceleration is anderson, there it is none; the same is required"),
            (resumed with { Start = StartMethod.RandomPoints }, "start is RandomPoints, there it is SmallEm; the same is required"),
            (resumed with { Skipping = Skipping.InOrder }, "order of the points is as given, there it is free; the same is required"),
            (resumed with { InitialModel = s_problem.Model() }, "start is a given model"),
        ];
        foreach (var (other, difference) in others) Refused(() => MixtureFit.Fit(new Points(s_problem.Data, 3), other), $"the {difference}");
    }

    [Fact]
    public void AnotherFileIsRefused()
    {
        var options = s_problem.Options(regularization: 1e-3) with { Stop = StopRule.FixedCount, MaxIterations = 4 };
        Interrupt(new Points(s_problem.Data, 3), options, 2);
        var whole = System.IO.File.ReadAllBytes(File);
        for (var at = 0; at < whole.Length; at += 37)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x40;
            Unreadable(damaged, $"{File}: ");
            Unreadable(whole[..at], $"{File}: ");
        }
        Unreadable("{\"format\":\"gmm-model\"}"u8.ToArray(), $"{File}: is no file of the format gmm-checkpoint");
        Unreadable([.. "gmm-checkpoint 2\n"u8, .. whole.AsSpan(17)], $"{File}: has another version of the format gmm-checkpoint than 1, which this program reads");
        Unreadable(whole[..^1], $"{File}: is damaged or cut short: its checksum differs");

        void Unreadable(byte[] content, string message)
        {
            System.IO.File.WriteAllBytes(File, content);
            var failure = Assert.Throws<InvalidDataException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { ResumeFrom = File }));
            Assert.StartsWith(message, failure.Message);
        }
    }

    [Fact]
    public void WrongTimesAndPathsAreRefused()
    {
        var options = s_problem.Options(regularization: 1e-3);
        void Wrong(FitOptions wrong, string message) =>
            Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), wrong)).Message);
        Wrong(options with { TimeBudget = TimeSpan.Zero }, "TimeBudget is 00:00:00; more than 0 is required");
        Wrong(options with { Checkpoint = Often with { Every = TimeSpan.FromSeconds(-1) } }, "Checkpoint.Every is -00:00:01; at least 0 is required");
        Wrong(options with { Checkpoint = new FitCheckpoint(_folder) }, $"Checkpoint.Path is {_folder}, a folder; a file is required");
        Wrong(options with { Checkpoint = new FitCheckpoint(Path.Combine(File, "x")) }, $"Checkpoint.Path is {Path.Combine(File, "x")}; its folder does not exist");
        Assert.Throws<FileNotFoundException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { ResumeFrom = File }));
        Assert.StartsWith("Checkpoint or ResumeFrom is given", Assert.Throws<ArgumentException>(
            () => MixtureFit.FitMany(1, _ => new Points(s_problem.Data, 3), options with { Checkpoint = Often })).Message);
        Assert.StartsWith("Fit.Checkpoint is given", Assert.Throws<ArgumentException>(
            () => ModelSelection.Run(new Points(s_problem.Data, 3), new SelectionOptions { Fit = new FitOptions { Components = 1, Checkpoint = Often } })).Message);
    }

    private FitCheckpoint Often => new(File) { Every = TimeSpan.Zero };

    // Keeps the checkpoint after every so many reports, goes on from each, and compares all that a model file holds.
    private FitResult SameFromEverywhere(Points points, FitOptions options, int step)
    {
        var expected = MixtureFit.Fit(points, options);
        Assert.True(expected.Iterations > 2);
        List<byte[]> copies = [];
        var reports = 0;
        var copying = new Stop { OnReport = _ => { if (++reports >= 2 && reports % step == 2 % step) copies.Add(System.IO.File.ReadAllBytes(File)); } };
        Same(expected, MixtureFit.Fit(points, options with { Checkpoint = Often, Progress = copying }));
        Assert.NotEmpty(copies);
        foreach (var copy in copies)
        {
            System.IO.File.WriteAllBytes(File, copy);
            Same(expected, MixtureFit.Fit(points, options with { ResumeFrom = File }));
        }
        return expected;
    }

    private void Interrupt(Points points, FitOptions options, int reports)
    {
        System.IO.File.Delete(File);
        using var cancellation = new CancellationTokenSource();
        var fit = MixtureFit.Fit(points, options with { Checkpoint = Often, Progress = new Stop { After = reports, Act = cancellation.Cancel } }, cancellation.Token);
        Assert.Equal(FitStatus.Cancelled, fit.Status);
        Assert.True(System.IO.File.Exists(File));
    }

    // The work of passes is no part of a result: what a pass may leave out is found anew.
    private static void Same(FitResult expected, FitResult actual)
    {
        static string Saved(FitResult fit)
        {
            using var stream = new MemoryStream();
            fit.Save(stream);
            return string.Join('\n', System.Text.Encoding.UTF8.GetString(stream.ToArray()).Split('\n').Where(line => !line.Contains("\"computedShare\"")));
        }
        Assert.Equal(Saved(expected), Saved(actual));
        Assert.Equal((expected.RefusedProposals, expected.SamplePasses, expected.DistinctPoints), (actual.RefusedProposals, actual.SamplePasses, actual.DistinctPoints));
    }

    private void Refused(Func<FitResult> fit, string difference) =>
        Assert.StartsWith($"the checkpoint {File} is of another fit: {difference}", Assert.Throws<ArgumentException>(fit).Message);

    private static FitResult Read(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        return FitResult.Load(stream)!;
    }

    private sealed class Stop : IProgress<IterationInfo>
    {
        private int _reports;

        public int After { get; init; }

        public Action? Act { get; init; }

        public Action<IterationInfo>? OnReport { get; init; }

        public void Report(IterationInfo value)
        {
            OnReport?.Invoke(value);
            if (++_reports == After) Act?.Invoke();
        }
    }
}
