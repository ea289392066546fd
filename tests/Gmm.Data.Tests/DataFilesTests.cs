using System.Text.Json;

namespace Gmm.Data.Tests;

/// <summary>The tables that come with the sources.</summary>
public class DataFilesTests
{
    [Theory]
    [InlineData("old-faithful.csv", 272, "eruptions,waiting", "c12_faithful_k2_full")]
    [InlineData("iris.csv", 150, "sepal_length,sepal_width,petal_length,petal_width", "c10_iris_k3_full")]
    [InlineData("notebook.csv", 100, "x,y", "notebook")]
    public void TheyAreTheTablesOfTheExactResults(string name, int rows, string header, string golden)
    {
        var table = TableFile.Read(Path.Combine(AppContext.BaseDirectory, "data", name));
        Assert.Equal(rows, table.Rows);
        Assert.Equal(header.Split(','), table.ColumnNames);
        Assert.Equal(TableFile.Read(Path.Combine(AppContext.BaseDirectory, "golden", golden, "data.csv")).Values, table.Values);
    }

    [Fact]
    public void SpeciesAreInTheStandardOrder()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "data", "iris-species.csv"));
        Assert.Equal("species", lines[0]);
        Assert.Equal(new[] { "setosa", "versicolor", "virginica" }.SelectMany(name => Enumerable.Repeat(name, 50)), lines[1..]);
    }

    [Fact]
    public void TheNotebookStartsFromThreeOfItsPoints()
    {
        var points = TableFile.Read(Path.Combine(AppContext.BaseDirectory, "data", "notebook.csv"));
        using var init = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "notebook-init.json")));
        var means = init.RootElement.GetProperty("means").EnumerateArray().Select(mean => mean.EnumerateArray().Select(x => x.GetDouble()).ToArray());
        int[] rows = [20, 10, 96];
        Assert.Equal(rows.Select(row => points.Values[(2 * row)..((2 * row) + 2)]), means);
        Assert.Equal("full", init.RootElement.GetProperty("covarianceType").GetString());
        Assert.Equal(1, init.RootElement.GetProperty("weights").EnumerateArray().Sum(weight => weight.GetDouble()), 15);
        Assert.Equal(3, init.RootElement.GetProperty("covariances").GetArrayLength());
    }
}
