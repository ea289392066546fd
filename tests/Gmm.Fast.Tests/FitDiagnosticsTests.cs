using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks diagnostics of matrices that are nearly as ill conditioned as doubles allow.</summary>
public class FitDiagnosticsTests
{
    public static TheoryData<double, double, double> Scales => new()
    {
        { 1e6, 1, 1e-4 }, { 1e-4, 1, 1e6 }, { 1, 1e6, 1e-4 }, { 1e8, 1e-3, 1e8 }, { 1, 1e-8, 1e8 }, { 1e7, 1e7, 1e-5 },
    };

    [Theory]
    [MemberData(nameof(Scales))]
    public void ColumnsOfVeryDifferentUnitsHaveAShareOfRegularizationBetweenZeroAndOne(double a, double b, double c)
    {
        // Correlated columns in three units: the smallest eigenvalue is at least the regularization, so its share is at most 1.
        double[] scale = [a, b, c];
        var problem = Blobs.Build(seed: 5, n: 200, d: 3, k: 1, condition: 10);
        for (var i = 0; i < problem.Data.Length; i++) problem.Data[i] *= scale[i % 3];
        foreach (var regularization in (double[])[0, 1e-6])
        {
            var options = new FitOptions { Components = 1, Regularization = regularization, Stop = StopRule.FixedCount, MaxIterations = 3 };
            var fit = MixtureFit.Fit(new Points(problem.Data, 3), options);
            var share = fit.Components[0].RegularizationShare;

            // The smallest eigenvalue is at most the smallest variance, here at most 10 squared units, plus regularization.
            Assert.InRange(share, regularization / (10 * scale.Min() * scale.Min() + regularization), regularization == 0 ? 0 : 1);
            Assert.True(fit.Components[0].ConditionNumber > 1e12);
            using var stream = new MemoryStream();
            fit.Save(stream);
        }
    }

    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("tied-diag")]
    public void AConditionBeyondADoubleIsInfiniteAndComesBack(string type)
    {
        // Variances of 1e300 and 1e-300; beside the larger, the smaller is 0.
        var problem = Blobs.Build(seed: 5, n: 200, d: 2, k: 1, type);
        for (var i = 0; i < problem.Data.Length; i++) problem.Data[i] *= i % 2 == 0 ? 1e150 : 1e-150;
        foreach (var regularization in (double[])[0, 1e-305])
        {
            var options = new FitOptions { Components = 1, CovarianceType = Adapters.Type(type), Regularization = regularization };
            var fit = MixtureFit.Fit(new Points(problem.Data, 2), options);
            Assert.Equal((FitStatus.Converged, double.PositiveInfinity), (fit.Status, fit.Components[0].ConditionNumber));
            using var stream = new MemoryStream();
            fit.Save(stream);
            stream.Position = 0;
            Assert.Equal(fit.Components, FitResult.Load(stream)!.Components);
        }
    }
}
