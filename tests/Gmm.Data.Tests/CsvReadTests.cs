using System.Text;

namespace Gmm.Data.Tests;

public class CsvReadTests
{
    [Theory]
    [InlineData("1,2\n3,4\n")]
    [InlineData("1,2\n3,4")]
    [InlineData("1,2\r\n3,4\r\n")]
    [InlineData("1,2\r3,4")]
    [InlineData("\uFEFF1,2\n3,4\n")]
    [InlineData("\n\n1,2\n\n \t\n3,4\n\n")]
    [InlineData("\"1\",\"2\"\n\"3\",4\n")]
    [InlineData(" 1 , 2\n\t3,4 \n")]
    [InlineData("+1,2.\n3e0,4E+0\n")]
    public void NumbersWithoutAHeader(string text)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1, 2, 3, 4], table.Values);
        Assert.Equal((2, 2), (table.Rows, table.Columns));
        Assert.Null(table.ColumnNames);
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("\uFEFFa,b\r\n1,2\r\n3,4")]
    [InlineData("\"a\", b \n1,2\n3,4\n")]
    [InlineData("\na,b\n\n1,2\n3,4\n")]
    public void NumbersBelowAHeader(string text)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1, 2, 3, 4], table.Values);
        Assert.Equal(["a", "b"], table.ColumnNames);
    }

    [Fact]
    public void ANameMayHoldSeparatorsQuotesAndLineEnds() =>
        Assert.Equal(["a,\"b\"\nc", "d"], Samples.ReadCsv("\"a,\"\"b\"\"\nc\",d\n1,2\n").ColumnNames);

    [Theory]
    [InlineData("RI,Na,Mg\n1,2,3\n", true)]
    [InlineData(",a,b\n0,1,2\n", true)]
    [InlineData("FG,3P,3PA\n1,2,3\n", true)]
    [InlineData("größe,重さ,x_1\n1,2,3\n", true)]
    [InlineData("year,2020,2021\n1,2,3\n", true)]
    [InlineData("2019,2020,2021\n1,2,3\n", true)]
    [InlineData("2019,2020,2021\n2018,2023,2017\n", false)]
    public void AFirstRowOfNamesIsAHeader(string text, bool header) => Assert.Equal(header, Samples.ReadCsv(text).ColumnNames is not null);

    [Theory]
    [InlineData("x,1.5\n1,2\n", "data.csv:1: column 1: 'x' is not a number")]
    [InlineData("abc,3,1,0\n1,2,3,4\n5,6,7,8\n", "data.csv:1: column 1: 'abc' is not a number")]
    [InlineData("NA\n1\n", "data.csv:1: column 1: 'NA' stands for a missing value")]
    [InlineData("-inf\n1\n", "data.csv:1: column 1: '-inf' is not finite")]
    [InlineData("5.1x\n1\n", "data.csv:1: column 1: '5.1x' is not a number")]
    [InlineData("5.1x,NA\n1,2\n", "data.csv:1: column 1: '5.1x' is not a number")]
    [InlineData("1,,3\n1,2,3\n", "data.csv:1: column 2: the cell is empty")]
    public void ADamagedFirstRowIsNotTakenForAHeader(string text, string error) => Assert.StartsWith(error, Samples.CsvError(text));

    [Theory]
    [InlineData("sepal,petal,species\n1,2,setosa\n3,4,virginica\n", new[] { "petal", "sepal" }, new double[] { 2, 1, 4, 3 })]
    [InlineData("sepal,petal,species\n1,2,setosa\n3,4,virginica\n", new[] { "2", "sepal" }, new double[] { 2, 1, 4, 3 })]
    [InlineData("sepal,petal,species\n1,2,setosa\n3,4,virginica\n", new[] { "02" }, new double[] { 2, 4 })]
    [InlineData("1,2,setosa\n3,4,virginica\n", new[] { "2", "1" }, new double[] { 2, 1, 4, 3 })]
    [InlineData("q,0.25,0.5\n1,2,3\n", new[] { "0.25", "q" }, new double[] { 2, 1 })]
    [InlineData("Na,na\n1,2\n", new[] { "na" }, new double[] { 2 })]
    public void ColumnsByNameAndByNumber(string text, string[] columns, double[] expected)
    {
        var table = Samples.ReadCsv(text, columns);
        Assert.Equal(expected, table.Values);
        Assert.Equal(columns.Length, table.Columns);
    }

    [Fact]
    public void ChosenColumnsKeepTheirNames() => Assert.Equal(["c", "a"], Samples.ReadCsv("a,b,c\n1,x,3\n", ["3", "a"]).ColumnNames);

    [Fact]
    public void TabsMaySeparate() => Assert.Equal([1, 2.5], Samples.ReadCsv("a\tb c\n1\t2.5\n", separator: '\t').Values);

    [Fact]
    public void NegativeZeroAndTheSmallestAndLargestDoublesAreExact()
    {
        var table = Samples.ReadCsv("-0,5e-324,1.7976931348623157e308,1e-400\n");
        Assert.Equal([-0.0, double.Epsilon, double.MaxValue, 0], table.Values);
        Assert.True(double.IsNegative(table.Values[0]));
    }

    [Fact]
    public void TablesLargerThanEveryBufferComeOutWholeFromFilesAndPipes()
    {
        const int Rows = 60_000;
        var text = new StringBuilder("i,half\n");
        for (var i = 0; i < Rows; i++)
        {
            text.Append(i).Append(',').Append(i / 2).Append(i % 2 == 0 ? ".0" : ".5").Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 1000) })
        {
            var table = TableFile.Read(stream, "data.csv");
            Assert.Equal(Rows, table.Rows);
            Assert.All(Enumerable.Range(0, Rows), i => Assert.Equal((i, i / 2.0), (table.Values[2 * i], table.Values[(2 * i) + 1])));
        }
    }
}
