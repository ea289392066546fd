using CsCheck;
using Gmm.TestKit;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>Cases small enough for pencil and paper, and properties that hold for all.</summary>
public class EmTests
{
    // A rectangle: mean (1, 2), variances 1 and 4, correlation 0.
    private static readonly double[][] s_rectangle = [[0, 0], [2, 0], [0, 4], [2, 4]];
    private static readonly double[][] s_identity = [[1, 0], [0, 1]];

    [Fact]
    public void TwoPointsAndOneComponentGiveTheirMeanAndVariance()
    {
        var next = ReferenceEm.Step([[1], [3]], Line([1], [0], [1]));

        Assert.Equal([1.0], next.Weights);
        Assert.Equal([2.0], next.Means[0]);
        Assert.Equal([1.0], next.Covariances[0][0]);
        Assert.Equal(-Math.Log(2 * Math.PI) - 1, ReferenceEm.LogLikelihood([[1], [3]], next), 1e-15);
    }

    [Fact]
    public void OneComponentGivesTheSampleMeanAndCovarianceInOneStep()
    {
        var problem = Blobs.Build(seed: 1, n: 60, d: 4, k: 1);
        var next = ReferenceEm.Step(problem.Rows, problem.Mixture());

        for (var i = 0; i < 4; i++)
        {
            var mean = problem.Rows.Average(x => x[i]);
            Assert.Equal(mean, next.Means[0][i], 1e-13);
            for (var j = 0; j < 4; j++)
            {
                var other = problem.Rows.Average(x => x[j]);
                Assert.Equal(problem.Rows.Average(x => (x[i] - mean) * (x[j] - other)), next.Covariances[0][i][j], 1e-13);
            }
        }
    }

    [Fact]
    public void ResponsibilitiesOfTwoEqualComponentsAreLogisticInX()
    {
        // ln r_1 - ln r_0 = ((x + 1)^2 - (x - 1)^2) / 2 = 2 x.
        double[][] data = [[-1], [0], [0.5], [3]];
        var responsibilities = ReferenceEm.Responsibilities(data, Line([0.5, 0.5], [-1, 1], [1, 1]));
        for (var n = 0; n < data.Length; n++)
            Assert.Equal(1 / (1 + Math.Exp(-2 * data[n][0])), responsibilities[n][1], 1e-15);
    }

    [Theory]
    [InlineData(ReferenceCovariance.Full, 1, 0, 4)]
    [InlineData(ReferenceCovariance.Tied, 1, 0, 4)]
    [InlineData(ReferenceCovariance.Diagonal, 1, 0, 4)]
    [InlineData(ReferenceCovariance.Spherical, 2.5, 0, 2.5)]
    [InlineData(ReferenceCovariance.TiedDiagonal, 1, 0, 4)]
    [InlineData(ReferenceCovariance.TiedSpherical, 2.5, 0, 2.5)]
    public void EachCovarianceTypeOfARectangle(ReferenceCovariance type, double xx, double xy, double yy)
    {
        var next = ReferenceEm.Step(s_rectangle, new(type, [1], [[0, 0]], [s_identity]));
        Assert.Equal([[xx, xy], [xy, yy]], next.Covariances[0]);

        var regularized = ReferenceEm.Step(s_rectangle, new(type, [1], [[0, 0]], [s_identity]), 0.5);
        Assert.Equal([[xx + 0.5, xy], [xy, yy + 0.5]], regularized.Covariances[0]);
    }

    [Fact]
    public void TiedIsTheCountWeightedAverageOfFull()
    {
        var problem = Blobs.Build(seed: 2, n: 200, d: 3, k: 3);
        var full = ReferenceEm.Step(problem.Rows, problem.Mixture());
        var tied = ReferenceEm.Step(problem.Rows, problem.Mixture() with { CovarianceType = ReferenceCovariance.Tied });

        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                Assert.Equal(Enumerable.Range(0, 3).Sum(k => full.Weights[k] * full.Covariances[k][i][j]), tied.Covariances[2][i][j], 1e-13);
        }
    }

    [Fact]
    public void TiedDiagonalAndTiedSphericalArePartsOfTied()
    {
        var problem = Blobs.Build(seed: 2, n: 200, d: 3, k: 3);
        double[][] Step(ReferenceCovariance type) =>
            ReferenceEm.Step(problem.Rows, problem.Mixture() with { CovarianceType = type }, 0.125).Covariances[1];

        var tied = Step(ReferenceCovariance.Tied);
        var diagonal = Step(ReferenceCovariance.TiedDiagonal);
        var spherical = Step(ReferenceCovariance.TiedSpherical);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(i == j ? tied[i][i] : 0, diagonal[i][j]);
                Assert.Equal(i == j ? (tied[0][0] + tied[1][1] + tied[2][2]) / 3 : 0, spherical[i][j], 1e-15);
            }
        }
    }

    [Fact]
    public void TheSharedVariancesAreMeanSquaresAboutTheNearestMean()
    {
        // Two clusters so far apart that every responsibility is 0 or 1. Squares about the means: 4 times (1, 9), then twice (4, 0).
        double[][] data = [[-1, -3], [1, 3], [-1, 3], [1, -3], [998, 1000], [1002, 1000]];
        var start = new ReferenceMixture(ReferenceCovariance.TiedDiagonal, [0.5, 0.5], [[1, 1], [999, 999]], [s_identity, s_identity]);

        var diagonal = ReferenceEm.Step(data, start, 0.5);
        Assert.Equal([[0, 0], [1000, 1000]], diagonal.Means);
        Assert.Equal(4.0 / 6, diagonal.Weights[0]);
        Assert.All(diagonal.Covariances, s => Assert.Equal([[(4 * 1 + 2 * 4) / 6.0 + 0.5, 0], [0, 4 * 9 / 6.0 + 0.5]], s));

        var spherical = ReferenceEm.Step(data, start with { CovarianceType = ReferenceCovariance.TiedSpherical }, 0.5);
        Assert.All(spherical.Covariances, s => Assert.Equal([[48 / 12.0 + 0.5, 0], [0, 48 / 12.0 + 0.5]], s));
    }

    [Fact]
    public void OnALineTheThreeTiedTypesAreTheSameBits()
    {
        var problem = Blobs.Build(seed: 3, n: 100, d: 1, k: 3, "tied");
        var options = new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 5 };
        var traces = new[] { ReferenceCovariance.Tied, ReferenceCovariance.TiedDiagonal, ReferenceCovariance.TiedSpherical }
            .Select(type => ReferenceEm.Fit(problem.Rows, problem.Mixture() with { CovarianceType = type }, options).LogLikelihoodTrace).ToArray();
        Assert.Equal(traces[0], traces[1]);
        Assert.Equal(traces[0], traces[2]);
    }

    [Fact]
    public void OnALineFullDiagonalAndSphericalAreTheSameBits()
    {
        var problem = Blobs.Build(seed: 3, n: 100, d: 1, k: 3);
        var options = new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 5 };
        var traces = new[] { ReferenceCovariance.Full, ReferenceCovariance.Diagonal, ReferenceCovariance.Spherical }
            .Select(type => ReferenceEm.Fit(problem.Rows, problem.Mixture() with { CovarianceType = type }, options).LogLikelihoodTrace).ToArray();
        Assert.Equal(traces[0], traces[1]);
        Assert.Equal(traces[0], traces[2]);
    }

    [Fact]
    public void AFarPointDoesNotUnderflow()
    {
        // exp(-1e6 / 2) is 0 in double precision, for both components.
        double[][] data = [[1000]];
        var mixture = Line([0.5, 0.5], [0, 1], [1, 1]);

        var (responsibilities, logLikelihood) = ReferenceEm.EStep(data, mixture);

        var nearer = Math.Log(0.5) - 0.5 * (Math.Log(2 * Math.PI) + 999.0 * 999);
        Assert.Equal(nearer, logLikelihood, 1e-9);
        Assert.Equal(1, responsibilities[0][1]);
        Assert.Equal(1, ReferenceEm.Responsibilities([[1e6]], Line([0.5, 0.5], [0, 1e-6], [1, 1]))[0].Sum(), 1e-15);
        Assert.Equal(-1000 + Math.Log(2), ReferenceEm.LogSumExp([-1000, -1000]), 1e-12);
        Assert.Equal(double.NegativeInfinity, ReferenceEm.LogSumExp([double.NegativeInfinity, double.NegativeInfinity]));
    }

    [Fact]
    public void AMeanOf1e8CostsTheCovarianceNoDigits()
    {
        var data = s_rectangle.Select(x => new[] { x[0] + 1e8, x[1] - 1e8 }).ToArray();
        var next = ReferenceEm.Step(data, new(ReferenceCovariance.Full, [1], [[1e8, -1e8]], [s_identity]));
        Assert.Equal([[1, 0], [0, 4]], next.Covariances[0]);
    }

    [Theory]
    [InlineData(ReferenceCovariance.Full)]
    [InlineData(ReferenceCovariance.Diagonal)]
    [InlineData(ReferenceCovariance.Spherical)]
    public void AnEmptyComponentGetsWeight0AndKeepsTheRest(ReferenceCovariance type)
    {
        var initial = new ReferenceMixture(type, [0.5, 0.5], [[1, 2], [1e4, 1e4]], [s_identity, s_identity]);
        var next = ReferenceEm.Step(s_rectangle, initial, 0.25);

        Assert.Equal([1.0, 0.0], next.Weights);
        Assert.Equal(initial.Means[1], next.Means[1]);
        Assert.Equal(s_identity, next.Covariances[1]);

        // Weight 0 is a valid parameter for the next iteration.
        Assert.Equal(next.Means, ReferenceEm.Step(s_rectangle, next, 0.25).Means);
    }

    [Theory]
    [InlineData(ReferenceCovariance.Tied, 1, 4)]
    [InlineData(ReferenceCovariance.TiedDiagonal, 1, 4)]
    [InlineData(ReferenceCovariance.TiedSpherical, 2.5, 2.5)]
    public void AnEmptyComponentSharesTheTiedCovariance(ReferenceCovariance type, double xx, double yy)
    {
        var initial = new ReferenceMixture(type, [0.5, 0.5], [[1, 2], [1e4, 1e4]], [s_identity, s_identity]);
        var next = ReferenceEm.Step(s_rectangle, initial);
        Assert.Equal(next.Covariances[0], next.Covariances[1]);
        Assert.Equal([[xx, 0], [0, yy]], next.Covariances[1]);
    }

    [Fact]
    public void InputsAreNotModifiedAndNotSharedWithTheResult()
    {
        var problem = Blobs.Build(seed: 4, n: 50, d: 2, k: 2);
        var data = problem.Rows;
        var initial = problem.Mixture();
        var fit = ReferenceEm.Fit(data, initial, new ReferenceOptions { Regularization = 1e-3 });
        Clear(fit.Mixture.Weights);
        Clear([.. fit.Mixture.Means, .. fit.Responsibilities, .. fit.LastEStepResponsibilities, .. fit.Mixture.Covariances.SelectMany(s => s)]);

        Assert.Equal(problem.Rows, data);
        Assert.Equal(problem.Weights, initial.Weights);
        Assert.Equal(problem.MeanRows, initial.Means);
        Assert.Equal(problem.ExpandedCovariances, initial.Covariances);

        static void Clear(params double[][] arrays) => Array.ForEach(arrays, array => Array.Fill(array, double.NaN));
    }

    [Fact]
    public void StopRulesEndWhereTheySay()
    {
        var problem = Blobs.Build(seed: 5, n: 100, d: 2, k: 2);
        ReferenceFit Run(ReferenceStop stop, double threshold) => ReferenceEm.Fit(
            problem.Rows, problem.Mixture(), new ReferenceOptions { Stop = stop, Threshold = threshold, MaxIterations = 3 });

        // A threshold above every rise: the total is tested from iteration 1 on, the mean from iteration 2 on.
        Assert.Equal((1, true), (Run(ReferenceStop.TotalRise, 1e9).Iterations, Run(ReferenceStop.TotalRise, 1e9).Converged));
        Assert.Equal((2, true), (Run(ReferenceStop.MeanChange, 1e9).Iterations, Run(ReferenceStop.MeanChange, 1e9).Converged));
        Assert.Equal((3, false), (Run(ReferenceStop.FixedCount, 1e9).Iterations, Run(ReferenceStop.FixedCount, 1e9).Converged));
        Assert.Equal((3, false), (Run(ReferenceStop.MeanChange, 0).Iterations, Run(ReferenceStop.MeanChange, 0).Converged));
        Assert.Equal(4, Run(ReferenceStop.FixedCount, 0).LogLikelihoodTrace.Length);
    }

    [Fact]
    public void ResponsibilitiesSumTo1AndTheJointDensityIsTheirSource() => Blobs.Generator().Sample(problem =>
    {
        var mixture = problem.Mixture();
        var (responsibilities, logLikelihood) = ReferenceEm.EStep(problem.Rows, mixture);
        var logJoint = ReferenceEm.LogJoint(problem.Rows, mixture);
        Assert.All(responsibilities, row => Assert.Equal(1, row.Sum(), 1e-14));
        Assert.Equal(logJoint.Sum(ReferenceEm.LogSumExp), logLikelihood, 1e-12 * Math.Max(1, Math.Abs(logLikelihood)));
    }, iter: 200);

    [Fact]
    public void TheLogLikelihoodNeverFallsWithoutRegularization() =>
        Gen.Select(Gen.OneOf(Layout.CovarianceTypes.ToArray()), Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, 10_000])
            .Sample((type, d, k, seed) =>
            {
                var problem = Blobs.Build(seed, n: 300, d, k, type, separation: 2);
                var trace = ReferenceEm.Fit(problem.Rows, problem.Mixture(),
                    new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 5 }).LogLikelihoodTrace;
                for (var t = 1; t < trace.Length; t++)
                    Assert.True(trace[t] >= trace[t - 1] - 1e-12 * Math.Abs(trace[t]), $"iteration {t}: {trace[t - 1]:R} fell to {trace[t]:R}");
            }, iter: 100);

    private static ReferenceMixture Line(double[] weights, double[] means, double[] variances) =>
        Adapters.ToReference("full", weights.Length, 1, weights, means, variances);
}
