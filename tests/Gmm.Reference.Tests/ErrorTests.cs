using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>What cannot be computed is refused, with the place and the value in the message.</summary>
public class ErrorTests
{
    private static readonly double[][] s_data = [[0, 0], [1, 0], [0, 1]];
    private static readonly ReferenceMixture s_valid = new(
        ReferenceCovariance.Full, [0.25, 0.75], [[0, 0], [1, 1]], [[[1, 0], [0, 1]], [[2, 0], [0, 2]]]);

    public static TheoryData<string, ReferenceMixture> InvalidMixtures => new()
    {
        { "at least one component", s_valid with { Weights = [], Means = [], Covariances = [] } },
        { "[-0.25, 1.25]", s_valid with { Weights = [-0.25, 1.25] } },
        { "[0.5, 0.75]", s_valid with { Weights = [0.5, 0.75] } },
        { "[NaN, 0.75]", s_valid with { Weights = [double.NaN, 0.75] } },
        { "1 means for 2 weights", s_valid with { Means = [[0, 0]] } },
        { "at least one coordinate", s_valid with { Means = [[], []] } },
        { "mean of component 1", s_valid with { Means = [[0, 0], [1]] } },
        { "mean of component 0", s_valid with { Means = [[0, double.PositiveInfinity], [1, 1]] } },
        { "1 covariances for 2 weights", s_valid with { Covariances = [[[1, 0], [0, 1]]] } },
        { "covariance of component 1", s_valid with { Covariances = [[[1, 0], [0, 1]], [[1, 0]]] } },
        { "covariance of component 1", s_valid with { Covariances = [[[1, 0], [0, 1]], [[1, 0], [0]]] } },
        { "covariance of component 0", s_valid with { Covariances = [[[double.NaN, 0], [0, 1]], [[1, 0], [0, 1]]] } },
    };

    [Theory]
    [MemberData(nameof(InvalidMixtures))]
    public void AnInvalidMixtureIsRefused(string message, ReferenceMixture mixture)
    {
        AssertArgument(message, () => ReferenceEm.EStep(s_data, mixture));
        AssertArgument(message, () => ReferenceEm.Fit(s_data, mixture, new ReferenceOptions()));
        AssertArgument(message, () => ReferenceSampling.Draw(1, mixture, 0));
    }

    [Fact]
    public void InvalidDataAreRefused()
    {
        AssertArgument("no rows", () => ReferenceEm.EStep([], s_valid));
        AssertArgument("Row 1", () => ReferenceEm.EStep([[0, 0], [1]], s_valid));
        AssertArgument("Row 2", () => ReferenceEm.EStep([[0, 0], [1, 1], [0, double.NaN]], s_valid));
    }

    [Fact]
    public void InvalidOptionsAreRefused()
    {
        AssertArgument("MaxIterations is 0", () => ReferenceEm.Fit(s_data, s_valid, new ReferenceOptions { MaxIterations = 0 }));
        AssertArgument("Regularization is -1", () => ReferenceEm.Step(s_data, s_valid, -1));
        AssertArgument("Regularization is NaN", () => ReferenceEm.Step(s_data, s_valid, double.NaN));
        AssertArgument("3 x 2", () => ReferenceEm.MStep(s_data, s_valid, [[1, 0]]));
        AssertArgument("3 x 2", () => ReferenceEm.MStep(s_data, s_valid, [[1], [1], [1]]));
        AssertArgument("99 is no covariance type", () => ReferenceEm.Step(s_data, s_valid with { CovarianceType = (ReferenceCovariance)99 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceSampling.Draw(-1, s_valid, 0));
    }

    [Theory]
    [InlineData("2 sample weights for 3 rows", 1.0, 1.0)]
    [InlineData("4 sample weights for 3 rows", 1.0, 1.0, 1.0, 1.0)]
    [InlineData("sample weight of row 1 is -0.5", 1.0, -0.5, 1.0)]
    [InlineData("sample weight of row 2 is NaN", 1.0, 1.0, double.NaN)]
    [InlineData("sample weight of row 0 is Infinity", double.PositiveInfinity, 1.0, 1.0)]
    [InlineData("Sample weights sum to 0", 0.0, 0.0, 0.0)]
    [InlineData("Sample weights sum to Infinity", 1e308, 1e308, 1e308)]
    public void InvalidSampleWeightsAreRefused(string message, params double[] sampleWeights)
    {
        AssertArgument(message, () => ReferenceEm.EStep(s_data, s_valid, sampleWeights));
        AssertArgument(message, () => ReferenceEm.MStep(s_data, s_valid, [[1, 0], [1, 0], [0, 1]], 0, sampleWeights));
        AssertArgument(message, () => ReferenceEm.Step(s_data, s_valid, 0, sampleWeights));
        AssertArgument(message, () => ReferenceEm.MeanLogLikelihood(s_data, s_valid, sampleWeights));
        AssertArgument(message, () => ReferenceEm.Fit(s_data, s_valid, new ReferenceOptions(), sampleWeights));
    }

    [Fact]
    public void APivotThatIsNotPositiveIsNamed()
    {
        var indefinite = s_valid with { Covariances = [[[1, 0], [0, 1]], [[1, 2], [2, 1]]] };
        var error = Assert.Throws<InvalidOperationException>(() => ReferenceEm.EStep(s_data, indefinite));
        Assert.Contains("component 1", error.Message);
        Assert.Contains("pivot 1 is -3", error.Message);
    }

    [Fact]
    public void ACollapseDuringAFitIsNamedAndRegularizationPreventsIt()
    {
        // Component 1 owns one point alone, so its covariance becomes 0.
        double[][] data = [[0], [1], [2], [1000]];
        var initial = new ReferenceMixture(ReferenceCovariance.Full, [0.5, 0.5], [[1], [1000]], [[[1]], [[1]]]);

        var error = Assert.Throws<InvalidOperationException>(() => ReferenceEm.Fit(data, initial, new ReferenceOptions()));
        Assert.Contains("component 1", error.Message);
        Assert.Contains("pivot 0 is 0", error.Message);

        var fit = ReferenceEm.Fit(data, initial, new ReferenceOptions { Regularization = 1e-6 });
        Assert.Equal(1e-6, fit.Mixture.Covariances[1][0][0]);
    }

    [Fact]
    public void ARowBeyondTheRangeOfDoubleIsNamed()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ReferenceEm.EStep([[0, 0], [1e200, 0]], s_valid));
        Assert.Contains("Row 1", error.Message);
    }

    private static void AssertArgument(string message, Action action) => Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message);
}
