using Gmm.Fast.Linalg;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks fits of many columns: no matrix where the family has none, factors in blocks, estimates after the fit, cancellation.</summary>
public class WideDataTests
{
    [Theory]
    [InlineData(CovarianceType.Diagonal)]
    [InlineData(CovarianceType.Spherical)]
    [InlineData(CovarianceType.TiedDiagonal)]
    [InlineData(CovarianceType.TiedSpherical)]
    public void ManyColumnsFitWithoutAMatrix(CovarianceType type)
    {
        // A matrix of 50,000 columns would not fit; of 10,000 it would take most of the time.
        const int N = 20;
        var d = SlowTests.AreOn ? 50_000 : 10_000;
        var rows = Rows(N, d);
        var fit = MixtureFit.Fit(new Points(rows, d), new FitOptions { Components = 2, CovarianceType = type });
        Assert.True(fit.Converged);
        Assert.All(fit.Components, component => Assert.Equal(N / 2, component.EffectiveCount, 1e-9));
        Assert.Equal(fit.Model.Variance(1, d - 1), fit.Model.Covariance(1, d - 1, d - 1));
        Assert.Equal(0, fit.Model.Covariance(1, d - 1, 3));

        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        var model = GaussianMixture.Load(stream);
        var labels = new int[N];
        model.Labels(new Points(rows, d), labels);
        Assert.Equal(2, labels.Distinct().Count());
        Assert.Equal(fit.TotalLogLikelihood, model.TotalLogLikelihood(new Points(rows, d)), 1e-6 * Math.Abs(fit.TotalLogLikelihood));
        var drawn = new double[2 * d];
        model.Sample(1, drawn);
        Assert.All(drawn, x => Assert.True(double.IsFinite(x)));
        Assert.Equal(2, model.Marginal([d - 1, 0]).Dimension);
    }

    [Theory]
    [InlineData(CovarianceType.Full, 1)]
    [InlineData(CovarianceType.Full, 3)]
    [InlineData(CovarianceType.Tied, 2)]
    public void ALargeFitHasTheBitsOfOneThread(CovarianceType type, int components)
    {
        const int N = 500, D = 203;
        var rows = Rows(N, D);
        var options = new FitOptions { Components = components, CovarianceType = type, MaxIterations = 3, Stop = StopRule.FixedCount, Regularization = 1e-2 };
        var one = MixtureFit.Fit(new Points(rows, D), options with { MaxDegreeOfParallelism = 1 });
        var two = MixtureFit.Fit(new Points(rows, D), options with { MaxDegreeOfParallelism = 2 });
        Measures.SameBits(one.Model.Covariances.ToArray(), two.Model.Covariances.ToArray());
        Measures.SameBits(one.Trace.ToArray(), two.Trace.ToArray());
        Assert.Equal(one.Components, two.Components);
        for (var i = 1; i < one.Trace.Length; i++) Assert.True(one.Trace[i] >= one.Trace[i - 1] - 1e-6 * Math.Abs(one.Trace[i]));
    }

    [Fact]
    public void ConditionNumbersOfManyDimensionsAreEstimatesFromBelow()
    {
        const int N = 1_000, D = 180;
        const double Added = 1e-6;
        var options = new FitOptions { Components = 2, MaxIterations = 2, Stop = StopRule.FixedCount, Regularization = Added };
        var fit = MixtureFit.Fit(new Points(Rows(N, D), D), options);
        for (var k = 0; k < 2; k++)
        {
            var (smallest, largest) = SymmetricEigenvalues.ExtremesOfPositiveDefinite(fit.Model.Covariances.Slice(k * D * D, D * D), D);
            Assert.InRange(fit.Components[k].ConditionNumber, 0.95 * largest / smallest, 1.000001 * largest / smallest);
            Assert.InRange(fit.Components[k].RegularizationShare, 0.95 * Added / smallest, 1.000001 * Added / smallest);
        }
    }

    [Fact]
    public void TheShareOfRelativeRegularizationIsThatInTheDirectionWhereItIsLargest()
    {
        const int N = 1_000, D = 180;
        const double Fraction = 1e-3;
        var rows = Rows(N, D);
        for (var i = 0; i < rows.Length; i++) rows[i] *= i % D + 1;
        var options = new FitOptions
        {
            Components = 2,
            MaxIterations = 2,
            Stop = StopRule.FixedCount,
            Regularization = Regularization.Relative(Fraction),
        };
        var fit = MixtureFit.Fit(new Points(rows, D), options);
        var roots = new double[D];
        for (var j = 0; j < D; j++)
        {
            var column = Enumerable.Range(0, N).Select(i => rows[i * D + j]).ToArray();
            var mean = column.Average();
            roots[j] = Math.Sqrt(Fraction * column.Average(x => (x - mean) * (x - mean)));
        }
        for (var k = 0; k < 2; k++)
        {
            var scaled = fit.Model.Covariances.Slice(k * D * D, D * D).ToArray();
            for (var i = 0; i < scaled.Length; i++) scaled[i] /= roots[i / D] * roots[i % D];
            var share = 1 / SymmetricEigenvalues.ExtremesOfPositiveDefinite(scaled, D).Smallest;
            Assert.InRange(fit.Components[k].RegularizationShare, 0.95 * share, 1.000001 * share);
        }
    }

    [Fact]
    public void ACanceledMStepEndsTheFitWithTheModelBefore()
    {
        const int N = 600, D = 400;
        using var source = new CancellationTokenSource();
        var options = new FitOptions { Components = 2, MaxIterations = 50, Stop = StopRule.FixedCount, Progress = new CancelAt(source, 2) };
        var fit = MixtureFit.Fit(new Points(Rows(N, D), D), options, source.Token);
        Assert.Equal((FitStatus.Cancelled, 2), (fit.Status, fit.Iterations));
        Assert.All(fit.Model.Covariances.ToArray(), x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void CovariancesAreThoseOfTheMatrix()
    {
        var model = new GaussianMixture(CovarianceType.Tied, 2, [0.5, 0.5], [0, 0, 1, 1], [2, 0.5, 0.5, 3]);
        Assert.Equal((2, 0.5, 0.5, 3), (model.Covariance(0, 0, 0), model.Covariance(1, 0, 1), model.Covariance(0, 1, 0), model.Covariance(1, 1, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Covariance(2, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Covariance(0, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Covariance(0, 0, -1));
    }

    // Two clouds, a standard deviation apart in every column.
    private static double[] Rows(int points, int dimension)
    {
        var rows = new double[points * dimension];
        var random = new Random(5);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) + (i / dimension < points / 2 ? 0 : 1);
        return rows;
    }

    private sealed class CancelAt(CancellationTokenSource source, int iteration) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            if (value.Iteration == iteration) source.Cancel();
        }
    }
}
