using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the status of a fit, its reports, and that its model is the last good one.</summary>
public class FitStatusTests
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 3, n: 500, d: 3, k: 3, separation: 1.5);

    [Fact]
    public void TheIterationLimitIsAStatus()
    {
        var fit = s_problem.Fit(iterations: 4);
        Assert.Equal((FitStatus.MaxIterations, 4, 5, false), (fit.Status, fit.Iterations, fit.Trace.Length, fit.Converged));
        Assert.Null(fit.Failure);
        Assert.Equal(500, fit.Points);
    }

    [Fact]
    public void ConvergenceFollowsTheStopRuleToTheIteration()
    {
        var full = s_problem.Fit(iterations: 60).Trace.ToArray();
        foreach (var tolerance in (double[])[10, 1, 0.1, 1e-3])
        {
            var total = MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(60) with { Stop = StopRule.TotalRise(tolerance) });
            var expected = Enumerable.Range(1, 60).First(t => full[t] - full[t - 1] < tolerance);
            Assert.Equal((FitStatus.Converged, expected), (total.Status, total.Iterations));
            Measures.SameBits(full.AsSpan(0, expected + 1), total.Trace);

            var mean = MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(60) with { Stop = StopRule.MeanChange(tolerance / 500) });
            expected = Enumerable.Range(2, 59).First(t => Math.Abs(full[t - 1] / 500 - full[t - 2] / 500) < tolerance / 500);
            Assert.Equal((FitStatus.Converged, expected), (mean.Status, mean.Iterations));
        }
    }

    [Fact]
    public void NoIterationsReturnTheInitialModelAndOneValue()
    {
        var initial = s_problem.Model();
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(0) with { InitialModel = initial });
        Assert.Equal(FitStatus.MaxIterations, fit.Status);
        Measures.SameBits(initial, fit.Model);
        Assert.Equal(1, fit.Trace.Length);
        Assert.InRange(Measures.Relative(initial.TotalLogLikelihood(new Points(s_problem.Data, 3)), fit.Trace[0]), 0, 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void TheInitialModelIsNotChanged(int iterations)
    {
        var initial = s_problem.Model();
        MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(iterations) with { InitialModel = initial });
        Measures.SameBits(s_problem.Model(), initial);
        Assert.Equal(s_problem.Model().LogDensity([0, 0, 0]), initial.LogDensity([0, 0, 0]));
    }

    [Theory]
    [InlineData("full", 0.5, "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("tied", 0.5, "the shared covariance is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("tied-diag", 0.5, "the shared covariance is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("diag", 0.5, "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("full", 0.1, "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("tied", 0.1, "the shared covariance is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("tied-diag", 0.1, "the shared covariance is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("diag", -1e-5, "the covariance of component ")]
    public void AConstantColumnCollapsesAtOnceAndKeepsTheInitialModel(string type, double constant, string failure)
    {
        // What is left of a constant after centering is rounding, below (2^-52 |constant|)^2: no variance, of whatever sign.
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 2, type);
        for (var i = 0; i < 50; i++) problem.Data[2 * i + 1] = constant;
        var fit = problem.Fit(iterations: 5);
        Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
        Assert.StartsWith(failure, fit.Failure);
        Assert.EndsWith("; use Regularization > 0, a simpler covariance type or fewer components", fit.Failure);
        Measures.SameBits(problem.Model(), fit.Model);
        Assert.Equal(FitStatus.MaxIterations, problem.Fit(iterations: 5, regularization: 1e-6).Status);
    }

    [Theory]
    [InlineData("full", "the covariance of component 0 is not positive definite in iteration 1: pivot 1 is ")]
    [InlineData("tied", "the shared covariance is not positive definite in iteration 1: pivot 1 is ")]
    public void ACollapseInSpiteOfRegularizationAsksForMore(string type, string failure)
    {
        // Two equal columns of variance 2^54: beside that the regularization is less than rounding, and nothing else is rounded.
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 1, type);
        for (var i = 0; i < 100; i++) problem.Data[i] = double.ScaleB(i / 2 % 2 == 0 ? 1 : -1, 27);
        var fit = (problem with { Means = [0, 0] }).Fit(iterations: 5, regularization: 1e-6);
        Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
        Assert.StartsWith(failure, fit.Failure);
        Assert.EndsWith("; use a larger Regularization, a simpler covariance type or fewer components", fit.Failure);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void VariancesBeyondADoubleAskForAnotherUnit(string type)
    {
        var problem = Blobs.Build(seed: 4, n: 60, d: 2, k: 2, type);
        double[][] huge = [[1e300, 0], [0, 1e300]];
        problem = problem with { Data = Array.ConvertAll(problem.Data, x => 1e200 * x), Means = [0, 0, 1e150, 1e150], Covariances = Layout.Compact(type, [huge, huge]) };
        var fit = problem.Fit(iterations: 5, regularization: 1e-6);
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        Assert.EndsWith("its variances leave the range of a double; rescale the data", fit.Failure);
    }

    // In exact arithmetic both are singular. The rounding of the sums leaves a pivot of either sign, a few units in the last place of the variance.
    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(1, 3.7)]
    [InlineData(1, 1e8)]
    [InlineData(3, 1)]
    [InlineData(3, 1.0 / 3)]
    public void PointsOnALineCollapseWhateverTheirRoundingLeaves(double slope, double scale)
    {
        for (var n = 10; n < 200; n++)
        {
            var random = new Random(n);
            var data = Enumerable.Range(0, n).Select(_ => scale * random.Next(-1024, 1025)).SelectMany(t => (double[])[t, slope * t]).ToArray();
            var fit = new MixtureProblem(n, 2, 1, "full", data, [1], [0, 0], [scale * scale, 0, 0, scale * scale]).Fit(iterations: 5);
            Assert.True(fit.Status == FitStatus.Collapsed, $"{n} points: condition {fit.Components[0].ConditionNumber:R}");
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("diag")]
    [InlineData("spherical")]
    public void AComponentOnOnePointCollapsesLaterAndKeepsTheLastModel(string type)
    {
        // A tight group of ten equal points far from a cloud: its component's variance shrinks to 0 in the first or second iteration.
        var problem = Blobs.Build(seed: 4, n: 60, d: 2, k: 2, type, separation: 0);
        for (var i = 0; i < 20; i++) problem.Data[i] = 300;
        var start = problem with { Means = [0, 0, 290, 290], Covariances = Layout.Compact(type, [[[9, 0], [0, 9]], [[9, 0], [0, 9]]]) };
        var fit = start.Fit(iterations: 50);
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        Assert.Contains("component 1", fit.Failure);
        Assert.Equal(fit.Iterations + 1, fit.Trace.Length);
        Measures.SameBits(start.Fit(fit.Iterations).Model, fit.Model);
    }

    [Fact]
    public void ProgressReportsEveryValueOfTheTraceInOrder()
    {
        var reports = new Reports();
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(6) with { Progress = reports });
        Assert.Equal(Enumerable.Range(0, 7), reports.Select(r => r.Iteration));
        Measures.SameBits(fit.Trace, reports.Select(r => r.TotalLogLikelihood).ToArray());
        Assert.True(double.IsNaN(reports[0].Change));
        for (var t = 1; t < 7; t++)
        {
            Assert.Equal(fit.Trace[t] - fit.Trace[t - 1], reports[t].Change);
            Assert.True(reports[t].Elapsed >= reports[t - 1].Elapsed);
        }
        Assert.All(reports, r => Assert.Equal(0, r.Restart));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void CancellingMidFitGivesTheLastCompleteIteration(int at)
    {
        using var cancellation = new CancellationTokenSource();
        var reports = new Reports { OnReport = info => { if (info.Iteration == at) cancellation.Cancel(); } };
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(50) with { Progress = reports }, cancellation.Token);
        Assert.Equal((FitStatus.Cancelled, at), (fit.Status, fit.Iterations));
        Assert.Equal(at + 1, reports.Count);
        Measures.SameBits(s_problem.Fit(at).Model, fit.Model);
        Measures.SameBits(s_problem.Fit(at).Trace, fit.Trace);
    }

    [Fact]
    public void CancelledBeforeAnythingThrows()
    {
        var token = new CancellationToken(canceled: true);
        var options = new FitOptions { Components = 3 };
        Assert.Throws<OperationCanceledException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), options, token));
        Assert.Throws<OperationCanceledException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Start = StartMethod.RandomPoints }, token));
        Assert.Throws<OperationCanceledException>(() => MixtureFit.Fit(new Points(s_problem.Data, 3), s_problem.Options(), token));
    }

    [Fact]
    public void CancellingDuringALaterRestartKeepsTheBestSoFar()
    {
        using var cancellation = new CancellationTokenSource();
        var reports = new Reports { OnReport = info => { if (info is { Restart: 1, Iteration: 1 }) cancellation.Cancel(); } };
        var options = new FitOptions { Components = 3, Restarts = 5, Stop = StopRule.FixedCount, MaxIterations = 8 };
        var fit = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Progress = reports }, cancellation.Token);
        Assert.Equal(FitStatus.Cancelled, fit.Status);
        Assert.Equal(8, fit.Iterations);
        Measures.SameBits(MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Restarts = 1 }).Model, fit.Model);
        Assert.Equal(1, reports.Max(r => r.Restart));
    }

    [Theory]
    [InlineData(1e50, 2e50, 3e50)]
    [InlineData(1e50)]
    public void PointsOutOfReachOfTheInitialModelAreRefused(params double[] points)
    {
        var initial = new GaussianMixture(CovarianceType.Spherical, 1, [1], [0], [1e-300]);
        var options = new FitOptions { Components = 1, CovarianceType = CovarianceType.Spherical, InitialModel = initial };
        var refusal = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(points, 1), options));
        Assert.StartsWith("the log-likelihood of the initial parameters is out of range", refusal.Message);
    }

    [Fact]
    public void DiagnosticsTellCountsConditionAndRegularization()
    {
        var problem = Blobs.Build(seed: 9, n: 300, d: 3, k: 2, separation: 2);
        var fit = problem.Fit(3, regularization: 0.05);
        var responsibilities = Scores.Of(fit.Model, problem.Data).Responsibilities;
        for (var k = 0; k < 2; k++)
        {
            var sum = Enumerable.Range(0, 300).Sum(i => responsibilities[2 * i + k]);
            Assert.Equal(sum, fit.Components[k].EffectiveCount, 1e-10);
            var eigenvalues = CubicEigenvalues(fit.Model.Expand(k));
            Assert.Equal(eigenvalues.Max / eigenvalues.Min, fit.Components[k].ConditionNumber, 1e-9 * fit.Components[k].ConditionNumber);
            Assert.Equal(0.05 / eigenvalues.Min, fit.Components[k].RegularizationShare, 1e-10);
        }
        Assert.Equal(300, fit.Components.Sum(c => c.EffectiveCount), 1e-10);
        Assert.All(problem.Fit(0, regularization: 0.05).Components, c => Assert.Equal(0, c.RegularizationShare));

        // A constant column: all of the smallest eigenvalue is regularization.
        for (var i = 0; i < 300; i++) problem.Data[3 * i] = 7;
        Assert.All(problem.Fit(1, regularization: 1e-3).Components, c => Assert.Equal(1, c.RegularizationShare, 1e-6));
    }

    // Largest and smallest eigenvalue of a symmetric 3 x 3 matrix by the trigonometric formula of its characteristic polynomial.
    private static (double Min, double Max) CubicEigenvalues(double[] a)
    {
        var mean = (a[0] + a[4] + a[8]) / 3;
        double[] b = [a[0] - mean, a[1], a[2], a[3], a[4] - mean, a[5], a[6], a[7], a[8] - mean];
        var p = Math.Sqrt(b.Sum(x => x * x) / 6);
        var determinant = b[0] * (b[4] * b[8] - b[5] * b[7]) - b[1] * (b[3] * b[8] - b[5] * b[6]) + b[2] * (b[3] * b[7] - b[4] * b[6]);
        var angle = Math.Acos(Math.Clamp(determinant / (2 * p * p * p), -1, 1)) / 3;
        return (mean + 2 * p * Math.Cos(angle + 2 * Math.PI / 3), mean + 2 * p * Math.Cos(angle));
    }
}

/// <summary>Keeps the reports of a fit, in order, on the caller's thread.</summary>
internal sealed class Reports : List<IterationInfo>, IProgress<IterationInfo>
{
    public Action<IterationInfo>? OnReport { get; init; }

    public void Report(IterationInfo value)
    {
        Add(value);
        OnReport?.Invoke(value);
    }
}
