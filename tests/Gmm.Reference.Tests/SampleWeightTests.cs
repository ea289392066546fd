using CsCheck;
using Gmm.TestKit;
using Gmm.TestKit.Exact;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>What a sample weight means: so many equal rows, also where the number is no integer.</summary>
public class SampleWeightTests
{
    private static readonly ReferenceOptions s_fiveSteps = new() { Stop = ReferenceStop.FixedCount, MaxIterations = 5, Regularization = 1e-3 };

    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void IntegerWeightsAreRepeatedRows(string type) => Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 10_000]).Sample((d, k, seed) =>
    {
        var problem = Blobs.Build(seed, n: 60, d, k, type, separation: 2);
        var random = new Random(seed);
        var weights = problem.Rows.Select(_ => (double)random.Next(4)).ToArray();
        var repeated = problem.Rows.SelectMany((row, n) => Enumerable.Repeat(row, (int)weights[n])).ToArray();

        var weighted = ReferenceEm.Fit(problem.Rows, problem.Mixture(), s_fiveSteps, weights);
        var expected = ReferenceEm.Fit(repeated, problem.Mixture(), s_fiveSteps);

        AssertClose(expected.Mixture, weighted.Mixture, 1e-12);
        for (var t = 0; t < expected.LogLikelihoodTrace.Length; t++)
        {
            var repeatedly = expected.LogLikelihoodTrace[t];
            Assert.Equal(repeatedly, weighted.LogLikelihoodTrace[t], 1e-12 * Math.Max(1, Math.Abs(repeatedly)));
        }

        Assert.Equal(
            ReferenceEm.MeanLogLikelihood(repeated, expected.Mixture), ReferenceEm.MeanLogLikelihood(problem.Rows, weighted.Mixture, weights), 1e-12);
    }, iter: 30);

    [Theory]
    [InlineData(ReferenceStop.TotalRise, 1e-4)]
    [InlineData(ReferenceStop.MeanChange, 1e-6)]
    public void AWeightedFitStopsWhereThatOfRepeatedRowsDoes(ReferenceStop stop, double threshold)
    {
        var problem = Blobs.Build(seed: 6, n: 100, d: 2, k: 3, separation: 1.5);
        var weights = problem.Rows.Select((_, n) => 1.0 + n % 5).ToArray();
        var repeated = problem.Rows.SelectMany((row, n) => Enumerable.Repeat(row, 1 + n % 5)).ToArray();
        var options = new ReferenceOptions { Stop = stop, Threshold = threshold };

        var expected = ReferenceEm.Fit(repeated, problem.Mixture(), options);
        var weighted = ReferenceEm.Fit(problem.Rows, problem.Mixture(), options, weights);

        Assert.True(expected.Converged);
        Assert.True(expected.Iterations > 5);
        Assert.Equal(expected.Iterations, weighted.Iterations);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void WeightsOf1ChangeNoBit(string type)
    {
        var problem = Blobs.Build(seed: 7, n: 80, d: 3, k: 3, type);
        AssertEqual(
            ReferenceEm.Fit(problem.Rows, problem.Mixture(), s_fiveSteps),
            ReferenceEm.Fit(problem.Rows, problem.Mixture(), s_fiveSteps, [.. Enumerable.Repeat(1.0, problem.N)]));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AFactorCommonToAllWeightsChangesTheLogLikelihoodOnly(string type)
    {
        var problem = Blobs.Build(seed: 8, n: 80, d: 3, k: 3, type);
        var weights = ArbitraryWeights(problem.N, seed: 8);
        var fit = ReferenceEm.Fit(problem.Rows, problem.Mixture(), s_fiveSteps, weights);

        // A power of 2 is exact; another factor is rounded.
        foreach (var (factor, tolerance) in new[] { (Math.ScaleB(1, -20), 0.0), (1e9, 1e-12) })
        {
            double[] scaled = [.. weights.Select(w => factor * w)];
            var other = ReferenceEm.Fit(problem.Rows, problem.Mixture(), s_fiveSteps, scaled);

            AssertClose(fit.Mixture, other.Mixture, tolerance);
            for (var t = 0; t < fit.LogLikelihoodTrace.Length; t++)
            {
                var expected = factor * fit.LogLikelihoodTrace[t];
                Assert.Equal(expected, other.LogLikelihoodTrace[t], tolerance * Math.Abs(expected));
            }

            var mean = ReferenceEm.MeanLogLikelihood(problem.Rows, fit.Mixture, weights);
            Assert.Equal(mean, ReferenceEm.MeanLogLikelihood(problem.Rows, other.Mixture, scaled), tolerance * Math.Abs(mean));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void ARowOfWeight0IsNotThere(string type)
    {
        var problem = Blobs.Build(seed: 9, n: 60, d: 2, k: 2, type);
        var weights = ArbitraryWeights(problem.N, seed: 9);
        var without = ReferenceEm.Fit(problem.Rows, problem.Mixture(), s_fiveSteps, weights);

        // Rows that would change every number or end the fit: 1e200 squared is beyond the range of double.
        double[][] data = [[7, -7], .. problem.Rows[..30], [1e200, 0], [1.7e308, -1.7e308], .. problem.Rows[30..], [0, -1e200]];
        double[] zeros = [0, .. weights[..30], 0, 0, .. weights[30..], 0];
        var with = ReferenceEm.Fit(data, problem.Mixture(), s_fiveSteps, zeros);

        AssertClose(without.Mixture, with.Mixture, 0);
        Assert.Equal(without.LogLikelihoodTrace, with.LogLikelihoodTrace);
        Assert.Equal(1, with.Responsibilities[0].Sum(), 1e-15);
        Assert.Equal([0.0, 0.0], with.Responsibilities[31]);
    }

    [Fact]
    public void AComponentWhoseRowsHaveWeight0IsEmpty()
    {
        double[][] identity = [[1, 0], [0, 1]];
        var initial = new ReferenceMixture(ReferenceCovariance.Full, [0.5, 0.5], [[0, 0], [1e4, 1e4]], [identity, identity]);
        var next = ReferenceEm.Step([[-1, -2], [1, 2], [1e4, 1e4]], initial, 0.5, [3, 1, 0]);

        Assert.Equal([1.0, 0.0], next.Weights);
        Assert.Equal([[-0.5, -1], [1e4, 1e4]], next.Means);
        Assert.Equal([[[1.25, 1.5], [1.5, 3.5]], identity], next.Covariances);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AWeightedStepAgreesWithExactArithmetic(string type) =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 10_000]).Sample((d, k, seed) =>
        {
            var problem = Blobs.Build(seed, n: 40, d, k, type, separation: 2);
            var weights = ArbitraryWeights(problem.N, seed);
            var start = ExactMixture.From(type, problem.Weights, problem.Means, problem.Covariances, truncates: false);

            var (_, logLikelihood) = ReferenceEm.EStep(problem.Rows, problem.Mixture(), weights);
            Assert.InRange(ExactErrors.OfLogLikelihood(start.EStep(problem.Data, weights), logLikelihood), 0, 1e-14);

            var expected = start.Step(problem.Data, 1e-3, weights);
            var actual = ReferenceEm.Step(problem.Rows, problem.Mixture(), 1e-3, weights);
            var errors = ExactErrors.Of(expected, actual.Weights, Layout.Flat(actual.Means), Layout.Compact(type, actual.Covariances));
            Assert.InRange(errors.Largest, 0, 1e-12);
        }, iter: 10);

    [Fact]
    public void TheWeightedLogLikelihoodNeverFallsWithoutRegularization() =>
        Gen.Select(Gen.OneOf(Layout.CovarianceTypes.ToArray()), Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[0, 10_000]).Sample((type, d, k, seed) =>
        {
            var problem = Blobs.Build(seed, n: 300, d, k, type, separation: 2);
            var options = new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 5 };
            var trace = ReferenceEm.Fit(problem.Rows, problem.Mixture(), options, ArbitraryWeights(problem.N, seed)).LogLikelihoodTrace;
            for (var t = 1; t < trace.Length; t++)
                Assert.True(trace[t] >= trace[t - 1] - 1e-12 * Math.Abs(trace[t]), $"iteration {t}: {trace[t - 1]:R} fell to {trace[t]:R}");
        }, iter: 60);

    // Between 0 and 3, one in ten exactly 0.
    private static double[] ArbitraryWeights(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.Next(10) == 0 ? 0 : 3 * random.NextDouble())];
    }

    private static void AssertEqual(ReferenceFit expected, ReferenceFit actual)
    {
        AssertClose(expected.Mixture, actual.Mixture, 0);
        Assert.Equal(expected.LogLikelihoodTrace, actual.LogLikelihoodTrace);
        Assert.Equal(expected.Responsibilities, actual.Responsibilities);
        Assert.Equal(expected.LastEStepResponsibilities, actual.LastEStepResponsibilities);
    }

    // Weights as they are; means and covariances in the expected standard deviations.
    private static void AssertClose(ReferenceMixture expected, ReferenceMixture actual, double tolerance)
    {
        for (var k = 0; k < expected.Components; k++)
        {
            Assert.Equal(expected.Weights[k], actual.Weights[k], tolerance);
            var spread = Enumerable.Range(0, expected.Dimension).Select(i => Math.Sqrt(expected.Covariances[k][i][i])).ToArray();
            for (var i = 0; i < expected.Dimension; i++)
            {
                Assert.Equal(expected.Means[k][i], actual.Means[k][i], tolerance * spread[i]);
                for (var j = 0; j < expected.Dimension; j++)
                    Assert.Equal(expected.Covariances[k][i][j], actual.Covariances[k][i][j], tolerance * spread[i] * spread[j]);
            }
        }
    }
}
