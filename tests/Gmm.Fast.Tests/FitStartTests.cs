using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks starts without an initial model: their results, their dependence on the seed, and difficult data.</summary>
public class FitStartTests
{
    public static TheoryData<string, StartMethod> TypesAndStarts()
    {
        var cases = new TheoryData<string, StartMethod>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var start in Enum.GetValues<StartMethod>()) cases.Add(type, start);
        }
        return cases;
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void KMeansFindsWellSeparatedBlobsFromEverySeed(string type)
    {
        var problem = Grid(type, components: 6, n: 900);
        for (var seed = 0; seed < 10; seed++)
        {
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, StartMethod.KMeansPlusPlus) with { Seed = seed });
            Assert.Equal(FitStatus.Converged, fit.Status);
            for (var k = 0; k < 6; k++)
            {
                var (x, y) = (problem.Means[2 * k], problem.Means[2 * k + 1]);
                var nearest = Enumerable.Range(0, 6).MinBy(c => Math.Abs(fit.Model.Mean(c)[0] - x) + Math.Abs(fit.Model.Mean(c)[1] - y));
                Assert.Equal(x, fit.Model.Mean(nearest)[0], 0.5);
                Assert.Equal(y, fit.Model.Mean(nearest)[1], 0.5);
                Assert.Equal(1.0 / 6, fit.Model.Weights[nearest], 0.05);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndStarts))]
    public void TheSameSeedGivesTheSameBitsForAnyNumberOfThreads(string type, StartMethod start)
    {
        var problem = Blobs.Build(seed: 6, n: 18_000, d: 2, k: 4, type, separation: 2);
        var options = Options(problem, start) with { MaxIterations = 3 };
        var expected = MixtureFit.Fit(new Points(problem.Data, 2), options with { MaxDegreeOfParallelism = 1 });
        foreach (var threads in (int[])[2, 5, -1])
            Measures.SameBits(expected, MixtureFit.Fit(new Points(problem.Data, 2), options with { MaxDegreeOfParallelism = threads }));
    }

    [Theory]
    [InlineData(StartMethod.KMeansPlusPlus)]
    [InlineData(StartMethod.RandomPoints)]
    [InlineData(StartMethod.SmallEm)]
    public void TheSeedChangesTheStart(StartMethod start)
    {
        var problem = Blobs.Build(seed: 6, n: 300, d: 3, k: 5, separation: 0.5);
        var options = Options(problem, start) with { MaxIterations = 0 };
        var traces = Enumerable.Range(0, 8).Select(seed => MixtureFit.Fit(new Points(problem.Data, 3), options with { Seed = seed }).Trace[0]).Distinct();
        Assert.True(traces.Count() > 1);
        Assert.Equal(4, MixtureFit.Fit(new Points(problem.Data, 3), options with { Seed = 4 }).Seed);
    }

    [Fact]
    public void RandomPointsAreDifferentPointsWithTheCovarianceOfAll()
    {
        var problem = Blobs.Build(seed: 7, n: 40, d: 2, k: 1);
        var whole = problem.Fit(1).Model.Expand(0);
        for (var seed = 0; seed < 20; seed++)
        {
            var options = new FitOptions { Components = 40, Start = StartMethod.RandomPoints, MaxIterations = 0, Seed = seed, Regularization = 0 };
            var model = MixtureFit.Fit(new Points(problem.Data, 2), options).Model;

            // As many components as points: every point is a mean once.
            var means = model.Means.ToArray().Chunk(2).Select(m => (m[0], m[1])).ToHashSet();
            Assert.Equal(problem.Rows.Select(x => (x[0], x[1])).ToHashSet(), means);
            Assert.All(model.Weights.ToArray(), w => Assert.Equal(1.0 / 40, w));
            for (var k = 0; k < 40; k++)
            {
                foreach (var (expected, actual) in whole.Zip(model.Expand(k))) Assert.Equal(expected, actual, 1e-13);
            }
        }
    }

    [Fact]
    public void RestartsKeepTheBestAndAreDeterministic()
    {
        var problem = Blobs.Build(seed: 8, n: 400, d: 2, k: 6, separation: 1.5);
        foreach (var start in Enum.GetValues<StartMethod>())
        {
            var reports = new Reports();
            var options = Options(problem, start) with { Restarts = 6, MaxIterations = 15, Stop = StopRule.FixedCount };
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), options with { Progress = reports });
            var ends = reports.Where(r => r.Iteration == 15).ToArray();
            Assert.Equal(Enumerable.Range(0, 6), ends.Select(r => r.Restart));
            Assert.True(ends.Select(r => r.TotalLogLikelihood).Distinct().Count() > 1, "all starts were the same");
            Assert.Equal(ends.Max(r => r.TotalLogLikelihood), fit.TotalLogLikelihood);
            Assert.Equal(FitStatus.MaxIterations, fit.Status);
            Measures.SameBits(fit, MixtureFit.Fit(new Points(problem.Data, 2), options));
            Measures.SameBits([ends[0].TotalLogLikelihood], [MixtureFit.Fit(new Points(problem.Data, 2), options with { Restarts = 1 }).TotalLogLikelihood]);
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndStarts))]
    public void ConstantDataNeedRegularization(string type, StartMethod start)
    {
        var problem = Blobs.Build(seed: 1, n: 30, d: 2, k: 3, type);
        problem.Data.AsSpan().Fill(2.5);
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, start) with { Regularization = 1e-3 });
        Assert.True(fit.Status is FitStatus.Converged);
        Assert.All(fit.Model.Means.ToArray(), m => Assert.Equal(2.5, m));
        Assert.Equal(1, fit.Model.Weights.ToArray().Sum(), 1e-12);

        var refusal = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, start) with { Regularization = 0 }));
        Assert.StartsWith(
            "the covariance of the data is singular: dimension 0 = 2.5 and dimension 1 = 2.5 (dimensions count from 0) in every point; leave out such columns, "
                + "or use Regularization > 0", refusal.Message);
    }

    [Theory]
    [MemberData(nameof(TypesAndStarts))]
    public void DuplicatesAndAsManyComponentsAsPointsDoNotCrash(string type, StartMethod start)
    {
        double[] three = [0, 0, 4, 1, -3, 7];

        // Three different points, each ten times, for five components; then one point each.
        var problem = Blobs.Build(seed: 1, n: 30, d: 2, k: 5, type);
        for (var i = 0; i < 60; i++) problem.Data[i] = three[i % 6];
        AssertSound(MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, start)));
        AssertSound(MixtureFit.Fit(new Points(problem.Data, 2), Options(problem, start) with { Regularization = 0 }));

        var each = Blobs.Build(seed: 2, n: 7, d: 2, k: 7, type);
        AssertSound(MixtureFit.Fit(new Points(each.Data, 2), Options(each, start)));
        AssertSound(MixtureFit.Fit(new Points(each.Data, 2), Options(each, start) with { Regularization = 0 }));

        var one = Blobs.Build(seed: 2, n: 1, d: 3, k: 1, type);
        AssertSound(MixtureFit.Fit(new Points(one.Data, 3), Options(one, start)));

        static void AssertSound(FitResult fit)
        {
            Assert.True(Enum.IsDefined(fit.Status) && (fit.Status == FitStatus.Collapsed) == (fit.Failure is not null));
            Assert.Equal(1, fit.Model.Weights.ToArray().Sum(), 1e-12);
            Assert.All(fit.Model.Means.ToArray(), m => Assert.True(double.IsFinite(m)));
            Assert.All(fit.Trace.ToArray(), l => Assert.True(double.IsFinite(l)));
            using var stream = new MemoryStream();
            fit.Save(stream);
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndStarts))]
    public void DataThatNoVarianceCanDescribeAreRefused(string type, StartMethod start)
    {
        var problem = Blobs.Build(seed: 1, n: 30, d: 2, k: 2, type);
        var far = Array.ConvertAll(problem.Data, x => 1e200 * x);
        Assert.StartsWith("the variances of the data leave the range of a double; rescale the data",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(far, 2), Options(problem, start))).Message);

        // Two equal columns of variance 1e16: beside that the regularization is less than rounding.
        if (!Layout.HasOffDiagonal(type)) return;
        double[] line = [.. problem.Data.SelectMany(x => (double[])[1e8 * x, 1e8 * x])];
        Assert.StartsWith(
            "the covariance of the data is singular: dimension 1 = dimension 0 (dimensions count from 0); leave out such columns, or use a larger Regularization",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(line, 2), Options(problem, start) with { Regularization = 1e-6 })).Message);
    }

    [Fact]
    public void ARestartThatCollapsesLosesAgainstOneThatDoesNot()
    {
        // Two centers for three groups: where one gets the group of equal points alone, its log-likelihood grows until it collapses.
        double[] data = [.. Enumerable.Repeat(0.0, 20), .. Enumerable.Range(0, 20).Select(i => 1 + 1.1 * (i / 10) + 0.01 * (i % 10))];
        var options = new FitOptions { Components = 2, Start = StartMethod.KMeansPlusPlus, Regularization = 0, Restarts = 3, MaxIterations = 100 };
        var firstCollapsed = new HashSet<bool>();
        for (var seed = 0; seed < 3; seed++)
        {
            var reports = new Reports();
            var fit = MixtureFit.Fit(new Points(data, 1), options with { Seed = seed, Progress = reports });
            double[] ends = [.. reports.GroupBy(r => r.Restart).Select(g => g.Last().TotalLogLikelihood)];
            Assert.Equal(FitStatus.Converged, fit.Status);
            Assert.Equal(ends.Min(), fit.TotalLogLikelihood);
            Assert.True(ends.Max() > 0);
            firstCollapsed.Add(ends[0] > 0);
        }
        Assert.Equal(2, firstCollapsed.Count);
    }

    [Fact]
    public void ClustersOnSinglePointsCollapseWithoutRegularization()
    {
        // k-means puts a center on each of two points; their covariances are replaced at the start and vanish in the iteration.
        double[] data = [.. Enumerable.Repeat(0.0, 20), .. Enumerable.Repeat(9.0, 20)];
        var fit = MixtureFit.Fit(new Points(data, 1), new FitOptions
        {
            Components = 2,
            Start = StartMethod.KMeansPlusPlus,
            Regularization = 0,
            MaxIterations = 1000,
            Stop = StopRule.FixedCount,
        });
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        Assert.Contains("use Regularization > 0", fit.Failure);
        Assert.Equal(fit.Iterations + 1, fit.Trace.Length);
    }

    private static FitOptions Options(MixtureProblem problem, StartMethod start) => new()
    {
        Components = problem.K,
        CovarianceType = Adapters.Type(problem.CovarianceType),
        Start = start,
    };

    // Unit blobs 30 apart on a grid of two columns.
    private static MixtureProblem Grid(string type, int components, int n)
    {
        var problem = Blobs.Build(seed: 11, n, d: 2, k: 1, "spherical", separation: 0);
        var sd = Math.Sqrt(problem.Covariances[0]);
        double[] means = [.. Enumerable.Range(0, components).SelectMany(k => new double[] { 30 * (k % 2), 30 * (k / 2) })];
        var data = problem.Data.Select((x, i) => (x - problem.Means[i % 2]) / sd + means[(2 * (i / 2 % components) + i % 2)]).ToArray();
        return problem with { K = components, CovarianceType = type, Data = data, Means = means };
    }
}
