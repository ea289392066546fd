namespace Gmm.Fast.Tests.Selection;

/// <summary>Checks that wrong options of a selection are refused in words that say what is required.</summary>
public class SelectionOptionTests
{
    private static readonly double[,] s_points = { { 1, 2 }, { 2, 1 }, { 4, 3 }, { 5, 9 } };

    private static readonly FitOptions s_fit = new() { Components = 1 };

    public static TheoryData<string, string> Wrong => new()
    {
        { "no components", "Components is empty; at least one is required" },
        { "repeated components", "Components has 2 twice; different ones are required" },
        { "components of 0", "Components is 0; at least 1 is required" },
        { "no types", "CovarianceTypes is empty; at least one is required" },
        { "unknown type", "CovarianceTypes is 9; Full, Tied, Diagonal, Spherical, TiedDiagonal or TiedSpherical is required" },
        { "unknown criterion", "Criterion is 7; Bic, Aic, Icl or CrossValidation is required" },
        { "one fold", "Folds is 1; at least 2 is required" },
        { "five folds", "Folds is 5; at most 4, the number of points, is required" },
        { "no fit", "Fit is null; the options of the fits are required" },
        { "progress of a fit", "Fit.Progress is given; the progress of a selection is required, so null is required" },
        { "starts", "Fit.Starts is given; every candidate has its own start, so null is required" },
        { "iterations", "MaxIterations is -1; at least 0 is required" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WrongOptionsAreRefused(string what, string message)
    {
        var options = new SelectionOptions { Components = [1, 2], CovarianceTypes = [CovarianceType.Full] };
        options = what switch
        {
            "no components" => options with { Components = [] },
            "repeated components" => options with { Components = [1, 2, 2] },
            "components of 0" => options with { Components = [1, 0] },
            "no types" => options with { CovarianceTypes = [] },
            "unknown type" => options with { CovarianceTypes = [(CovarianceType)9] },
            "unknown criterion" => options with { Criterion = (SelectionCriterion)7 },
            "one fold" => options with { Criterion = SelectionCriterion.CrossValidation, Folds = 1 },
            "five folds" => options with { Criterion = SelectionCriterion.CrossValidation },
            "no fit" => options with { Fit = null! },
            "progress of a fit" => options with { Fit = s_fit with { Progress = new Progress<IterationInfo>() } },
            "starts" => options with { Fit = s_fit with { Starts = _ => null! } },
            "iterations" => options with { Fit = s_fit with { MaxIterations = -1 } },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "there is no such case"),
        };
        var e = Assert.ThrowsAny<ArgumentException>(() => ModelSelection.Run(s_points, options));
        Assert.StartsWith(message, e.Message);
    }

    [Theory]
    [InlineData(8, 8, 1000, 8)]
    [InlineData(8, 3, 1000, 3)]
    [InlineData(8, 8, 8, 5)]
    [InlineData(8, 8, 3, 1)]
    [InlineData(8, 8, 0, 1)]
    public void AsManyFitsRunTogetherAsTheMemoryHolds(int threads, int most, double available, int expected)
    {
        // Of the fits one takes 4, the others 1 each.
        var workers = FitGrid<double>.SideBySide(threads, most, each =>
        {
            Assert.InRange(each, 1, threads);
            return [1, 1, 1, 4, 1, 1, 1, 1];
        }, available);
        Assert.Equal(expected, workers);
    }
}
