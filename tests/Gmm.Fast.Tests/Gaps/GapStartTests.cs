using Gmm.TestKit;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Checks where fits of points with gaps begin.</summary>
public class GapStartTests
{
    [Theory]
    [InlineData(CovarianceType.Full)]
    [InlineData(CovarianceType.Diagonal)]
    public void AClusterThatLacksAColumnIsFound(CovarianceType type)
    {
        // Filled in by means, the column would have a single value in that cluster, which no start may have.
        for (var seed = 1; seed <= 8; seed++)
        {
            var problem = Blobs.Build(seed, n: 400, d: 3, k: 2, separation: 10);
            var data = problem.Data.ToArray();
            var options = new FitOptions
            {
                Components = 2,
                CovarianceType = type,
                MissingValues = MissingValues.Marginalize,
                Stop = StopRule.MeanChange(1e-8),
                MaxIterations = 5000,
            };
            var labels = new int[400];
            problem.Model().Labels(new Points(data, 3), labels);
            for (var i = 0; i < 400; i++)
            {
                if (labels[i] == 0) data[3 * i] = double.NaN;
            }
            var points = new Points(data, 3);
            var fit = MixtureFit.Fit(points, options);
            var best = MixtureFit.Fit(points, options with { Start = StartMethod.RandomPoints, Restarts = 20 });
            Assert.InRange(fit.TotalLogLikelihood, best.TotalLogLikelihood - 1, double.PositiveInfinity);
            Assert.DoesNotContain(fit.Warnings, warning => warning.Kind == FitWarningKind.HeldByRegularization);
        }
    }

    [Fact]
    public void WhereMuchIsMissingTheDefaultStartEndsNoLowerThanKMeans()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var problem = Blobs.Build(seed, n: 400, d: 3, k: 3, separation: 4).WithGaps(0.5);
            var options = new FitOptions { Components = 3, MissingValues = MissingValues.Marginalize, Stop = StopRule.MeanChange(1e-7), MaxIterations = 3000 };
            var (fit, other) = (
                MixtureFit.Fit(new Points(problem.Data, 3), options), MixtureFit.Fit(new Points(problem.Data, 3), options with { Start = StartMethod.KMeansPlusPlus }));
            Assert.InRange(fit.TotalLogLikelihood, other.TotalLogLikelihood - 1, double.PositiveInfinity);
        }
    }
}
