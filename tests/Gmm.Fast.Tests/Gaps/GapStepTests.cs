using Gmm.Reference;
using Gmm.TestKit;
using CsCheck;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Compares steps over points with gaps with the textbook, which goes row by row.</summary>
public class GapStepTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void OneStepIsThatOfTheTwin(string type)
    {
        Gen.Select(Gen.Int[30, 400], Gen.Int[1, 7], Gen.Int[1, 4], Gen.Double[0, 6], Gen.Double[0, 0.7], Gen.Int[0, 1 << 20]).Sample(
            (n, d, k, separation, missing, seed) =>
            {
                var problem = Blobs.Build(seed, n, d, k, type, separation).WithGaps(missing, seed);
                if (HasEmptyColumn(problem)) return;
                var random = new Random(seed);
                var weights = seed % 3 == 0 ? Enumerable.Range(0, n).Select(i => i % 5 == 2 ? 0 : 0.5 + random.NextDouble()).ToArray() : null;
                var points = new Points(problem.Data, d);
                var options = problem.GapOptions(1, regularization: 1e-3);
                var fit = MixtureFit.Fit(weights is null ? points : points.WithWeights(weights), options);
                Compare(problem, fit, weights, 1e-3);
            },
            iter: 100, threads: 1);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void StepsThatAreTakenAboutTheNewMeansAreThoseOfTheTwin(string type)
    {
        // The start is so far away that deviations from its means lose digits.
        var problem = Blobs.Build(seed: 5, n: 500, d: 4, k: 2, type, separation: 1).WithGaps(0.3);
        double[] far = [.. problem.Means.Select(mean => mean + 300)];
        problem = problem with { Means = far };
        Compare(problem, problem.FitGaps(regularization: 1e-3), null, 1e-3, 1e-9);
    }

    private static bool HasEmptyColumn(MixtureProblem problem) =>
        Enumerable.Range(0, problem.D).Any(j => Enumerable.Range(0, problem.N).All(i => double.IsNaN(problem.Data[i * problem.D + j])))
        || Enumerable.Range(0, problem.D).Any(j => Enumerable.Range(0, problem.N).Count(i => i % 5 != 2 && !double.IsNaN(problem.Data[i * problem.D + j])) == 0);

    private static void Compare(MixtureProblem problem, FitResult fit, double[]? weights, double regularization, double tolerance = 1e-10)
    {
        var twin = ReferenceGaps.Step(problem.Rows, problem.Reference(), regularization, weights);
        Assert.InRange(Measures.Relative(ReferenceGaps.LogLikelihood(problem.Rows, problem.Reference(), weights), fit.Trace[0]), 0, 1e-12);
        Assert.InRange(Measures.Relative(ReferenceGaps.LogLikelihood(problem.Rows, twin, weights), fit.Trace[1]), 0, 1e-9);
        if (twin.Weights.Min() < 1e-6) return;
        var distance = Distance.Of(twin.Weights, twin.Means, twin.Covariances, fit.Model);
        Assert.True(distance.Largest < tolerance, $"{problem}: {distance}");
    }
}
