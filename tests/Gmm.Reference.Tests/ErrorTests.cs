using Xunit;

namespace Gmm.Reference.Tests;

/// <summary>What cannot be computed is refused, with the place and the value in the message.</summary>
public class ErrorTests
{
    private static readonly double[][] Data = [[0, 0], [1, 0], [0, 1]];
    private static readonly ReferenceMixture Valid = new(
        ReferenceCovariance.Full, [0.25, 0.75], [[0, 0], [1, 1]], [[[1, 0], [0, 1]], [[2, 0], [0, 2]]]);

    public static TheoryData<string, ReferenceMixture> InvalidMixtures => new()
    {
        { "at least one component", Valid with { Weights = [], Means = [], Covariances = [] } },
        { "[-0.25, 1.25]", Valid with { Weights = [-0.25, 1.25] } },
        { "[0.5, 0.75]", Valid with { Weights = [0.5, 0.75] } },
        { "[NaN, 0.75]", Valid with { Weights = [double.NaN, 0.75] } },
        { "1 means for 2 weights", Valid with { Means = [[0, 0]] } },
        { "at least one coordinate", Valid with { Means = [[], []] } },
        { "mean of component 1", Valid with { Means = [[0, 0], [1]] } },
        { "mean of component 0", Valid with { Means = [[0, double.PositiveInfinity], [1, 1]] } },
        { "1 covariances for 2 weights", Valid with { Covariances = [[[1, 0], [0, 1]]] } },
        { "covariance of component 1", Valid with { Covariances = [[[1, 0], [0, 1]], [[1, 0]]] } },
        { "covariance of component 1", Valid with { Covariances = [[[1, 0], [0, 1]], [[1, 0], [0]]] } },
        { "covariance of component 0", Valid with { Covariances = [[[double.NaN, 0], [0, 1]], [[1, 0], [0, 1]]] } },
    };

    [Theory]
    [MemberData(nameof(InvalidMixtures))]
    public void An_invalid_mixture_is_refused(string message, ReferenceMixture mixture)
    {
        AssertArgument(message, () => ReferenceEm.EStep(Data, mixture));
        AssertArgument(message, () => ReferenceEm.Fit(Data, mixture, new ReferenceOptions()));
        AssertArgument(message, () => ReferenceSampling.Draw(1, mixture, 0));
    }

    [Fact]
    public void Invalid_data_are_refused()
    {
        AssertArgument("no rows", () => ReferenceEm.EStep([], Valid));
        AssertArgument("Row 1", () => ReferenceEm.EStep([[0, 0], [1]], Valid));
        AssertArgument("Row 2", () => ReferenceEm.EStep([[0, 0], [1, 1], [0, double.NaN]], Valid));
    }

    [Fact]
    public void Invalid_options_are_refused()
    {
        AssertArgument("MaxIterations is 0", () => ReferenceEm.Fit(Data, Valid, new ReferenceOptions { MaxIterations = 0 }));
        AssertArgument("Regularization is -1", () => ReferenceEm.Step(Data, Valid, -1));
        AssertArgument("Regularization is NaN", () => ReferenceEm.Step(Data, Valid, double.NaN));
        AssertArgument("3 x 2", () => ReferenceEm.MStep(Data, Valid, [[1, 0]]));
        AssertArgument("3 x 2", () => ReferenceEm.MStep(Data, Valid, [[1], [1], [1]]));
        AssertArgument("99 is no covariance type", () => ReferenceEm.Step(Data, Valid with { CovarianceType = (ReferenceCovariance)99 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceSampling.Draw(-1, Valid, 0));
    }

    [Theory]
    [InlineData("2 sample weights for 3 rows", 1.0, 1.0)]
    [InlineData("4 sample weights for 3 rows", 1.0, 1.0, 1.0, 1.0)]
    [InlineData("sample weight of row 1 is -0.5", 1.0, -0.5, 1.0)]
    [InlineData("sample weight of row 2 is NaN", 1.0, 1.0, double.NaN)]
    [InlineData("sample weight of row 0 is Infinity", double.PositiveInfinity, 1.0, 1.0)]
    [InlineData("Sample weights sum to 0", 0.0, 0.0, 0.0)]
    [InlineData("Sample weights sum to Infinity", 1e308, 1e308, 1e308)]
    public void Invalid_sample_weights_are_refused(string message, params double[] sampleWeights)
    {
        AssertArgument(message, () => ReferenceEm.EStep(Data, Valid, sampleWeights));
        AssertArgument(message, () => ReferenceEm.MStep(Data, Valid, [[1, 0], [1, 0], [0, 1]], 0, sampleWeights));
        AssertArgument(message, () => ReferenceEm.Step(Data, Valid, 0, sampleWeights));
        AssertArgument(message, () => ReferenceEm.MeanLogLikelihood(Data, Valid, sampleWeights));
        AssertArgument(message, () => ReferenceEm.Fit(Data, Valid, new ReferenceOptions(), sampleWeights));
    }

    [Fact]
    public void A_pivot_that_is_not_positive_is_named()
    {
        var indefinite = Valid with { Covariances = [[[1, 0], [0, 1]], [[1, 2], [2, 1]]] };
        var error = Assert.Throws<InvalidOperationException>(() => ReferenceEm.EStep(Data, indefinite));
        Assert.Contains("component 1", error.Message);
        Assert.Contains("pivot 1 is -3", error.Message);
    }

    [Fact]
    public void A_collapse_during_a_fit_is_named_and_regularization_prevents_it()
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
    public void A_row_beyond_the_range_of_double_is_named()
    {
        var error = Assert.Throws<InvalidOperationException>(() => ReferenceEm.EStep([[0, 0], [1e200, 0]], Valid));
        Assert.Contains("Row 1", error.Message);
    }

    private static void AssertArgument(string message, Action action) => Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message);
}
