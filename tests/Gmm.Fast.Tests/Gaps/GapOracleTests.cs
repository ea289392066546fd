using Gmm.Fast.Tests.Numerics;
using Gmm.TestKit;
using Gmm.TestKit.Exact;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Compares steps over points with gaps with arithmetic of 77 digits.</summary>
public class GapOracleTests
{
    private const double Limit = 1e-10;

    public static TheoryData<string, int> Patterns()
    {
        var data = new TheoryData<string, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var patterns in (int[])[2, 3, 5, 8, 12]) data.Add(type, patterns);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Patterns))]
    public void AnyNumberOfPatternsIsExact(string type, int patterns) =>
        EachStep(Blobs.Build(seed: patterns, n: 60, d: 4, k: 2, type, separation: 2).WithPatterns(patterns), iterations: 3);

    [Theory]
    [ClassData(typeof(EveryType))]
    public void MostValuesMayBeMissing(string type) =>
        EachStep(Blobs.Build(seed: 3, n: 90, d: 3, k: 2, type, separation: 3).WithGaps(0.6), iterations: 3);

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AColumnMayBeMissingInAWholeComponent(string type)
    {
        // Two components far apart; the second has no value in the last column.
        var problem = Blobs.Build(seed: 4, n: 80, d: 3, k: 2, type, separation: 0);
        var data = problem.Data.ToArray();
        for (var i = 40; i < 80; i++) (data[3 * i], data[3 * i + 2]) = (data[3 * i] + 60, double.NaN);
        double[] means = [.. problem.Means];
        means[3] += 60;
        EachStep(problem with { Data = data, Means = means }, iterations: 3);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void WeightsOffsetsAndRegularizationAreExact(string type)
    {
        var problem = Blobs.Build(seed: 6, n: 70, d: 3, k: 3, type, separation: 2, shift: 1e5).WithGaps(0.25);
        double[] weights = [.. Enumerable.Range(0, 70).Select(i => i % 6 * 0.7)];
        EachStep(problem, iterations: 2, regularization: 0.01, weights);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AFarStartIsExact(string type)
    {
        // The first pass is taken again about the new means, so the centers are not the means of the mixture.
        var problem = Blobs.Build(seed: 7, n: 60, d: 3, k: 1, type).WithGaps(0.2);
        EachStep(problem with { Means = [.. problem.Means.Select(mean => mean + 3000)] }, iterations: 2);
    }

    // Every step against an exact one from the same doubles.
    private static void EachStep(MixtureProblem problem, int iterations, double regularization = 0, double[]? weights = null)
    {
        var points = new Points(problem.Data, problem.D);
        if (weights is not null) points = points.WithWeights(weights);
        var before = problem.Model();
        for (var t = 1; t <= iterations; t++)
        {
            var fit = MixtureFit.Fit(points, problem.GapOptions(t, regularization));
            Assert.Equal((FitStatus.MaxIterations, t), (fit.Status, fit.Iterations));
            var (logLikelihood, next) = before.Exactly().StepWithGaps(problem.Data, regularization, weights);
            Judge.Within(Limit, ExactErrors.Of(next, fit.Model.Weights, fit.Model.Means, fit.Model.Covariances), problem);
            Judge.Within(Limit, Measures.Relative((double)logLikelihood, fit.Trace[t - 1]), problem);
            before = fit.Model;
        }
    }
}
