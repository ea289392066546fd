using CsCheck;
using Gmm.TestKit;
using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>Cases small enough for pencil and paper, and properties that hold for all.</summary>
public class EmTests
{
    // A rectangle: mean (1, 2), variances 1 and 4, correlation 0.
    private static readonly double[][] Rectangle = [[0, 0], [2, 0], [0, 4], [2, 4]];
    private static readonly double[][] Identity = [[1, 0], [0, 1]];

    [Fact]
    public void Two_points_and_one_component_give_their_mean_and_variance()
    {
        var next = ReferenceEm.Step([[1], [3]], Line([1], [0], [1]));

        Assert.Equal([1.0], next.Weights);
        Assert.Equal([2.0], next.Means[0]);
        Assert.Equal([1.0], next.Covariances[0][0]);
        Assert.Equal(-Math.Log(2 * Math.PI) - 1, ReferenceEm.LogLikelihood([[1], [3]], next), 1e-15);
    }

    [Fact]
    public void One_component_gives_the_sample_mean_and_covariance_in_one_step()
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
    public void Responsibilities_of_two_equal_components_are_logistic_in_x()
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
    public void Each_covariance_type_of_a_rectangle(ReferenceCovariance type, double xx, double xy, double yy)
    {
        var next = ReferenceEm.Step(Rectangle, new(type, [1], [[0, 0]], [Identity]));
        Assert.Equal([[xx, xy], [xy, yy]], next.Covariances[0]);

        var regularized = ReferenceEm.Step(Rectangle, new(type, [1], [[0, 0]], [Identity]), 0.5);
        Assert.Equal([[xx + 0.5, xy], [xy, yy + 0.5]], regularized.Covariances[0]);
    }

    [Fact]
    public void Tied_is_the_count_weighted_average_of_full()
    {
        var problem = Blobs.Build(seed: 2, n: 200, d: 3, k: 3);
        var full = ReferenceEm.Step(problem.Rows, problem.Mixture());
        var tied = ReferenceEm.Step(problem.Rows, problem.Mixture() with { CovarianceType = ReferenceCovariance.Tied });

        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
                Assert.Equal(Enumerable.Range(0, 3).Sum(k => full.Weights[k] * full.Covariances[k][i][j]), tied.Covariances[2][i][j], 1e-13);
    }

    [Fact]
    public void Tied_diagonal_and_tied_spherical_are_parts_of_tied()
    {
        var problem = Blobs.Build(seed: 2, n: 200, d: 3, k: 3);
        double[][] Step(ReferenceCovariance type) =>
            ReferenceEm.Step(problem.Rows, problem.Mixture() with { CovarianceType = type }, 0.125).Covariances[1];

        var tied = Step(ReferenceCovariance.Tied);
        var diagonal = Step(ReferenceCovariance.TiedDiagonal);
        var spherical = Step(ReferenceCovariance.TiedSpherical);
        for (var i = 0; i < 3; i++)
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(i == j ? tied[i][i] : 0, diagonal[i][j]);
                Assert.Equal(i == j ? (tied[0][0] + tied[1][1] + tied[2][2]) / 3 : 0, spherical[i][j], 1e-15);
            }
    }

    [Fact]
    public void The_shared_variances_are_mean_squares_about_the_nearest_mean()
    {
        // Two clusters so far apart that every responsibility is 0 or 1. Squares about the means: 4 times (1, 9), then twice (4, 0).
        double[][] data = [[-1, -3], [1, 3], [-1, 3], [1, -3], [998, 1000], [1002, 1000]];
        var start = new ReferenceMixture(ReferenceCovariance.TiedDiagonal, [0.5, 0.5], [[1, 1], [999, 999]], [Identity, Identity]);

        var diagonal = ReferenceEm.Step(data, start, 0.5);
        Assert.Equal([[0, 0], [1000, 1000]], diagonal.Means);
        Assert.Equal(4.0 / 6, diagonal.Weights[0]);
        Assert.All(diagonal.Covariances, s => Assert.Equal([[(4 * 1 + 2 * 4) / 6.0 + 0.5, 0], [0, 4 * 9 / 6.0 + 0.5]], s));

        var spherical = ReferenceEm.Step(data, start with { CovarianceType = ReferenceCovariance.TiedSpherical }, 0.5);
        Assert.All(spherical.Covariances, s => Assert.Equal([[48 / 12.0 + 0.5, 0], [0, 48 / 12.0 + 0.5]], s));
    }

    [Fact]
    public void On_a_line_the_three_tied_types_are_the_same_bits()
    {
        var problem = Blobs.Build(seed: 3, n: 100, d: 1, k: 3, "tied");
        var options = new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 5 };
        var traces = new[] { ReferenceCovariance.Tied, ReferenceCovariance.TiedDiagonal, ReferenceCovariance.TiedSpherical }
            .Select(type => ReferenceEm.Fit(problem.Rows, problem.Mixture() with { CovarianceType = type }, options).LogLikelihoodTrace).ToArray();
        Assert.Equal(traces[0], traces[1]);
        Assert.Equal(traces[0], traces[2]);
    }

    [Fact]
    public void On_a_line_full_diagonal_and_spherical_are_the_same_bits()
    {
        var problem = Blobs.Build(seed: 3, n: 100, d: 1, k: 3);
        var options = new ReferenceOptions { Stop = ReferenceStop.FixedCount, MaxIterations = 5 };
        var traces = new[] { ReferenceCovariance.Full, ReferenceCovariance.Diagonal, ReferenceCovariance.Spherical }
            .Select(type => ReferenceEm.Fit(problem.Rows, problem.Mixture() with { CovarianceType = type }, options).LogLikelihoodTrace).ToArray();
        Assert.Equal(traces[0], traces[1]);
        Assert.Equal(traces[0], traces[2]);
    }

    [Fact]
    public void A_far_point_does_not_underflow()
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
    public void A_mean_of_1e8_costs_the_covariance_no_digits()
    {
        var data = Rectangle.Select(x => new[] { x[0] + 1e8, x[1] - 1e8 }).ToArray();
        var next = ReferenceEm.Step(data, new(ReferenceCovariance.Full, [1], [[1e8, -1e8]], [Identity]));
        Assert.Equal([[1, 0], [0, 4]], next.Covariances[0]);
    }

    [Theory]
    [InlineData(ReferenceCovariance.Full)]
    [InlineData(ReferenceCovariance.Diagonal)]
    [InlineData(ReferenceCovariance.Spherical)]
    public void An_empty_component_gets_weight_0_and_keeps_the_rest(ReferenceCovariance type)
    {
        var initial = new ReferenceMixture(type, [0.5, 0.5], [[1, 2], [1e4, 1e4]], [Identity, Identity]);
        var next = ReferenceEm.Step(Rectangle, initial, 0.25);

        Assert.Equal([1.0, 0.0], next.Weights);
        Assert.Equal(initial.Means[1], next.Means[1]);
        Assert.Equal(Identity, next.Covariances[1]);

        // Weight 0 is a valid parameter for the next iteration.
        Assert.Equal(next.Means, ReferenceEm.Step(Rectangle, next, 0.25).Means);
    }

    [Theory]
    [InlineData(ReferenceCovariance.Tied, 1, 4)]
    [InlineData(ReferenceCovariance.TiedDiagonal, 1, 4)]
    [InlineData(ReferenceCovariance.TiedSpherical, 2.5, 2.5)]
    public void An_empty_component_shares_the_tied_covariance(ReferenceCovariance type, double xx, double yy)
    {
        var initial = new ReferenceMixture(type, [0.5, 0.5], [[1, 2], [1e4, 1e4]], [Identity, Identity]);
        var next = ReferenceEm.Step(Rectangle, initial);
        Assert.Equal(next.Covariances[0], next.Covariances[1]);
        Assert.Equal([[xx, 0], [0, yy]], next.Covariances[1]);
    }

    [Fact]
    public void Inputs_are_not_modified_and_not_shared_with_the_result()
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
    public void Stop_rules_end_where_they_say()
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
    public void Responsibilities_sum_to_1_and_the_joint_density_is_their_source() => Blobs.Generator([.. Layout.AllCovarianceTypes]).Sample(problem =>
    {
        var mixture = problem.Mixture();
        var (responsibilities, logLikelihood) = ReferenceEm.EStep(problem.Rows, mixture);
        var logJoint = ReferenceEm.LogJoint(problem.Rows, mixture);
        Assert.All(responsibilities, row => Assert.Equal(1, row.Sum(), 1e-14));
        Assert.Equal(logJoint.Sum(ReferenceEm.LogSumExp), logLikelihood, 1e-12 * Math.Max(1, Math.Abs(logLikelihood)));
    }, iter: 200);

    [Fact]
    public void The_log_likelihood_never_falls_without_regularization() =>
        Gen.Select(Gen.OneOf(Layout.AllCovarianceTypes.ToArray()), Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, 10_000])
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
