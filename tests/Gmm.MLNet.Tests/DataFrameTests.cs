using Gmm.Fast;
using Microsoft.Data.Analysis;

namespace Gmm.MLNet.Tests;

public class DataFrameTests
{
    private static readonly DataFrame s_frame = new(
        new DoubleDataFrameColumn("a", [1.5, null, 3]), new Int32DataFrameColumn("b", [4, 5, 6]), new SingleDataFrameColumn("c", [7, 8, 9]),
        new StringDataFrameColumn("d", ["x", "y", "z"]));

    [Fact]
    public void ColumnsOfAnyNumbersBecomePoints()
    {
        Assert.Equal(new double[,] { { 7, 1.5 }, { 8, double.NaN }, { 9, 3 } }, s_frame.ToPoints("c", "a"));
        var fit = MixtureFit.Fit(s_frame.ToPoints("b", "c"), new FitOptions { Components = 1, CovarianceType = CovarianceType.Spherical },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([5, 8], fit.Model.Means);
    }

    [Theory]
    [InlineData("e", "there is no column e; the columns are a, b, c, d")]
    [InlineData("d", "column d holds String; numbers are required")]
    public void OtherColumnsAreRefused(string column, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => s_frame.ToPoints("a", column)).Message.Split(" (Parameter")[0]);

    [Fact]
    public void AllColumnsAreTakenUnlessSomeAreNamed()
    {
        var numbers = new DataFrame(s_frame.Columns.Take(3));
        Assert.Equal(new double[,] { { 1.5, 4, 7 }, { double.NaN, 5, 8 }, { 3, 6, 9 } }, numbers.ToPoints());
        Assert.StartsWith("column d holds String; numbers are required", Assert.Throws<ArgumentException>(() => s_frame.ToPoints()).Message);
    }
}
