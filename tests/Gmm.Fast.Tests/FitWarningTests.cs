using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the warnings of a fit.</summary>
public class FitWarningTests
{
    [Fact]
    public void AGoodFitHasNone()
    {
        var problem = Blobs.Build(seed: 5, n: 300, d: 2, k: 2);
        Assert.Empty(problem.Fit(20).Warnings);
    }

    [Theory]
    [InlineData("full", 1e7, true)]
    [InlineData("full", 1e5, false)]
    [InlineData("tied", 1e7, true)]
    [InlineData("tied-diag", 1e7, true)]
    public void ConditionNumbersBeyondTwelveDigitsAreSaid(string type, double scale, bool said)
    {
        var problem = Blobs.Build(seed: 5, n: 200, d: 2, k: 2, type, condition: 1);
        for (var i = 0; i < problem.Data.Length; i += 2) problem.Data[i] *= scale;
        for (var i = 0; i < problem.Means.Length; i += 2) problem.Means[i] *= scale;
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), new FitOptions { Components = 2, CovarianceType = Adapters.Type(type), Regularization = 0 });
        Assert.Equal(said, fit.Components.All(component => component.ConditionNumber > 1e12));
        if (!said)
        {
            Assert.Empty(fit.Warnings);
            return;
        }
        Assert.All(fit.Warnings, warning => Assert.Equal(FitWarningKind.IllConditioned, warning.Kind));
        Assert.Equal(Layout.IsShared(type) ? [null] : new int?[] { 0, 1 }, fit.Warnings.Select(warning => warning.Component));
        var name = Layout.IsShared(type) ? "the shared covariance" : "the covariance of component 0";
        Assert.Matches(
            $@"^{name} has the condition number \d\.?\d*e\+\d+; beyond 1e12 its density has few "
            + "correct digits: columns that repeat each other, or a component on a line or plane, do this$", fit.Warnings[0].Message);

        using var stream = new MemoryStream();
        fit.Save(stream);
        stream.Position = 0;
        Assert.Equal(fit.Warnings, FitResult.Load(stream)!.Warnings);
    }

    [Fact]
    public void AComponentWithoutPointsAndOneOnRepeatedPointsAreNamed()
    {
        var start = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.25, 0.25], [0, 5, 1e6], [1, 1e-3, 1]);
        double[] data = [-1, 1, 0.5, -0.5, 5, 5, 5];
        var fit = MixtureFit.Fit(new Points(data, 1), new FitOptions { Components = 3, CovarianceType = CovarianceType.Spherical, InitialModel = start });
        Assert.Equal(
            [
                new FitWarning(FitWarningKind.Recovered, 2, "component 2 has lost all its points in iteration 1: it keeps the mean and covariance it had before"),
                new FitWarning(FitWarningKind.HeldByRegularization, 1, "the covariance of component 1 would have collapsed: 100.0 % of its smallest variance is the "
                    + "regularization 1E-06; such a component often sits on repeated or nearly equal points"),
                new FitWarning(FitWarningKind.NoPoints, 2, "component 2 has lost its points: its effective count is 0; it describes nothing in these data"),
            ],
            fit.Warnings);
    }
}
