using CsCheck;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Checks transformations of the data that leave EM unchanged or change it in a known way. Problems have 40 D points or more, so every covariance of
/// the step is well conditioned. Problems where a component has less than two points per dimension are skipped.
/// </summary>
public class InvarianceTests
{
    private const double Rounding = 1e-12;

    private static Gen<MixtureProblem> Problems(params string[] types) => Gen.Select(
        Gen.OneOf(types.Length > 0 ? types : [.. Layout.CovarianceTypes]), Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int[40, 300], Gen.Double[0, 5],
        Gen.Double[0, 2], Gen.Int[0, 1 << 20], (type, d, k, n, separation, condition, seed) =>
            Blobs.Build(seed, n + 10 * d * k, d, k, type, separation, Math.Pow(10, condition)));

    private static void ForWellPosed(Gen<MixtureProblem> problems, int iterations, int count, Action<MixtureProblem, FitResult> check)
    {
        int total = 0, checkedCount = 0;
        problems.Sample(problem =>
        {
            Interlocked.Increment(ref total);
            var fit = problem.Fit(iterations);
            if (!fit.Components.All(c => c.EffectiveCount >= 2 * problem.D + 2 && c.ConditionNumber < 1e6)) return;
            Interlocked.Increment(ref checkedCount);
            check(problem, fit);
        }, iter: count);
        Assert.True(checkedCount > 0.8 * total, $"only {checkedCount} of {total} problems were well posed");
    }

    [Fact]
    public void LargeCovariancesAreFactoredByAnyNumberOfThreadsToTheSameBits()
    {
        // K D^3 is above the million from which on the M-step is shared out.
        var problem = Blobs.Build(seed: 31, n: 600, d: 64, k: 6, separation: 3);
        var expected = problem.Fit(3, regularization: 1e-3);
        foreach (var threads in (int[])[2, 3, 8]) Measures.SameBits(expected, problem.Fit(3, regularization: 1e-3, threads: threads));
    }

    [Fact]
    public void TheLogLikelihoodNeverFallsWithoutRegularization()
    {
        var rises = 0;
        ForWellPosed(Problems(), iterations: 12, 300, (_, fit) =>
        {
            var trace = fit.Trace;
            for (var t = 1; t < trace.Length; t++)
            {
                Assert.True(trace[t] >= trace[t - 1] - Rounding * Math.Abs(trace[t - 1]), $"iteration {t}: {trace[t - 1]:R} to {trace[t]:R}");
                if (trace[t] > trace[t - 1]) Interlocked.Increment(ref rises);
            }
        });
        Assert.True(rises > 1000, $"only {rises} rises: the problems are too easy");
    }

    [Fact]
    public void OrderOfRowsChangesRoundingOnly() => ForWellPosed(Problems(), iterations: 1, 300, (problem, fit) =>
    {
        var rows = problem.Rows;
        new Random(problem.N).Shuffle(rows);
        var shuffled = (problem with { Data = Layout.Flat(rows) }).Fit();
        Close(fit.Model, shuffled.Model, Rounding);
        Assert.InRange(Measures.Relative(fit.Trace[1], shuffled.Trace[1]), 0, Rounding);
    });

    [Fact]
    public void OrderOfComponentsPermutesTheResult() => ForWellPosed(Problems(), iterations: 1, 300, (problem, fit) =>
    {
        var order = Enumerable.Range(0, problem.K).ToArray();
        new Random(problem.N).Shuffle(order);
        var permuted = (problem with
        {
            Weights = [.. order.Select(k => problem.Weights[k])],
            Means = Layout.Flat([.. order.Select(k => problem.MeanRows[k])]),
            Covariances = Layout.Compact(problem.CovarianceType, [.. order.Select(k => problem.ExpandedCovariances[k])]),
        }).Fit();
        Close(Permute(fit.Model, order), permuted.Model, Rounding);
        Assert.InRange(Measures.Relative(fit.Trace[1], permuted.Trace[1]), 0, Rounding);
    });

    [Fact]
    public void DuplicatingAllRowsLeavesTheParametersAndDoublesTheLogLikelihood() => ForWellPosed(Problems(), iterations: 1, 300, (problem, fit) =>
    {
        var twice = (problem with { N = 2 * problem.N, Data = [.. problem.Data, .. problem.Data] }).Fit();
        Close(fit.Model, twice.Model, Rounding);
        Assert.Equal(2 * problem.N, twice.Points);
        for (var t = 0; t < 2; t++) Assert.InRange(Measures.Relative(2 * fit.Trace[t], twice.Trace[t]), 0, Rounding);
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AffineMapsOfTheDataMapTheParameters(string type)
    {
        double worst = 0;
        ForWellPosed(Problems(type), iterations: 1, 150, (problem, fit) =>
        {
            var map = AffineMap.Random(new Random(problem.N + problem.D), type, problem.D);
            var mapped = (problem with
            {
                Data = Layout.Flat([.. problem.Rows.Select(map.Point)]),
                Means = Layout.Flat([.. problem.MeanRows.Select(map.Point)]),
                Covariances = Layout.Compact(type, [.. problem.ExpandedCovariances.Select(map.Matrix)]),
            }).Fit();

            var expected = fit.Model;
            var distance = Distance.Of(
                expected.Weights.ToArray(), [.. expected.Means.ToArray().Chunk(problem.D).Select(map.Point)],
                [.. Enumerable.Range(0, problem.K).Select(k => map.Matrix([.. expected.Expand(k).Chunk(problem.D)]))], mapped.Model);
            lock (this) worst = Math.Max(worst, distance.Largest);
            Assert.True(distance.Largest <= Rounding, $"{distance}");
            for (var t = 0; t < 2; t++)
                Assert.InRange(Measures.Relative(fit.Trace[t] - problem.N * map.LogDeterminant, mapped.Trace[t]), 0, Rounding);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"worst {worst:0.0e+0}");
    }

    private static GaussianMixture Permute(GaussianMixture model, int[] order)
    {
        var type = model.CovarianceType.Name();
        return new GaussianMixture(
            model.CovarianceType, model.Dimension, [.. order.Select(k => model.Weights[k])], [.. order.SelectMany(k => model.Mean(k).ToArray())],
            Layout.Compact(type, [.. order.Select(k => model.Expand(k).Chunk(model.Dimension).ToArray())]));
    }

    private static void Close(GaussianMixture expected, GaussianMixture actual, double tolerance)
    {
        var distance = Distance.Of(expected, actual);
        Assert.True(distance.Largest <= tolerance, $"{distance}");
    }
}
