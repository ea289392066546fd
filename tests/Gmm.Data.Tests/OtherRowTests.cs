using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Rows and cells that people and programs put among points: sums, units, marks, a second header.</summary>
public class OtherRowTests
{
    private const string Rows = "a,1.5,2\nb,2.5,3\nc,3.5,7\nd,4.5,5\ne,2,9\n";

    [Theory]
    [InlineData("Total")]
    [InlineData("Sum:")]
    [InlineData("MEAN")]
    [InlineData("Average")]
    [InlineData("Subtotal")]
    [InlineData("Gesamt")]
    [InlineData("Mittelwert")]
    [InlineData("Total général")]
    public void ALabelOfASumIsTold(string label)
    {
        var shown = label.TrimEnd(':');
        var table = Samples.ReadCsv($"name,x,y\n{Rows}{label},14.5,26\n");
        Assert.Equal((TableNoteKind.Warning, $"data.csv:7: the row is labeled '{shown}' and is used; take it out if it is no row of its own"),
            (table.Notes[0].Kind, table.Notes[0].Message));
        Assert.Equal(6, table.Rows);
        Assert.StartsWith($"data.csv:2: the row is labeled '{shown}'", Samples.ReadCsv($"name,x,y\n{label},14.5,26\n{Rows}").Notes[0].Message);
        Assert.Empty(Samples.ReadCsv($"name,x,y\n{label},14.5,26\n{Rows}", ["x", "y"]).Notes);
    }

    [Fact]
    public void LabelsOfDescribeAreTold()
    {
        const string Described = ",x,y\ncount,5.0,5.0\nmean,2.8,5.2\nstd,1.2,2.9\nmin,1.5,2.0\n25%,2.0,3.0\n50%,2.5,5.0\n75%,3.5,7.0\nmax,4.5,9.0\n";
        Assert.Equal("data.csv: lines 2, 3, 4, 5, 6, 7, 8, 9 are labeled 'count', 'mean', 'std', 'min', '25%', '50%', '75%', 'max' and are used; take them out if they are no rows of their own",
            Samples.ReadCsv(Described).Notes[0].Message);

        // A sum that is exact has its own line; a row that is left out has none.
        Assert.Single(Samples.ReadCsv("name,x\na,1\nb,2\nc,3\nd,5\nTotal,11\n").Notes, note => note.Kind == TableNoteKind.Warning);
        var dropped = TableFile.Read(
            new MemoryStream(Encoding.UTF8.GetBytes($"name,x,y\n{Rows}Total,14.5,\n")), "data.csv", new TableOptions { Missing = TableMissing.Drop });
        Assert.DoesNotContain(dropped.Notes, note => note.Kind == TableNoteKind.Warning);

        // Categories, and a word of describe alone.
        var categories = string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? "total" : "mean")},{i % 7}.5,{i % 5}\n"));
        Assert.DoesNotContain(Samples.ReadCsv("kind,x,y\n" + categories).Notes, note => note.Kind == TableNoteKind.Warning);
        Assert.DoesNotContain(Samples.ReadCsv($"name,x,y\n{Rows}max,4,5\n").Notes, note => note.Kind == TableNoteKind.Warning);
    }

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

    [Fact]
    public void AnInchMarkIsText()
    {
        foreach (var separator in ",;\t")
        {
            var table = Samples.ReadCsv("a,b,note\n1,2,5\" pipe\n3,4,x\n5,6,3\" by 2\"\n7,8,\"a \"\"b\"\"\"\n".Replace(',', separator));
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], table.Values);
            Assert.Equal("data.csv: 4 points of 2 columns; left out: note (text)", Assert.Single(table.Notes).Message);
        }

        const string Stray = "a quote stands inside an unquoted cell; quote the whole cell and double the quotes inside";
        Assert.Equal($"data.csv:3: column 2 (b): {Stray}", Samples.CsvError("a,b\n1,2\n3,5\" pipe\n4,5\n"));
        Assert.Equal($"data.csv:3: column 3: {Stray}", Samples.CsvError("a,b,c\n1,2,x\n3,5,y \"z, w\"\n4,5,z\n"));
        Assert.Equal("data.csv:2: column 2: text follows a closing quote; quotes inside a cell must be doubled", Samples.CsvError("a,b,c\n5\" x,\"4\"5,3\nx,1,2\n"));
        Assert.Equal("data.csv:3: column 2: a quote is opened and never closed", Samples.CsvError("a,b,c\n5\" x,4,3\n5\" x,\"1,2\n"));
    }

    [Fact]
    public void AHeaderThatStandsAgainIsPassedOver()
    {
        foreach (var mark in (string[])["", "\uFEFF"])
        {
            var table = Samples.ReadCsv($"{mark}x,n,y\n1,a,2\n3,b,4\n{mark}x,n,y\n5,c,6\n{mark}\"x\",\"n\",\"y\"\n7,d,8\n");
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], table.Values);
            Assert.Equal("data.csv: 4 points of 2 columns; left out: n (text); 2 lines that repeat the header passed over, as where files are put one after the other, "
                + "the first at line 4", Assert.Single(table.Notes).Message);
        }

        Assert.Equal([1, 2, 3, 4], Samples.ReadCsv("x y\n1 2\nx y\n3 4\n").Values);
        Assert.Equal("data.csv: the file has a header and no rows; rows of numbers are required", Samples.CsvError("x,y\nx,y\nx,y\n", ["x", "y"]));
        Assert.Equal([1.5, 2, 3, 4, 2.5, 4, 5, 6],
            Samples.ReadCsv("\"x\",\"y\"\n\"r1\",1.5,2\n\"r2\",3,4\n\"x\",\"y\"\n\"r1\",2.5,4\n\"r2\",5,6\n").Values);
    }

    [Fact]
    public void AnotherFileInTheMiddleIsTold()
    {
        Assert.Equal("data.csv:3: column 1 (x): a byte order mark stands at the start of the cell, as where another file begins; take it out, and what is no point below it",
            Samples.CsvError("\uFEFFx,y\n1,2\n\uFEFF3,4\n5,6\n"));
        Assert.Equal("data.csv:4: column 1 (x): 'height' is not a number; the line holds no number, as a header does where another file begins; take it out if it is one",
            Samples.CsvError("x,y\n1,2\n3,4\nheight,weight\n5,6\n"));
    }

    [Theory]
    [InlineData("(3.5)", "'(3.5)' is not a number; where parentheses make it negative, write -3.5")]
    [InlineData("\"(1,234.50)\"", "'(1,234.50)' is not a number; where parentheses make it negative, write -1234.50")]
    [InlineData("10.65-", "'10.65-' is not a number; where the minus makes it negative, write -10.65")]
    [InlineData("- 10.65", "'- 10.65' is not a number; where the minus makes it negative, write -10.65")]
    [InlineData("12 kg", "'12 kg' is not a number; without its sign or unit it is one")]
    [InlineData("13.92 %", "'13.92 %' is not a number; without its sign or unit it is one")]
    [InlineData("$5", "'$5' is not a number; without its sign or unit it is one")]
    [InlineData("\"93,86,427\"", "'93,86,427' has thousands separators, which are not accepted; write it without them")]
    public void NumbersWithSignsSayHowToWriteThem(string cell, string problem) =>
        Assert.Equal($"data.csv:3: column 2 (b): {problem}", Samples.CsvError($"a,b\n1,2\n3,{cell}\n5,6\n7,8\n"));

    // NaN in the place of infinity once ended in an exception of the runtime.
    [Theory]
    [InlineData("-inf,2\n7,4\n", "data.csv:1: column 1: '-inf' is not finite")]
    [InlineData("2,inf,2001\n7,4,5\n", "data.csv:1: column 2: 'inf' is not finite")]
    public void InfinityInTheFirstLineIsNoYear(string text, string error) => Assert.StartsWith(error, Samples.CsvError(text));

    [Fact]
    public void AColumnOfMinusesBehindNumbersIsNamed() => Assert.Equal(
        "data.csv: 3 points of 1 column; left out: b (numbers with signs or units about them, such as '10.65-'; without these they are numbers)",
        Assert.Single(Samples.ReadCsv("a,b\n1,10.65-\n3,2.5-\n5,- 3.5\n").Notes).Message);

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
