using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Rows and cells that people and programs put among points: sums, units, marks, a second header.</summary>
public class OtherRowTests
{
    [Theory]
    [InlineData("a,b\n,kg\n1.5,2.5\n2.5,3\n")]
    [InlineData("a,b\n-,m/s\n1.5,2.5\n2.5,3\n")]
    [InlineData("a;b\nkg;\n1,5;2,5\n2,5;3\n")]
    public void OneUnitBesideNothingIsARowOfUnits(string text)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1.5, 2.5, 2.5, 3], table.Values);
        Assert.Contains("line 2 (", Assert.Single(table.Notes).Message);
        Assert.EndsWith("is taken for units and passed over", table.Notes[0].Message);
    }

    [Theory]
    [InlineData("a,b\n,x1\n1.5,2.5\n2.5,3\n", "data.csv:2: column 2 (b): 'x1' is not a number")]
    [InlineData("a,b\n,a long text\n1.5,2.5\n2.5,3\n", "data.csv:2: column 2 (b): 'a long text' is not a number")]
    [InlineData("a\nkg\n1.5\n2.5\n", "data.csv:2: column 1 (a): 'kg' is not a number")]
    public void OtherSingleTextsAreNoUnits(string text, string error) => Assert.StartsWith(error, Samples.CsvError(text));

    [Theory]
    [InlineData("x,y\r\n1,2\r\n3,4\r\n\u001a")]
    [InlineData("x,y\n1,2\n3,4\u001a")]
    [InlineData("x,y\n1,2\n3,4\n\u001a\u001a\u001a")]
    public void TheEndMarkOfDosIsPassedOver(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 1), new Samples.Pipe(bytes, 3) })
            Assert.Equal([1, 2, 3, 4], TableFile.Read(stream, "data.csv").Values);
        Assert.StartsWith("data.csv:2: column 2: '2\\u{001A}' is not a number", Samples.CsvError("x,y\n1,2\u001a\n3,4\n", ["1", "2"]).Replace(" (y)", "", StringComparison.Ordinal));
    }
}
