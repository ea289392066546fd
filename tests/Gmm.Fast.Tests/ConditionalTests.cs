using CsCheck;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Predictions of some dimensions from the others.</summary>
public class ConditionalTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheDensityIsThatOfAllDimensionsOverThatOfTheGivenOnes(string type) => ForParts(type, (problem, model, given) =>
    {
        var conditional = model.Conditional(given);
        Assert.Equal(given, conditional.Given);
        Assert.Equal(Enumerable.Range(0, problem.D).Except(given), conditional.Predicted);
        var marginal = model.Marginal(given);
        foreach (var row in problem.Rows)
        {
            double[] x = [.. given.Select(j => row[j])], y = [.. conditional.Predicted.Select(j => row[j])];
            var (whole, part) = (model.LogDensity(row), marginal.LogDensity(x));
            Assert.Equal(whole - part, conditional.At(x).LogDensity(y), 1e-11 * (1 + Math.Abs(whole) + Math.Abs(part)));
        }
    });

    [Theory]
    [ClassData(typeof(EveryType))]
    public void TheMeanIsThatOfTheDistributionAndFillsGaps(string type) => ForParts(type, (problem, model, given) =>
    {
        var conditional = model.Conditional(given);
        var mean = new double[conditional.Predicted.Count];
        foreach (var row in problem.Rows)
        {
            double[] x = [.. given.Select(j => row[j])], filled = [.. row];
            conditional.Mean(x, mean);
            var at = conditional.At(x);
            foreach (var j in conditional.Predicted) filled[j] = double.NaN;
            model.Impute(new Points(filled, problem.D), filled);
            for (var i = 0; i < mean.Length; i++)
            {
                double expected = 0, size = 0;
                for (var k = 0; k < problem.K; k++)
                {
                    expected += at.Weights[k] * at.Mean(k)[i];
                    size += at.Weights[k] * Math.Abs(at.Mean(k)[i]);
                }
                Assert.Equal(expected, mean[i], 1e-13 * (1 + size));
                Assert.Equal(filled[conditional.Predicted[i]], mean[i], 1e-10 * (1 + size));
            }
        }
    });

    [Fact]
    public void OneComponentIsTheLinearRegressionOfBooks()
    {
        // Slope 0.6 * 2 / 4 and residual variance 2 * 2 * (1 - 0.36) of correlation 0.6, standard deviations 4 and 2.
        var model = new GaussianMixture(CovarianceType.Full, 2, [1], [10, -3], [16, 4.8, 4.8, 4], ["height", "weight"]);
        var at = model.Conditional([0]).At([14]);
        Assert.Equal(-3 + (0.3 * 4), at.Mean(0)[0], 1e-14);
        Assert.Equal(2.56, at.Variance(0, 0), 1e-14);
        Assert.Equal(["weight"], at.ColumnNames);
    }

    [Fact]
    public void NamesAndColumnsFollowTheGivenOrder()
    {
        var problem = Blobs.Build(seed: 5, n: 1, d: 4, k: 2, "full", separation: 1);
        var model = problem.Model();
        double[] forward = new double[2], backward = new double[2];
        model.Conditional([0, 3]).Mean([0.5, -1], forward);
        model.Conditional([3, 0]).Mean([-1, 0.5], backward);
        foreach (var (a, b) in forward.Zip(backward)) Assert.Equal(a, b, 1e-13);
    }

    [Fact]
    public void MeansAllocateNothing()
    {
        var conditional = Blobs.Build(seed: 6, n: 1, d: 6, k: 5, "full", separation: 1).Model().Conditional([1, 2, 3]);
        double[] given = [0.1, 0.2, 0.3], mean = new double[3];

        // A collection that another test causes counts what is left of the thread's allocation context.
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) conditional.Mean(given, mean);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        var model = Blobs.Build(seed: 7, n: 1, d: 3, k: 2, "full", separation: 1).Model();
        Says("given is empty; at least one is required", () => model.Conditional([]));
        Says("given[1] is 3; different ones from 0 to 2 are required", () => model.Conditional([0, 3]));
        Says("given[1] is 0; different ones from 0 to 2 are required", () => model.Conditional([0, 0]));
        Says("given names all 3 dimensions; at least one is required to be left", () => model.Conditional([2, 0, 1]));
        var conditional = model.Conditional([2, 0]);
        Says("given has 1 values; one per given dimension = 2 are required", () => conditional.Mean([1], new double[1]));
        Says("given[1] is NaN; finite values are required", () => conditional.Mean([1, double.NaN], new double[1]));
        Says("mean has 2 values; one per predicted dimension = 1 are required", () => conditional.Mean([1, 2], new double[2]));
        Says("given[0] is Infinity; finite values are required", () => conditional.At([double.PositiveInfinity, 1]));

        // Values that are finite, and means that are not.
        const string Far = "given[1] is 1.7E+308, so far from the means that predicted ones are not finite; a value nearer to them is required (Parameter 'given')";
        var steep = new GaussianMixture(CovarianceType.Full, 3, [1], [0, 0, 0], [1, 1.9, 0, 1.9, 4, 0, 0, 0, 1]).Conditional([2, 0]);
        Says(Far, () => steep.At([1, 1.7e308]));
        Says(Far, () => steep.Mean([1, 1.7e308], new double[1]));

        static void Says(string message, Action act) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(act).Message);
    }

    [Fact]
    public void TheMeaningOfNaNIsThatOfTheModel()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 3, k: 2).Model();
        Assert.Equal(MissingValues.Error, model.Conditional([0]).At([1]).MissingValues);
        var takesGaps = model.WithMissingValues(MissingValues.Marginalize).Conditional([0]).At([1]);
        Assert.Equal(MissingValues.Marginalize, takesGaps.MissingValues);
        Assert.True(double.IsFinite(takesGaps.LogDensity([double.NaN, 1])));
    }

    private static void ForParts(string type, Action<MixtureProblem, GaussianMixture, int[]> check) =>
        Gen.Select(Gen.Int[2, 5], Gen.Int[1, 4], Gen.Int[0, 1000]).Sample(
            (d, k, seed) =>
            {
                var problem = Blobs.Build(seed, n: 5, d, k, type, separation: 1);
                var random = new Random(seed);
                int[] order = [.. Enumerable.Range(0, d)];
                random.Shuffle(order);
                check(problem, problem.Model(), order[..random.Next(1, d)]);
            },
            iter: 50, threads: 1);
}
