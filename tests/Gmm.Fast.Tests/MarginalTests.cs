using CsCheck;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>The mixture of some dimensions, and the variances that are asked for without a matrix.</summary>
public class MarginalTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheDensityIsThatOfTheKeptPartsOfMeansAndMatrices(string type) => ForParts(type, (problem, model, kept) =>
    {
        var d = problem.D;
        var marginal = model.Marginal(kept);
        Assert.Equal((model.CovarianceType, problem.K, kept.Length), (marginal.CovarianceType, marginal.ComponentCount, marginal.Dimension));
        Measures.SameBits(model.Weights, marginal.Weights);
        double[] Part(double[] matrix) => [.. kept.SelectMany(i => kept.Select(j => matrix[i * d + j]))];
        var expected = new GaussianMixture(
            CovarianceType.Full, kept.Length, problem.Weights, [.. problem.MeanRows.SelectMany(mean => kept.Select(j => mean[j]))],
            [.. Enumerable.Range(0, problem.K).SelectMany(k => Part(model.Expand(k)))]);
        Measures.SameBits(expected.Means, marginal.Means);
        foreach (var row in problem.Rows)
        {
            double[] x = [.. kept.Select(j => row[j])], responsibilities = new double[problem.K], others = new double[problem.K];
            var logDensity = expected.LogDensity(x);
            Assert.InRange(Measures.Relative(logDensity, marginal.LogDensity(x)), 0, 1e-12);
            expected.Responsibilities(x, responsibilities);
            marginal.Responsibilities(x, others);
            foreach (var (a, b) in responsibilities.Zip(others)) Assert.Equal(a, b, 1e-12 * (1 + Math.Abs(logDensity)));
        }
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheDensityIsTheIntegralOverTheOtherDimension(string type)
    {
        // Of bells that end within the range, the sum over equal steps is exact to rounding as long as the steps are below a standard deviation.
        const double Step = 1.0 / 32, Range = 40;
        var model = Blobs.Build(seed: 21, n: 1, d: 2, k: 3, type, separation: 3).Model();
        for (var kept = 0; kept < 2; kept++)
        {
            var marginal = model.Marginal([kept]);
            for (var x = -6.0; x <= 6; x += 1.5)
            {
                double sum = 0;
                for (var y = -Range; y <= Range; y += Step) sum += Math.Exp(model.LogDensity(kept == 0 ? [x, y] : [y, x]));
                Assert.Equal(sum * Step, Math.Exp(marginal.LogDensity([x])), 1e-13);
            }
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheMomentsOfASampleAreThoseOfItsMarginal(string type)
    {
        const int N = 50_000;
        var model = Blobs.Build(seed: 22, n: 1, d: 4, k: 2, type, separation: 2).Model();
        int[] kept = [3, 1];
        var marginal = model.Marginal(kept);
        var (rows, labels) = (new double[4 * N], new int[N]);
        model.Sample(11, rows, labels);
        for (var k = 0; k < 2; k++)
        {
            var own = Enumerable.Range(0, N).Where(i => labels[i] == k).ToArray();
            var (mean, covariance) = (marginal.Mean(k).ToArray(), marginal.Expand(k));
            for (var a = 0; a < 2; a++)
            {
                // All bounds are five standard errors; the seed is fixed.
                Assert.Equal(mean[a], own.Average(i => rows[4 * i + kept[a]]), 5 * Math.Sqrt(covariance[3 * a] / own.Length));
                for (var b = 0; b < 2; b++)
                {
                    var moment = own.Average(i => (rows[4 * i + kept[a]] - mean[a]) * (rows[4 * i + kept[b]] - mean[b]));
                    Assert.Equal(covariance[2 * a + b], moment, 5 * Math.Sqrt(2 * covariance[3 * a] * covariance[3 * b] / own.Length));
                }
            }
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void AllDimensionsInTheirOrderAreTheMixtureAndNamesFollowTheirDimensions(string type)
    {
        var problem = Blobs.Build(seed: 23, n: 1, d: 3, k: 2, type);
        var model = new GaussianMixture(Adapters.Type(type), 3, problem.Weights, problem.Means, problem.Covariances, ["a", "b", "c"]);
        var whole = model.Marginal([0, 1, 2]);
        Measures.SameBits(model, whole);
        Assert.Equal(["a", "b", "c"], whole.ColumnNames!);
        Assert.Equal(["c", "a"], model.Marginal([2, 0]).ColumnNames!);
        Measures.SameBits(model.Marginal([0]), model.Marginal([2, 0]).Marginal([1]));
        Assert.Null(problem.Model().Marginal([1]).ColumnNames);
    }

    [Theory]
    [InlineData("dimensions is empty; at least one is required")]
    [InlineData("dimensions[1] is 3; different ones from 0 to 2 are required", 0, 3)]
    [InlineData("dimensions[0] is -1; different ones from 0 to 2 are required", -1)]
    [InlineData("dimensions[2] is 1; different ones from 0 to 2 are required", 1, 0, 1)]
    public void DimensionsThatAreNotThereOrComeTwiceAreRefused(string message, params int[] dimensions)
    {
        var model = Blobs.Build(seed: 24, n: 1, d: 3, k: 2).Model();
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => model.Marginal(dimensions)).Message);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void VariancesAreTheDiagonalOfTheCovariance(string type) => ForParts(type, (problem, model, _) =>
    {
        var d = problem.D;
        for (var k = 0; k < problem.K; k++)
        {
            var covariance = model.Expand(k);
            for (var j = 0; j < d; j++) Assert.Equal(covariance[j * d + j], model.Variance(k, j));
        }
        foreach (var k in (int[])[-1, problem.K]) Refused($"k is {k}; 0 to {problem.K - 1} is required", k, 0);
        foreach (var j in (int[])[-1, d]) Refused($"dimension is {j}; 0 to {d - 1} is required", 0, j);

        void Refused(string message, int k, int j) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => model.Variance(k, j)).Message);
    });

    // Mixtures, and some of their dimensions in any order.
    private static void ForParts(string type, Action<MixtureProblem, GaussianMixture, int[]> check) =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 4], Gen.Double[0, 3], Gen.Int[0, 1 << 20]).Sample((d, k, condition, seed) =>
        {
            var problem = Blobs.Build(seed, n: 10, d, k, type, separation: 2, Math.Pow(10, condition));
            var random = new Random(seed);
            var order = Enumerable.Range(0, d).ToArray();
            random.Shuffle(order);
            check(problem, problem.Model(), order[..random.Next(1, d + 1)]);
        }, iter: 100);
}
