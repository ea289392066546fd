using System.Text;

namespace Gmm.Data.Tests;

public class RowWeightsTests
{
    [Fact]
    public void TheWeightsAreNoneOfTheColumns()
    {
        var table = Read("a,w,b\n1,0.5,3\n4,2,6\n", "w");
        Assert.Equal(["a", "b"], table.ColumnNames);
        Assert.Equal([1, 3, 4, 6], table.Values);
        Assert.Equal([0.5, 2], table.Weights!);
        Assert.Null(Samples.ReadCsv("a,w,b\n1,0.5,3\n").Weights);
    }

    [Theory]
    [InlineData("w")]
    [InlineData("2")]
    public void OtherColumnsAreChosenBesideThem(string weights)
    {
        var table = Read("a,w,b\n1,0.5,x\n4,2,y\n", weights, ["a"]);
        Assert.Equal([1, 4], table.Values);
        Assert.Equal([0.5, 2], table.Weights!);
    }

    [Fact]
    public void WithoutNamesTheyHaveANumber()
    {
        var table = Read("1,2,3\n4,5,6\n", "1");
        Assert.Null(table.ColumnNames);
        Assert.Equal([2, 3, 5, 6], table.Values);
        Assert.Equal([1, 4], table.Weights!);
    }

    [Fact]
    public void AFirstRowOfWeight0MayHoldWhatIsNoNumber()
    {
        var table = Read("NA,0\n4,5\n", "2");
        Assert.Equal([4], table.Values);
        Assert.Equal([5], table.Weights!);
    }

    [Theory]
    [InlineData("-0.5", "data.csv:2: column 2 (w): '-0.5' is negative; a weight of at least 0 is required")]
    [InlineData("inf", "data.csv:2: column 2 (w): 'inf' is not finite")]
    [InlineData("\"1,5\"",
        "data.csv:2: column 2 (w): '1,5' is not a number where the decimal separator is '.'; DecimalSeparator = ',' says another, and thousands separators are not accepted")]
    [InlineData("0", "data.csv: column 2 (w): all weights are 0; at least one above 0 is required")]
    public void AWeightIsCheckedLikeAnyOtherNumber(string weight, string problem) =>
        Assert.Equal(problem, Samples.Error(() => Read($"a,w\n1,{weight}\n", "w")));

    [Fact]
    public void AColumnIsNotBoth()
    {
        Assert.Equal("data.csv:1: column 2 is chosen and holds the weights; it cannot be both",
            Samples.Error(() => Read("a,w\n1,2\n", "w", ["1", "2"])));
        Assert.Equal("data.csv:1: the only column holds the weights; another one is required", Samples.Error(() => Read("1\n2\n", "1")));
        Assert.Equal("data.csv:1: there is no column '3'; the columns are 1 to 2", Samples.Error(() => Read("1,2\n", "3")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ArraysHaveThemInEitherOrder(bool fortran)
    {
        // Rows (1, 2, 3), (0, NaN, 6) and (7, 8, 9).
        double[] rows = fortran ? [1, 0, 7, 2, double.NaN, 8, 3, 6, 9] : [1, 2, 3, 0, double.NaN, 6, 7, 8, 9];
        var bytes = Samples.Npy("<f8", "(3, 3)", Samples.Bytes(rows), fortran);
        var table = TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Weights = "1" });
        Assert.Equal([2, 3, 8, 9], table.Values);
        Assert.Equal([1, 7], table.Weights!);
        Assert.Equal([3, 6, 9], TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Columns = ["1"], Weights = "3" }).Weights!);
        Assert.Equal("data.npy: row 2, column 2: NaN is not finite",
            Samples.Error(() => TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Weights = "2" })));
        Assert.Equal("data.npy: no column is named 'w': a .npy file has no names; choose columns by number",
            Samples.Error(() => TableFile.Read(new MemoryStream(bytes), "data.npy", new() { Weights = "w" })));
    }

    [Fact]
    public void RowsThatComeInPartsAreWrittenAsOneTable()
    {
        var table = new NumericTable([1, 2, 3, 4, 5, 6], 2, ["a", "b"]);
        var parts = new RowStream(3, 2, ["a", "b"], receiver =>
        {
            receiver(table.Values.AsSpan(0, 4));
            receiver([]);
            receiver(table.Values.AsSpan(4));
        });
        using MemoryStream whole = new(), made = new();
        TableFile.WriteCsv(whole, table);
        TableFile.WriteCsv(made, parts);
        Assert.Equal(whole.ToArray(), made.ToArray());
        Assert.Equal("Fill gave 6 numbers; 4 x 2 = 8 are required.",
            Assert.Throws<InvalidOperationException>(() => TableFile.WriteCsv(made, parts with { Rows = 4 })).Message);
    }

    private static NumericTable Read(string text, string weights, string[]? columns = null) =>
        TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", new() { Columns = columns, Weights = weights });
}
