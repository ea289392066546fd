using Gmm.Fast.Families;
using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the floor of the variances relative to the data: the variances it raises, those it keeps, and its independence of units.</summary>
public class VarianceFloorTests
{
    public static TheoryData<string> Types() => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public void ComponentsAboveTheFloorAreLeftAlone(string type)
    {
        var problem = Blobs.Build(seed: 11, n: 300, d: 3, k: 2, type, separation: 1);
        var floored = MixtureFit.Fit(new Points(problem.Data, 3), problem.Options(5) with { VarianceFloor = 1e-6 });
        Measures.SameBits(problem.Fit(5), floored);
    }

    [Fact]
    public void OnceCanceledAMatrixStaysAsItIs()
    {
        // Below the floor in one direction, so that a floor without an end would raise it.
        const int D = 4;
        var matrix = new double[D * D];
        for (var i = 0; i < matrix.Length; i++) matrix[i] = i % (D + 1) == 0 ? 1 : 0.99;
        var floor = new VarianceFloor([0.1, 0.1, 0.1, 0.1]);
        double[] raised = [.. matrix], kept = [.. matrix];
        floor.RaiseMatrix(raised, MatrixTeam.Alone);
        Assert.NotEqual(matrix, raised);
        floor.RaiseMatrix(kept, new MatrixTeam(null, new CancellationToken(canceled: true)));
        Assert.Equal(matrix, kept);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void NoDirectionHasLessThanTheFractionAndTheLogLikelihoodRises(string type)
    {
        // A line in the plane, and half of the points on one spot: both would collapse.
        var random = new Random(2);
        double[] data = [.. Enumerable.Range(0, 100).SelectMany(i => i % 2 == 0 ? (double[])[5, 5] : [10 * random.NextDouble(), 3.5])];
        var sphere = (double[][])[[4, 0], [0, 4]];
        var problem = new MixtureProblem(100, 2, 2, type, data, [0.5, 0.5], [5, 5, 4, 3], Layout.Compact(type, [sphere, sphere]));
        if (type is "full" or "diag") Assert.Equal(FitStatus.Collapsed, problem.Fit(20).Status);

        const double Fraction = 0.01;
        var fit = MixtureFit.Fit(new Points(data, 2), problem.Options(20) with { VarianceFloor = Fraction });
        Assert.Equal(FitStatus.MaxIterations, fit.Status);
        Assert.Empty(fit.Recoveries);
        double[] variances = [Variance(data, 0), Variance(data, 1)];
        for (var k = 0; k < 2; k++)
        {
            var covariance = fit.Model.Expand(k);
            if (Layout.IsSpherical(type)) Assert.True(covariance[0] >= Fraction * (variances[0] + variances[1]) / 2 * (1 - 1e-12));
            else Assert.True(SmallestRatio(covariance, variances) >= Fraction * (1 - 1e-9));
        }
        if (type is "full" or "diag") Assert.Equal(Fraction, SmallestRatio(fit.Model.Expand(0), variances), 1e-9);
        for (var t = 2; t < fit.Trace.Length; t++) Assert.True(fit.Trace[t] >= fit.Trace[t - 1] - 1e-12 * Math.Abs(fit.Trace[t]));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("tied-diag")]
    public void UnitsDoNotMatter(string type)
    {
        var problem = Blobs.Build(seed: 12, n: 200, d: 2, k: 3, type, separation: 2, condition: 1e4);
        double[] units = [1024, 1.0 / 4096];
        double[] data = [.. problem.Data.Select((x, i) => x * units[i % 2])], means = [.. problem.Means.Select((x, i) => x * units[i % 2])];
        var covariances = Layout.Compact(type, [.. problem.ExpandedCovariances
            .Select(c => c.Select((row, i) => row.Select((x, j) => x * units[i] * units[j]).ToArray()).ToArray())]);
        var scaled = problem with { Data = data, Means = means, Covariances = covariances };
        var a = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(10) with { VarianceFloor = 0.2 });
        var b = MixtureFit.Fit(new Points(data, 2), scaled.Options(10) with { VarianceFloor = 0.2 });
        Assert.True(Distance.Of(a.Model, problem.Fit(10).Model).Largest > 1e-3);
        for (var k = 0; k < 3; k++)
        {
            double[] ca = a.Model.Expand(k), cb = b.Model.Expand(k);
            for (var i = 0; i < 4; i++) Assert.Equal(ca[i], cb[i] / units[i / 2] / units[i % 2], 1e-9 * Math.Max(ca[0], ca[3]));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void AStartOfItsOwnHasTheSameFloor(string type)
    {
        // Two tight groups: without a floor each gets the variance of its own points.
        double[] data = [.. Enumerable.Range(0, 80).SelectMany(i => (double[])[10 * (i % 2) + 0.1 * (i % 5), 40 * (i % 2) + 0.2 * (i % 7)])];
        const double Fraction = 0.05;
        var options = new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), Regularization = 0, VarianceFloor = Fraction };
        double[] variances = [Variance(data, 0), Variance(data, 1)];
        var fit = MixtureFit.Fit(new Points(data, 2), options);
        for (var k = 0; k < 2; k++)
        {
            var covariance = fit.Model.Expand(k);
            if (Layout.IsSpherical(type)) Assert.Equal(Fraction * (variances[0] + variances[1]) / 2, covariance[0], 1e-9 * covariance[0]);
            else Assert.Equal(Fraction, SmallestRatio(covariance, variances), 1e-9);
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("tied-diag")]
    public void AColumnWithoutVarianceHasNoFloorAndCollapsesAsItDoesWithoutOne(string type)
    {
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 2, type);
        for (var i = 0; i < 50; i++) problem.Data[2 * i + 1] = 0.5;
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), problem.Options(5) with { VarianceFloor = 0.01 });
        Assert.Equal((FitStatus.Collapsed, problem.Fit(5).Failure), (fit.Status, fit.Failure));
        Assert.Contains("pivot 1 is ", fit.Failure);
    }

    // The first M-step raises variances of the start, which lowers the log-likelihood: that is no end of EM.
    [Fact]
    public void AFloorThatBindsDoesNotEndEMAtOnce()
    {
        var problem = Blobs.Build(seed: 3, n: 300, d: 2, k: 3, separation: 3);
        var options = new FitOptions { Components = 3, VarianceFloor = 0.3, MaxIterations = 5000 };
        var total = MixtureFit.Fit(new Points(problem.Data, 2), options with { Stop = StopRule.TotalRise(1e-6) });
        var mean = MixtureFit.Fit(new Points(problem.Data, 2), options with { Stop = StopRule.MeanChange(1e-9) });
        Assert.True(total.Trace[1] < total.Trace[0] - 1);
        Assert.True(total.Converged);
        Assert.Equal(mean.TotalLogLikelihood, total.TotalLogLikelihood, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void VariancesOutOfRangeCollapseWithAFloorToo(string type)
    {
        var problem = Blobs.Build(seed: 3, n: 50, d: 2, k: 1, type);
        double[] data = Array.ConvertAll(problem.Data, x => 1e200 * x), covariances = Array.ConvertAll(problem.Covariances, c => c * 1e300);
        var far = problem with { Data = data, Covariances = covariances };
        var fit = MixtureFit.Fit(new Points(data, 2), far.Options(5) with { VarianceFloor = 0.01 });
        Assert.Equal((FitStatus.Collapsed, 0), (fit.Status, fit.Iterations));
        Measures.SameBits(far.Model(), fit.Model);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void AFractionOutsideItsRangeIsRefused(double fraction)
    {
        var options = new FitOptions { Components = 1, VarianceFloor = fraction };
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => MixtureFit.Fit(new Points([1.0, 2], 1), options));
        Assert.StartsWith("VarianceFloor is ", refusal.Message);
    }

    private static double Variance(double[] data, int column)
    {
        double[] x = [.. data.Where((_, i) => i % 2 == column)];
        return x.Sum(v => (v - x.Average()) * (v - x.Average())) / x.Length;
    }

    // Smallest eigenvalue of the 2 x 2 covariance in units of the data's variances.
    private static double SmallestRatio(double[] c, double[] variances)
    {
        double a = c[0] / variances[0], b = c[3] / variances[1], off = c[1] / Math.Sqrt(variances[0] * variances[1]);
        return (a + b) / 2 - Math.Sqrt((a - b) * (a - b) / 4 + off * off);
    }
}
