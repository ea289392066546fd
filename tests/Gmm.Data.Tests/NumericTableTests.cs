namespace Gmm.Data.Tests;

public class NumericTableTests
{
    [Fact]
    public void SizesFollowFromTheArguments()
    {
        double[] values = [1, 2, 3, 4, 5, 6];
        var table = new NumericTable(values, 3, ["a", "b", "c"]);
        Assert.Equal((2, 3), (table.Rows, table.Columns));
        Assert.Same(values, table.Values);
        Assert.Equal(0, new NumericTable([], 3).Rows);
    }

    [Fact]
    public void SizesMustFit()
    {
        Assert.Equal("values has 5 numbers; a multiple of 3 (columns) is required. (Parameter 'values')",
            Assert.Throws<ArgumentException>(() => new NumericTable(new double[5], 3)).Message);
        Assert.Equal("columnNames has 2 names; 3 (columns) are required. (Parameter 'columnNames')",
            Assert.Throws<ArgumentException>(() => new NumericTable(new double[6], 3, ["a", "b"])).Message);
        Assert.Throws<ArgumentException>(() => new NumericTable(new double[6], 2, ["a", null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumericTable(new double[6], 0));
        Assert.Throws<ArgumentNullException>(() => new NumericTable(null!, 1));
    }
}
