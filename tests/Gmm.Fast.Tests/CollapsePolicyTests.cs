using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks every policy for components that collapse or lose their points, and its report.</summary>
public class CollapsePolicyTests
{
    private const int Identical = 10;
    private static readonly string[] s_separate = [.. Layout.CovarianceTypes.Where(type => !Layout.IsShared(type))];

    public static TheoryData<string> Separate() => [.. s_separate];

    public static TheoryData<string> Shared() => [.. Layout.CovarianceTypes.Where(Layout.IsShared)];

    public static TheoryData<string, CollapsePolicy> Mending()
    {
        var data = new TheoryData<string, CollapsePolicy>();
        foreach (var type in s_separate)
        {
            foreach (var policy in (CollapsePolicy[])[CollapsePolicy.Keep, CollapsePolicy.Reseed, CollapsePolicy.Drop]) data.Add(type, policy);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void FailNamesTheComponentItsPointsAndWhatToDo(string type)
    {
        var (problem, fit) = Run(type, CollapsePolicy.Fail);
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        Assert.Equal(
            $"component 1 collapsed onto {Identical} identical points in iteration {fit.Iterations + 1}; "
            + "use Regularization > 0, a simpler covariance type or fewer components", fit.Failure);
        Assert.Empty(fit.Recoveries);
        Measures.SameBits(problem.Fit(fit.Iterations).Model, fit.Model);
    }

    [Fact]
    public void ComponentsThatShareIdenticalPointsAreNamedTogether()
    {
        double[] rows = [0, 0, 0, 0, 4, 4, 4, 4];
        var initial = new GaussianMixture(CovarianceType.Full, 1, [0.25, 0.25, 0.5], [0, 0, 4], [1, 1, 1]);
        var fit = MixtureFit.Fit(new Points(rows, 1), new FitOptions { Components = 3, InitialModel = initial, Regularization = 0 });
        Assert.StartsWith("component 0 collapsed onto identical points that component 1 shares in iteration ", fit.Failure);
    }

    [Theory]
    [MemberData(nameof(Mending))]
    public void EveryActionIsToldAndTheFitGoesOnToTheEnd(string type, CollapsePolicy policy)
    {
        var reports = new Reports();
        var (problem, fit) = Run(type, policy, reports);
        Assert.Null(fit.Failure);
        Assert.Equal(FitStatus.MaxIterations, fit.Status);
        Assert.Equal(policy == CollapsePolicy.Drop ? 2 : 3, fit.Model.ComponentCount);
        Assert.Equal(fit.Model.ComponentCount, fit.Components.Count);
        Assert.Equal(problem.N, fit.Components.Sum(c => c.EffectiveCount), 1e-9);
        Assert.Equal(1, fit.Model.Weights.ToArray().Sum(), 1e-12);

        var first = fit.Recoveries[0];
        Assert.Equal((1, policy), (first.Component, first.Action));
        Assert.Equal($"component 1 collapsed onto {Identical} identical points in iteration {first.Iteration}", first.Cause);
        Assert.Equal(fit.Recoveries, reports.SelectMany(r => r.Recoveries ?? []));
        var done = policy switch
        {
            CollapsePolicy.Keep => "it keeps the mean and covariance it had before",
            CollapsePolicy.Reseed => "it was put into half of another component",
            _ => "it was taken out of the mixture",
        };
        var warning = fit.Warnings.First(warning => warning.Kind == FitWarningKind.Recovered);
        Assert.Equal(1, warning.Components.Single());
        Assert.StartsWith($"{first.Cause}: {done}", warning.Message);
        Assert.All(reports, r => Assert.True(r.Recoveries is null || r.Recoveries.All(x => x.Iteration == r.Iteration)));

        // Until the first action, the fit is that without one.
        var before = problem.Fit(first.Iteration - 1).Trace;
        Measures.SameBits(before, fit.Trace[..before.Length]);
        var read = FitResult.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Saved(fit))));
        Assert.Equal(fit.Recoveries, read!.Recoveries);
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void KeepFreezesMeanAndCovarianceAndTheLogLikelihoodStillRises(string type)
    {
        var (problem, fit) = Run(type, CollapsePolicy.Keep);
        var first = fit.Recoveries[0].Iteration;
        var last = problem.Fit(first - 1).Model;
        Assert.Equal(last.Mean(1).ToArray(), fit.Model.Mean(1).ToArray());
        Assert.Equal(last.Expand(1), fit.Model.Expand(1));
        Assert.Equal(Enumerable.Range(first, fit.Iterations - first + 1), fit.Recoveries.Select(r => r.Iteration));
        for (var t = 1; t < fit.Trace.Length; t++) Assert.True(fit.Trace[t] >= fit.Trace[t - 1] - 1e-12 * Math.Abs(fit.Trace[t]));
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void DropIsTheFitOfTheOthersFromThere(string type)
    {
        var (problem, fit) = Run(type, CollapsePolicy.Drop);
        var recovery = Assert.Single(fit.Recoveries);

        // The M-step of the same iteration, by hand: the model of the others with their weights scaled to 1.
        var kept = Run(type, CollapsePolicy.Keep, iterations: recovery.Iteration).Fit.Model;
        var rest = 1 - kept.Weights[1];
        var start = new GaussianMixture(
            kept.CovarianceType, 2, [kept.Weights[0] / rest, kept.Weights[2] / rest], [.. kept.Mean(0), .. kept.Mean(2)],
            Layout.Compact(type, [Matrix(kept.Expand(0)), Matrix(kept.Expand(2))]));
        var others = MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, CollapsePolicy.Fail) with
        {
            Components = 2,
            InitialModel = start,
            MaxIterations = fit.Iterations - recovery.Iteration,
        });
        Assert.InRange(Distance.Of(others.Model, fit.Model).Largest, 0, 1e-12);
        Assert.InRange(Measures.Relative(others.TotalLogLikelihood, fit.TotalLogLikelihood), 0, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void ReseedSplitsTheLongestAndKeepsMeanAndCovarianceOfTheTwo(string type)
    {
        var (problem, _) = Run(type, CollapsePolicy.Keep);
        var at = Run(type, CollapsePolicy.Reseed).Fit.Recoveries[0].Iteration;
        var kept = Run(type, CollapsePolicy.Keep, iterations: at).Fit.Model;
        var split = Run(type, CollapsePolicy.Reseed, iterations: at).Fit.Model;

        // Component 2 is the widest and has the most points.
        Assert.Equal(kept.Mean(0).ToArray(), split.Mean(0).ToArray());
        Assert.Equal(kept.Weights[1] + kept.Weights[2], 2 * split.Weights[1], 1e-15);
        Assert.Equal(split.Weights[1], split.Weights[2]);
        double[] a = [.. split.Mean(1)], b = [.. split.Mean(2)], whole = kept.Expand(2), half = split.Expand(1);
        Assert.Equal(half, split.Expand(2));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(kept.Mean(2)[i], (a[i] + b[i]) / 2, 1e-12 * Math.Abs(kept.Mean(2)[i]));
            for (var j = 0; j < 2; j++)
            {
                // A sphere cannot tell directions apart: it keeps the trace.
                var between = (a[i] - b[i]) * (a[j] - b[j]) / 4;
                if (!Layout.IsSpherical(type)) Assert.Equal(whole[2 * i + j], half[2 * i + j] + between, 1e-12 * whole[0]);
            }
        }
        var distance = Math.Pow(a[0] - b[0], 2) + Math.Pow(a[1] - b[1], 2);
        Assert.Equal(whole[0] + whole[3], half[0] + half[3] + distance / 4, 1e-12 * whole[0]);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AComponentWithoutPointsIsKeptReseededOrDropped(string type)
    {
        // So far away that no responsibility is left of it.
        var problem = Blobs.Build(seed: 7, n: 200, d: 2, k: 3, type, separation: 2);
        double[] means = [.. problem.Means];
        (means[2], means[3]) = (1e9, 1e9);
        var start = problem with { Means = means };
        foreach (var policy in Enum.GetValues<CollapsePolicy>())
        {
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), Options(start, policy) with { Regularization = 1e-6, MaxIterations = 20 });
            var recovery = fit.Recoveries[0];
            Assert.Equal((1, 1, policy == CollapsePolicy.Fail ? CollapsePolicy.Keep : policy), (recovery.Iteration, recovery.Component, recovery.Action));
            Assert.Equal("component 1 has lost all its points in iteration 1", recovery.Cause);
            Assert.Single(fit.Recoveries);
            Assert.Equal(policy == CollapsePolicy.Drop ? 2 : 3, fit.Model.ComponentCount);
            switch (policy)
            {
                case CollapsePolicy.Fail or CollapsePolicy.Keep:
                    Assert.Equal((0, 1e9, 1e9), (fit.Model.Weights[1], fit.Model.Mean(1)[0], fit.Model.Mean(1)[1]));
                    break;
                case CollapsePolicy.Reseed:
                    Assert.True(fit.Components[1].EffectiveCount > 1);
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shared))]
    public void ASharedCovarianceCanOnlyBeKept(string type)
    {
        // A constant column; a sphere has a variance until all columns are constant.
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 2, type);
        for (var i = Layout.IsSpherical(type) ? 0 : 1; i < 100; i += Layout.IsSpherical(type) ? 1 : 2) problem.Data[i] = 0.5;
        foreach (var policy in Enum.GetValues<CollapsePolicy>())
        {
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, policy) with { MaxIterations = 4 });
            Assert.Equal(policy == CollapsePolicy.Keep ? FitStatus.MaxIterations : FitStatus.Collapsed, fit.Status);
            Assert.Equal(policy == CollapsePolicy.Keep ? 4 : 0, fit.Recoveries.Count);
            Assert.All(fit.Recoveries, r => Assert.Null(r.Component));
            Assert.Equal(fit.Recoveries, FitResult.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Saved(fit))))!.Recoveries);
            if (policy != CollapsePolicy.Keep) continue;
            Assert.Equal(problem.Model().Expand(0), fit.Model.Expand(0));
            Assert.EndsWith(": the one before stays; 4 times in all", fit.Warnings[0].Message);
        }
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void WhereAllCollapseTogetherNobodyCanGiveAndTheLastIsNotDropped(string type)
    {
        // Two points, each many times, and nothing else.
        double[] data = [.. Enumerable.Repeat((double[])[0, 0], 20).SelectMany(x => x), .. Enumerable.Repeat((double[])[1, 1], 20).SelectMany(x => x)];
        double[][] speck = [[0.01, 0], [0, 0.01]];
        var problem = new MixtureProblem(40, 2, 2, type, data, [0.5, 0.5], [0, 0, 1, 1], Layout.Compact(type, [speck, speck]));
        foreach (var policy in (CollapsePolicy[])[CollapsePolicy.Reseed, CollapsePolicy.Drop])
        {
            var fit = MixtureFit.Fit(new Points(data, 2), Options(problem, policy));
            Assert.Equal((FitStatus.Collapsed, 0, 2), (fit.Status, fit.Iterations, fit.Model.ComponentCount));
            Assert.StartsWith($"component {(policy == CollapsePolicy.Drop ? 1 : 0)} collapsed onto 20 identical points in iteration 1", fit.Failure);
            Assert.Empty(fit.Recoveries);
        }
    }

    [Fact]
    public void ReseedingGivesUpAfterThreeTimesPerComponent()
    {
        // Ten equal points alone in the distance: whoever comes to them collapses.
        var problem = Run("diag", CollapsePolicy.Keep).Problem;
        double[] data = [.. problem.Data], means = [.. problem.Means];
        data.AsSpan(0, 2 * Identical).Fill(300);
        (means[2], means[3]) = (300, 300);
        var fit = MixtureFit.Fit(new Points(data, 2), Options(problem with { Data = data, Means = means }, CollapsePolicy.Reseed) with { MaxIterations = 1000 });
        Assert.Equal((FitStatus.Collapsed, 9), (fit.Status, fit.Recoveries.Count));
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void TwoThatCollapseInTheSameIterationAreBothReseeded(string type)
    {
        var problem = Run(type, CollapsePolicy.Keep).Problem;
        double[] data = [.. problem.Data];
        for (var i = 0; i < Identical; i++) data[problem.Data.Length - 1 - i] = 65;
        double[][] sphere = [[9, 0], [0, 9]], speck = [[1e-6, 0], [0, 1e-6]];
        var start = problem with
        {
            K = 4,
            Data = data,
            Weights = [0.3, 0.2, 0.2, 0.3],
            Means = [0, 0, 60, 60, 65, 65, 60, 60],
            Covariances = Layout.Compact(type, [sphere, speck, speck, sphere]),
        };
        var fit = MixtureFit.Fit(new Points(data, 2), Options(start, CollapsePolicy.Reseed) with { MaxIterations = 1 });
        Assert.Equal(FitStatus.MaxIterations, fit.Status);
        Assert.Equal([1, 2], fit.Recoveries.Select(r => r.Component ?? -1));
    }

    [Theory]
    [MemberData(nameof(Separate))]
    public void WhereADropLeavesAPointOutOfReachOfAllOthersTheFitEndsBeforeIt(string type)
    {
        // One point alone with its component, more standard deviations away from the other than the square root of the largest double.
        double[] data = [.. Enumerable.Range(0, 20).Select(i => 0.1 * i), 1e200];
        var problem = new MixtureProblem(21, 1, 2, type, data, [0.5, 0.5], [1, 1e200], Layout.Compact(type, [[[1]], [[1]]]));
        var fit = MixtureFit.Fit(new Points(data, 1), Options(problem, CollapsePolicy.Drop));
        Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
        Assert.Equal("the log-likelihood after iteration 1 is out of range: points are too far from every component", fit.Failure);
        Assert.Empty(fit.Recoveries);
        Measures.SameBits(problem.Model(), fit.Model);
    }

    [Fact]
    public void ADropInAnIterationThatIsNotCompletedIsNotDone()
    {
        var (problem, whole) = Run("full", CollapsePolicy.Drop);
        var at = whole.Recoveries[0].Iteration;
        using var cancellation = new CancellationTokenSource();
        var reports = new Reports { OnReport = info => { if (info.Iteration == at - 1) cancellation.Cancel(); } };
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, CollapsePolicy.Drop) with { Progress = reports }, cancellation.Token);
        Assert.Equal((FitStatus.Cancelled, 3), (fit.Status, fit.Model.ComponentCount));
        Assert.Empty(fit.Recoveries);
        Assert.Equal(1, fit.Model.Weights.ToArray().Sum(), 1e-12);
    }

    [Fact]
    public void APolicyThatDoesNotExistIsRefused()
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => MixtureFit.Fit(new Points([1.0, 2], 1), new FitOptions { Components = 1, OnCollapse = (CollapsePolicy)7 }));
        Assert.StartsWith("OnCollapse is 7; Fail, Keep, Reseed or Drop is required", refusal.Message);
    }

    [Fact]
    public void AFitThatDroppedItsLastComponentCanBeReadAgain()
    {
        double[] data = [.. Enumerable.Range(0, 400).Select(i => i * 37 % 101 / 50.0 + i % 2 * 5)];
        var start = new GaussianMixture(CovarianceType.Diagonal, 1, [0.4, 0.3, 0.3], [0, 5, 1000], [1, 1, 1]);
        var fit = MixtureFit.Fit(new Points(data, 1), new FitOptions
        {
            Components = 3,
            CovarianceType = CovarianceType.Diagonal,
            InitialModel = start,
            OnCollapse = CollapsePolicy.Drop,
        });
        Assert.Equal([2], Assert.Single(fit.Warnings).Components);
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Saved(fit)));
        Assert.Equal(fit.Warnings, FitResult.Load(stream)!.Warnings);
    }

    // Ten equal points inside the wider one of two clouds, and a component that sees no others.
    private static (MixtureProblem Problem, FitResult Fit) Run(string type, CollapsePolicy policy, Reports? reports = null, int iterations = 30)
    {
        var random = new Random(4);
        double[] data = [.. Enumerable.Repeat(60.0, 2 * Identical), .. Cloud(40, 0, 1, 1), .. Cloud(80, 60, 9, 3)];
        double[][] sphere = [[9, 0], [0, 9]], speck = [[1e-6, 0], [0, 1e-6]];
        var problem = new MixtureProblem(
            data.Length / 2, 2, 3, type, data, [0.3, 0.2, 0.5], [0, 0, 60, 60, 60, 60], Layout.Compact(type, [sphere, speck, sphere]));
        return (problem, MixtureFit.Fit(new Points(data, 2), Options(problem, policy) with { MaxIterations = iterations, Progress = reports }));

        IEnumerable<double> Cloud(int count, double center, double width, double height) => Enumerable.Range(0, count)
            .SelectMany(_ => (double[])[center + width * (random.NextDouble() - 0.5), center + height * (random.NextDouble() - 0.5)]).ToArray();
    }

    private static FitOptions Options(MixtureProblem problem, CollapsePolicy policy) => problem.Options(30) with { OnCollapse = policy };

    private static double[][] Matrix(double[] flat) => [flat[..2], flat[2..]];

    private static string Saved(FitResult fit)
    {
        using var stream = new MemoryStream();
        fit.Save(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
