using CsCheck;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that a point of weight w counts as w equal points.</summary>
public class WeightTests
{
    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void WeightsOfOneGiveTheBitsOfNone(string type)
    {
        var problem = Blobs.Build(seed: 31, n: 5_000, d: 3, k: 3, type, separation: 2);
        double[] ones = [.. Enumerable.Repeat(1.0, problem.N)];
        foreach (var options in Kinds(problem, 5))
        {
            Measures.SameBits(
                MixtureFit.Fit(new Points(problem.Data, 3), options), MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(ones), options));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void WholeWeightsEqualRepeatedPoints(string type)
    {
        var problem = Blobs.Build(seed: 32, n: 700, d: 3, k: 3, type, separation: 2);
        double[] weights = [.. Enumerable.Range(0, problem.N).Select(i => (double)(i % 4))];
        double[] repeated = [.. problem.Rows.SelectMany((row, i) => Enumerable.Repeat(row, i % 4)).SelectMany(row => row)];
        foreach (var options in Kinds(problem, 6))
        {
            // Random points are drawn by other numbers, and short runs see another number of points; k-means begins alike.
            if (options.Start == StartMethod.RandomPoints) continue;
            var kMeans = options with { Start = StartMethod.KMeansPlusPlus };
            var expected = MixtureFit.Fit(new Points(repeated, 3), kMeans);
            var weighted = MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(weights), kMeans);
            Assert.InRange(Distance.Of(expected.Model, weighted.Model).Largest, 0, 1e-12);
            for (var t = 0; t < expected.Trace.Length; t++) Assert.InRange(Measures.Relative(expected.Trace[t], weighted.Trace[t]), 0, 1e-12);
            Assert.Equal(repeated.Length / 3, weighted.TotalWeight);
            Assert.Equal(weights.Count(w => w > 0), weighted.Points);
            Assert.Equal(expected.Bic, weighted.Bic, 1e-9 * Math.Abs(expected.Bic));
            Assert.Equal(expected.MeanLogLikelihood, weighted.MeanLogLikelihood, 1e-12 * Math.Abs(expected.MeanLogLikelihood));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ScalingAllWeightsChangesNothingButTheLogLikelihood(string type)
    {
        var problem = Blobs.Build(seed: 33, n: 40_000, d: 2, k: 3, type, separation: 2);
        var random = new Random(3);
        double[] weights = [.. Enumerable.Range(0, problem.N).Select(_ => 0.1 + random.NextDouble())];
        foreach (var options in Kinds(problem, 4))
        {
            var expected = MixtureFit.Fit(new Points(problem.Data, 2).WithWeights(weights), options);
            foreach (var (c, tolerance) in ((double, double)[])[(8, 0), (1e-3, 1e-11), (12_345, 1e-11)])
            {
                var scaled = MixtureFit.Fit(new Points(problem.Data, 2).WithWeights([.. weights.Select(w => c * w)]), options);
                Assert.InRange(Distance.Of(expected.Model, scaled.Model).Largest, 0, tolerance);
                Assert.Equal((expected.Status, expected.Iterations, expected.Points), (scaled.Status, scaled.Iterations, scaled.Points));
                Assert.InRange(Measures.Relative(c * expected.TotalLogLikelihood, scaled.TotalLogLikelihood), 0, 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void APointOfWeightZeroIsNotThere(string type)
    {
        // Whatever its numbers are; a block of 384 of them leaves no block. Starts see all of so few points.
        var problem = Blobs.Build(seed: 34, n: 2_400, d: 3, k: 2, type, separation: 2);
        double[] weights = [.. Enumerable.Range(0, 2_400).Select(i => i is < 400 or (> 1_000 and < 1_900) || i % 3 == 0 ? 0 : 1 + i % 2)];
        double[] data = [.. problem.Data.Select((x, i) => weights[i / 3] == 0 ? double.NaN : x)];
        double[] there = [.. problem.Data.Where((_, i) => weights[i / 3] > 0)];
        double[] theirs = [.. weights.Where(w => w > 0)];
        foreach (var options in Kinds(problem, 4))
        {
            var expected = MixtureFit.Fit(new Points(there, 3).WithWeights(theirs), options);
            var fit = MixtureFit.Fit(new Points(data, 3).WithWeights(weights), options);
            Assert.Equal((expected.Points, expected.TotalWeight), (fit.Points, fit.TotalWeight));
            if (options.Start == StartMethod.KMeansPlusPlus) Assert.InRange(Distance.Of(expected.Model, fit.Model).Largest, 0, 1e-12);
            Assert.Equal(expected.Model.TotalLogLikelihood(new Points(there, 3).WithWeights(theirs)),
                expected.Model.TotalLogLikelihood(new Points(data, 3).WithWeights(weights)), 1e-9);
        }
    }

    // Weights of 0 and 1 alone, far from 0: a place kept for a point that is not there would be a point at 0.
    [Theory]
    [InlineData(StartMethod.KMeansPlusPlus)]
    [InlineData(StartMethod.RandomPoints)]
    [InlineData(StartMethod.SmallEm)]
    public void AMaskLeavesNoPointsAtTheOrigin(StartMethod start)
    {
        foreach (var n in (int[])[1_000, 20_000])
        {
            var problem = Blobs.Build(seed: 38, n, d: 2, k: 2, separation: 2, shift: 1_000);
            double[] mask = [.. Enumerable.Range(0, n).Select(i => (double)(i % 2))];
            var fit = MixtureFit.Fit(
                new Points(problem.Data, 2).WithWeights(mask), new FitOptions { Components = 4, Start = start, MaxIterations = 0, Restarts = 3 });
            Assert.All(fit.Model.Means.ToArray(), mean => Assert.InRange(mean, 900, 1_100));
            Assert.All(fit.Model.Weights.ToArray(), weight => Assert.True(weight > 0));
        }
    }

    [Fact]
    public void WarningsDoNotDependOnTheScaleOfWeights()
    {
        var problem = Blobs.Build(seed: 39, n: 500, d: 2, k: 2, separation: 4);
        var fit = MixtureFit.Fit(new Points(problem.Data, 2).WithWeights([.. Enumerable.Repeat(1.0 / 500, 500)]), problem.Options(5));
        Assert.Empty(fit.Warnings);
    }

    [Fact]
    public void WeightsBeyondARangeAreRefused()
    {
        var options = new FitOptions { Components = 1 };
        Assert.StartsWith("the sum of weights is beyond the range of a double",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1.0, 2, 3], 1).WithWeights([1e308, 1e308, 1]), options)).Message);
        Assert.StartsWith("a weight is 1E-50, beyond the range of Single; scale the weights",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(new float[] { 1, 2, 3 }, 1).WithWeights([1, 1e-50, 1]), options)).Message);
        Assert.StartsWith("all weights are 0", Assert.Throws<ArgumentException>(
            () => new GaussianMixture(CovarianceType.Full, 1, [1], [0], [1]).TotalLogLikelihood(new Points([1.0, 2], 1).WithWeights([0, 0]))).Message);
    }

    [Fact]
    public void OneStepIsThatOfTheTwin() => Blobs.Generator().Sample(
        problem =>
        {
            var random = new Random(problem.N);
            double[] weights = [.. Enumerable.Range(0, problem.N).Select(i => i > 0 && i % 7 == 3 ? 0 : 0.1 + 3 * random.NextDouble())];
            var options = problem.Options(1, regularization: 1e-3);
            var fit = MixtureFit.Fit(new Points(problem.Data, problem.D).WithWeights(weights), options);
            var twin = ReferenceEm.Step(problem.Rows, problem.Reference(), 1e-3, weights);
            Assert.InRange(Measures.Relative(ReferenceEm.LogLikelihood(problem.Rows, problem.Reference(), weights), fit.Trace[0]), 0, 1e-11);
            for (var k = 0; k < problem.K; k++)
            {
                Assert.Equal(twin.Weights[k], fit.Model.Weights[k], 1e-11);
                for (var j = 0; j < problem.D; j++)
                {
                    if (twin.Weights[k] > 1e-8) Assert.Equal(twin.Means[k][j], fit.Model.Mean(k)[j], 1e-8 * (1 + Math.Abs(twin.Means[k][j])));
                }
            }
        },
        iter: 200, threads: 1);

    [Fact]
    public void SinglePrecisionTakesWeightsToo()
    {
        var problem = Blobs.Build(seed: 35, n: 6_000, d: 3, k: 2, separation: 3);
        double[] weights = [.. Enumerable.Range(0, problem.N).Select(i => (double)(i % 3))];
        var options = problem.Options(5, regularization: 1e-3);
        var wide = MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(weights), options);
        var narrow = MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), 3).WithWeights(weights), options);
        Assert.Equal(wide.TotalWeight, narrow.TotalWeight);
        Assert.InRange(Distance.Of(wide.Model, narrow.Model).Largest, 0, 1e-4);
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        var problem = Blobs.Build(seed: 36, n: 60_000, d: 3, k: 4, separation: 1);
        var random = new Random(5);
        double[] weights = [.. Enumerable.Range(0, problem.N).Select(_ => Math.Floor(4 * random.NextDouble()))];
        foreach (var options in Kinds(problem, 3))
        {
            var expected = MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(weights), options with { MaxDegreeOfParallelism = 1 });
            foreach (var threads in (int[])[2, 5])
                Measures.SameBits(expected, MixtureFit.Fit(new Points(problem.Data, 3).WithWeights(weights), options with { MaxDegreeOfParallelism = threads }));
        }
    }

    // Almost all weight is in a small part of the points: a start that draws by number would hardly see it.
    [Fact]
    public void StartsDrawByWeight()
    {
        var problem = Blobs.Build(seed: 37, n: 100_000, d: 2, k: 1, separation: 0);
        double[] data = [.. problem.Data], weights = new double[problem.N];
        for (var i = 0; i < problem.N; i++)
        {
            weights[i] = i % 1000 == 0 ? 1_000 : 1e-3;
            if (i % 1000 == 0) data[2 * i] += i % 2000 == 0 ? 100 : 200;
        }
        foreach (var start in Enum.GetValues<StartMethod>())
        {
            var options = new FitOptions { Components = 2, Start = start, MaxIterations = 0, CovarianceType = CovarianceType.Spherical };
            var fit = MixtureFit.Fit(new Points(data, 2).WithWeights(weights), options);
            Assert.All(Enumerable.Range(0, 2), k => Assert.True(fit.Model.Mean(k)[0] > 50, $"{start}: a mean at {fit.Model.Mean(k)[0]}"));
        }
    }

    [Theory]
    [InlineData(-1.5, "weights[2] is -1.5; a finite weight of at least 0 is required")]
    [InlineData(double.NaN, "weights[2] is NaN; a finite weight of at least 0 is required")]
    [InlineData(double.PositiveInfinity, "weights[2] is Infinity; a finite weight of at least 0 is required")]
    public void WeightsThatCannotBeUsedAreRefusedWithTheirPlace(double bad, string message)
    {
        double[] weights = [1, 2, bad, 0];
        var options = new FitOptions { Components = 1 };
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [1], [0], [1]);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1.0, 2, 3, 4], 1).WithWeights(weights), options)).Message);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => model.TotalLogLikelihood(new Points([1.0, 2, 3, 4], 1).WithWeights(weights))).Message);
    }

    [Fact]
    public void NoWeightAtAllIsRefused()
    {
        var options = new FitOptions { Components = 1 };
        Assert.StartsWith("all weights are 0; at least one point of weight above 0 is required",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1.0, 2, 3], 1).WithWeights([0, 0, 0]), options)).Message);
        Assert.StartsWith("weights has 2 values; 3, one per point, are required",
            Assert.Throws<ArgumentException>(() => new Points([1.0, 2, 3], 1).WithWeights([1, 1]).Count).Message);
        Assert.StartsWith("Components is 3; the data have 2 points of weight above 0",
            Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points([1.0, 2, 3], 1).WithWeights([1, 0, 1]), options with { Components = 3 })).Message);
    }

    private static FitOptions[] Kinds(MixtureProblem problem, int iterations)
    {
        var given = problem.Options(iterations, regularization: 1e-3, threads: 2);
        return [given, given with { InitialModel = null }, given with { InitialModel = null, Start = StartMethod.RandomPoints, VarianceFloor = 0.01 }];
    }
}
