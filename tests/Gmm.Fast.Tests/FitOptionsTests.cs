using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the options that a fit refuses, and the messages.</summary>
public class FitOptionsTests
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 1, n: 20, d: 2, k: 2);
    private static readonly FitOptions s_plain = new() { Components = 2 };

    public static TheoryData<string, string> Refusals => new()
    {
        { "components", "Components is 0; at least 1 is required" },
        { "restarts", "Restarts is 0; at least 1 is required" },
        { "iterations", "MaxIterations is -1; at least 0 is required" },
        { "regularization", "Regularization is -1E-06; a finite number of at least 0 is required" },
        { "regularization NaN", "Regularization is NaN; a finite number of at least 0 is required" },
        { "regularization infinite", "Regularization is Infinity; a finite number of at least 0 is required" },
        { "floor", "VarianceFloor is 1; a fraction of at least 0 and below 1 is required" },
        { "floor NaN", "VarianceFloor is NaN; a fraction of at least 0 and below 1 is required" },
        { "collapse", "OnCollapse is 9; Fail, Keep, Reseed or Drop is required" },
        { "threads 0", "MaxDegreeOfParallelism is 0; at least 1, or -1 for all processors, is required" },
        { "threads -2", "MaxDegreeOfParallelism is -2; at least 1, or -1 for all processors, is required" },
        { "type", "CovarianceType is 7; Full, Tied, Diagonal, Spherical, TiedDiagonal or TiedSpherical is required" },
        { "start", "Start is 5; SmallEm, KMeansPlusPlus or RandomPoints is required" },
        { "names", "ColumnNames has 3 names; the data have 2 columns" },
        { "null name", "ColumnNames[1] is null; a name is required" },
        { "too many components", "Components is 21; the data have 20 points, and each component needs one to start from" },
        { "initial components", "InitialModel has 2 components, Full covariances and 2 dimensions; 3, Full and 2 are required" },
        { "initial type", "InitialModel has 2 components, Full covariances and 2 dimensions; 2, Tied and 2 are required" },
        { "initial restarts", "Restarts is 2; with an InitialModel every start would be the same, so 1 is required" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void OptionsThatCannotBeUsedAreRefusedWithTheReason(string what, string message)
    {
        var initial = s_problem.Options();
        var options = what switch
        {
            "components" => s_plain with { Components = 0 },
            "restarts" => s_plain with { Restarts = 0 },
            "iterations" => s_plain with { MaxIterations = -1 },
            "regularization" => s_plain with { Regularization = -1e-6 },
            "regularization NaN" => s_plain with { Regularization = double.NaN },
            "regularization infinite" => s_plain with { Regularization = double.PositiveInfinity },
            "floor" => s_plain with { VarianceFloor = 1 },
            "floor NaN" => s_plain with { VarianceFloor = double.NaN },
            "collapse" => s_plain with { OnCollapse = (CollapsePolicy)9 },
            "threads 0" => s_plain with { MaxDegreeOfParallelism = 0 },
            "threads -2" => s_plain with { MaxDegreeOfParallelism = -2 },
            "type" => s_plain with { CovarianceType = (CovarianceType)7 },
            "start" => s_plain with { Start = (StartMethod)5 },
            "names" => s_plain with { ColumnNames = ["a", "b", "c"] },
            "null name" => s_plain with { ColumnNames = ["a", null!] },
            "too many components" => s_plain with { Components = 21 },
            "initial components" => initial with { Components = 3 },
            "initial type" => initial with { CovarianceType = CovarianceType.Tied },
            _ => initial with { Restarts = 2 },
        };
        Refused(message, () => MixtureFit.Fit(new Points(s_problem.Data, 2), options));
    }

    [Fact]
    public void AnInitialModelOfAnotherDimensionIsRefused() => Refused(
        "InitialModel has 2 components, Full covariances and 2 dimensions; 2, Full and 4 are required",
        () => MixtureFit.Fit(new Points(s_problem.Data, 4), s_problem.Options()));

    [Theory]
    [InlineData(0, 0, double.NaN, "rows[0, 0] is NaN; finite values are required")]
    [InlineData(19, 1, double.PositiveInfinity, "rows[19, 1] is Infinity; finite values are required")]
    [InlineData(7, 1, double.NegativeInfinity, "rows[7, 1] is -Infinity; finite values are required")]
    public void NumbersThatAreNotFiniteAreRefusedWithTheirPlace(int row, int column, double value, string message)
    {
        double[] data = [.. s_problem.Data];
        data[2 * row + column] = value;
        Refused(message, () => MixtureFit.Fit(new Points(data, 2), s_plain));
    }

    [Fact]
    public void ANaNInALaterBlockIsFoundToo()
    {
        var data = new double[3 * 50_000];
        for (var i = 0; i < data.Length; i++) data[i] = i % 17;
        data[3 * 43_210 + 2] = double.NaN;
        Refused("rows[43210, 2] is NaN; finite values are required", () => MixtureFit.Fit(new Points(data, 3), s_plain));
    }

    [Fact]
    public void NoRowsAreRefused()
    {
        Refused("rows is 0 x 0; at least one point of one dimension is required", () => MixtureFit.Fit(new Points(new double[0], 3), s_plain));
        Refused("rows has 20 values; a multiple of 3, the dimension, is required", () => MixtureFit.Fit(new Points(new double[20], 3), s_plain));
        Refused("dimension is 0; at least 1 is required", () => MixtureFit.Fit(new Points(new double[20], 0), s_plain));
        Assert.Throws<ArgumentNullException>(() => MixtureFit.Fit((PointSource<double>)null!, s_plain));
        Assert.Throws<ArgumentNullException>(() => MixtureFit.Fit(new Points(s_problem.Data, 2), null!));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void StopRulesNeedAFiniteTolerance(double tolerance)
    {
        var message = FormattableString.Invariant($"tolerance is {tolerance}; a finite number of at least 0 is required");
        Refused(message, () => StopRule.MeanChange(tolerance));
        Refused(message, () => StopRule.TotalRise(tolerance));
        Refused(message, () => StopRule.Statistical(tolerance));
    }

    private static void Refused(string message, Action action) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(action).Message);
}
