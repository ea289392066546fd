using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Cells that stand for a missing value.</summary>
public class MissingValueTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("n/a")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("None")]
    [InlineData("?")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("#N/A")]
    [InlineData("<NA>")]
    [InlineData("\"NA\"")]
    public void TheUsualMarkers(string cell)
    {
        var table = Read($"a,b\n1,2\n{cell},3\n4,5\n", new() { Missing = TableMissing.Drop });
        Assert.Equal([1, 2, 4, 5], table.Values);
        Assert.Equal("data.csv: 2 points of 2 columns; 1 of 3 rows left out for missing values", Assert.Single(table.Notes).Message);
        Assert.Equal([1, 2, double.NaN, 3, 4, 5], Read($"a,b\n1,2\n{cell},3\n4,5\n", new() { Missing = TableMissing.Keep }).Values);
    }

    [Fact]
    public void TheErrorCountsThemAndNamesTheFirst()
    {
        const string Text = "a,b,c\n1,2,x\n4,NA,y\n,-,\n7,8,z\n";
        Assert.Equal("data.csv:3: column 2 (b): 'NA' stands for a missing value; 3 values in 2 of 4 rows are missing; --missing drop leaves such rows out, --missing marginalize uses the values that they have",
            Samples.Error(() => Read(Text, new() { ForCommandLine = true })));
        Assert.Equal("data.csv:4: column 1 (a): the cell is empty; 1 value in 1 of 4 rows is missing; Missing = Drop leaves such rows out, Missing = Keep gives NaN",
            Samples.Error(() => Read(Text, new() { Columns = ["a"] })));
    }

    [Fact]
    public void MarkersAreAdded()
    {
        const string Text = "a;b\n1,5;2\n-200;3\n-200,0;4\nn.d.;5\n6;7\n";
        Assert.Equal([1.5, 2, 6, 7], Read(Text, new() { MissingMarkers = ["-200", "n.d."], Missing = TableMissing.Drop }).Values);
        Assert.Equal([1.5, 2, 6, 7], Read(Text, new() { MissingMarkers = ["-2e2", "n.d."], Missing = TableMissing.Drop }).Values);
        Assert.StartsWith("data.csv:5: column 1 (a): 'n.d.' is not a number", Samples.CsvError(Text));
        Assert.StartsWith("data.csv:3: column 1 (a): '-200' stands for a missing value; 3 values",
            Samples.Error(() => Read(Text, new() { MissingMarkers = ["-200", "n.d."] })));
    }

    [Fact]
    public void RowsThatGoTakeTheirWeightsWithThem()
    {
        var table = Read("a,w\n1,5\nNA,6\n3,0\nx,0\n4,NA\n5,9\n", new() { Weights = "w", Missing = TableMissing.Drop });
        Assert.Equal([1, 5], table.Values);
        Assert.Equal([5, 9], table.Weights!);
        Assert.Equal("data.csv: 2 points of 1 column; 2 of 4 rows left out for missing values", Assert.Single(table.Notes).Message);
        Assert.Equal("data.csv:2: column 2 (w): 'NA' stands for a missing value; a weight is required", Samples.Error(() => Read("a,w\n1,NA\n2,3\n", new() { Weights = "w" })));
    }

    [Fact]
    public void ValuesThatStayMissingAreCounted()
    {
        var table = Read("a,b,c\n1,2,x\nNA,,y\n4,?,z\n", new() { Missing = TableMissing.Keep });
        Assert.Equal([1, 2, double.NaN, double.NaN, 4, double.NaN], table.Values);
        Assert.Equal("data.csv: 3 points of 2 columns; left out: c (text); 3 values in 2 of 3 rows are missing; 1 row has no value at all",
            Assert.Single(table.Notes).Message);
        Assert.Empty(Read("a,b\n1,2\n3,4\n", new() { Missing = TableMissing.Keep }).Notes);
    }

    [Fact]
    public void ATableOfMissingValuesIsRefused() => Assert.Equal("data.csv: every row has a missing value; Missing = Keep gives NaN",
        Samples.Error(() => Read("a,b\n1,NA\nNA,2\n", new() { Missing = TableMissing.Drop })));

    private static NumericTable Read(string text, TableOptions options) => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", options);
}
