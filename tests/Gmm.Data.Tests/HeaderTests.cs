using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Which lines of a text are names, titles, units or comments, and which are points.</summary>
public class HeaderTests
{
    [Theory]
    [InlineData("0,1,2\n0.5,1.5,2.5\n3.5,4.5,5.5\n", "0,1,2", 2, false)]
    [InlineData("0,1,2\n7,8,9\n4,5,6\n", "0,1,2", 2, true)]
    [InlineData(",0,1\n0,1.5,2.5\n1,3.5,4.5\n", "0,1", 2, false)]
    [InlineData(",a,b\n5,1.5,2.5\n3,3.5,4.5\n", "a,b", 2, false)]
    [InlineData("2019,2020,2021\n0.5,1.5,2.5\n3.5,4.5,5.5\n1.5,2.5,3.5\n", "2019,2020,2021", 3, true)]
    [InlineData("2019,2020,2021\n1,2,3\n", "2019,2020,2021", 1, true)]
    [InlineData("400,410\n0.5,1.5\n3.5,4.5\n1.5,2.5\n", "400,410", 3, true)]
    [InlineData("\"1\",\"2\"\n5,6\n7,8\n", "1,2", 2, false)]
    [InlineData("0,1,2\n1.5,2.5,setosa\n3.5,4.5,virginica\n", "0,1", 2, false)]
    [InlineData("a,b\nu,1\nv,2\n", "b", 2, false)]
    [InlineData("2020-01-01,2020-01-02\n1,2\n3,4\n", "2020-01-01,2020-01-02", 2, false)]
    [InlineData("1st,2nd\n1,2\n3,4\n", "1st,2nd", 2, false)]
    [InlineData("year,2020,2021\n1,2,3\n4,5,6\n", "year,2020,2021", 2, false)]
    public void NamesAreKnownByWhatStandsBelow(string text, string names, int rows, bool isDoubtful)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal(names.Split(','), table.ColumnNames);
        Assert.Equal(rows, table.Rows);
        Assert.Equal(isDoubtful, table.Notes.Any(note => note.Kind == TableNoteKind.Guess && note.Message.Contains("is taken for names; Header = No")));
    }

    [Theory]
    [InlineData("1,2\n3,4\n5,6\n", false)]
    [InlineData("0,1\n1,0\n1,1\n", true)]
    [InlineData("1,2,3\n4,5,6\n7,8,9\n", true)]
    [InlineData("2019,2020,2021\n2018,2021,2017\n2019,2022,2018\n", true)]
    [InlineData("5,3\n4.5,3.5\n5.5,2.5\n6.5,3.1\n", true)]
    [InlineData("1.5,2.5\n3.5,4.5\n5.5,6.5\n", false)]
    [InlineData("5,3,4\n1,2,8\n7,1,3\n", false)]
    public void ALineOfNumbersThatMayBeAPointIsOne(string text, bool isDoubtful)
    {
        var table = Samples.ReadCsv(text);
        Assert.Null(table.ColumnNames);
        Assert.Equal(isDoubtful, table.Notes.Any(note => note.Kind == TableNoteKind.Guess && note.Message.Contains("is taken for a point; Header = Yes")));
    }

    [Fact]
    public void WhatIsSaidIsNotGuessed()
    {
        Assert.Equal((2, null), Shape(Read("0,1,2\n0.5,1.5,2.5\n", TableHeader.No)));
        Assert.Equal((1, "1.5,2"), Shape(Read("1.5,2\n0.5,1.5\n", TableHeader.Yes)));
        Assert.StartsWith("data.csv:1: column 1: 'a' is not a number", Samples.Error(() => Read("a,b\n1,2\n3,4\n", TableHeader.No)));
    }

    [Theory]
    [InlineData("# x y z\n1 2 3\n4 5 6\n", "x,y,z")]
    [InlineData("#x,y,z\n1,2,3\n4,5,6\n", "x,y,z")]
    [InlineData("% x, y, z\n1 2 3\n4 5 6\n", "x,y,z")]
    [InlineData("# written by hand\n#\tx\ty\tz\n1\t2\t3\n4\t5\t6\n", "x,y,z")]
    [InlineData("# only two\n1 2 3\n4 5 6\n", null)]
    [InlineData("# 1 2 3\n1 2 3\n4 5 6\n", null)]
    [InlineData("# p q r\nx y z\n1 2 3\n4 5 6\n", "x,y,z")]
    [InlineData("#,x,y\n7,2,3\n9,5,6\n", "#,x,y")]
    public void ACommentMayNameTheColumns(string text, string? names) => Assert.Equal((2, names), Shape(Samples.ReadCsv(text)));

    [Theory]
    [InlineData("My measurements\na,b\n1,2\n3,4\n", "line 1 is")]
    [InlineData("My measurements, of March\nMunich\na,b,c\n1,2,3\n3,4,5\n", "lines 1 to 2 are")]
    [InlineData("My measurements;;\na;b;c\n1;2;3\n3;4;5\n", "line 1 is")]
    [InlineData("My measurements\n\n1,2,3\n3,4,5\n", "line 1 is")]
    public void TitlesArePassedOverWithANote(string text, string lines)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal(2, table.Rows);
        Assert.Equal($"data.csv: {lines} taken for a title and passed over", table.Notes[0].Message);
    }

    [Theory]
    [InlineData("country,1990,1991,1992\nA,9.1,8.2,7.3\nB,5.4,6.5,7.6\nC,1.7,2.8,3.9\nD,4.1,5.2,6.3\n")]
    [InlineData("country,1992,1991,1990\nA,91,82,73\nB,54,65,76\nC,17,28,39\nD,41,52,63\n")]
    [InlineData("name,0,1\nA,9.1,8.2\nB,5.4,6.5\nC,1.7,2.8\nD,4.1,5.2\n")]
    [InlineData("site,plot,400,410\nA,x,9.1,8.2\nB,y,5.4,6.5\nC,x,1.7,2.8\nD,y,1.75,2.83\n")]
    [InlineData("date,2010,2011\n2020-01-01,9.1,8.2\n2020-01-02,5.4,6.5\n2020-01-03,1.7,2.8\n")]
    [InlineData("flag,1,2\nTRUE,9,8\nFALSE,5,6\nTRUE,1,2\nFALSE,4,1\n")]
    [InlineData("country,\"1990\",\"1991\"\nA,9.1,8.2\nB,5.4,6.5\nC,1.7,2.8\n")]
    [InlineData("\"0.5\",\"1.5\"\n0.61,0.12\n0.52,0.15\n0.14,0.09\n")]
    [InlineData(",400.5,402.5\na,0.61,0.12\nb,0.52,0.15\nc,0.14,0.09\n")]
    [InlineData(",400.5,402.5\n0,0.61,0.12\n1,0.52,0.15\n2,0.14,0.09\n")]
    [InlineData("gene,1,2,3\nA,9,8,12\nB,5,6,22\nC,1,2,14\nD,4,5,16\n", "line 1 (gene, 1, 2, 3) is taken for names")]
    [InlineData("id,400.5,402.5\n0,0.61,0.12\n1,0.52,0.15\n2,0.14,0.09\n", "line 1 (id, 400.5, 402.5) is taken for names")]
    [InlineData("2004,2003,2002\n1,2,3\n3,1,2\n2,2,2\n", "line 1 (2004, 2003, 2002) is taken for names")]
    [InlineData("400.5,402.5,404.5\n6,1,3\n5,2,9\n1,8,2\n2,9,5\n4,1,2\n", "line 1 (400.5, 402.5, 404.5) is taken for names")]
    public void NumbersThatCanOnlyBeNamesAreNames(string text, string? guess = null)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal(text.Count(c => c == '\n') - 1, table.Rows);
        Assert.Equal(guess is null ? [] : [$"data.csv: {guess}; Header = No makes it a point"],
            table.Notes.Where(note => note.Kind == TableNoteKind.Guess).Select(note => note.Message));
    }

    [Theory]
    [InlineData("5.1,3.5,1.4,0.2,Iris-setosa\n4.9,3.0,1.4,0.2,Iris-setosa\n4.7,3.2,1.3,0.2,Iris-setosa\n4.6,3.1,1.5,0.2,Iris-setosa\n")]
    [InlineData("842302,M,17.99,10.38\n842517,M,20.57,17.77\n84300903,B,19.69,21.25\n84348301,M,11.42,20.38\n")]
    [InlineData("A,1,2,3\nB,3,1,2\nA,2,2,5\nB,1,3,4\n")]
    [InlineData("A,1,2\nB,3,1\nC,2,2\nD,1,3\n")]
    [InlineData("2020-01-01,1,2\n2020-01-02,3,1\n2020-01-03,5,6\n2020-01-04,7,8\n")]
    [InlineData("400.5,402.5,404.5\n6,1,3\n5,2,9\n1,8,2\n", "line 1 (400.5, 402.5, 404.5) is taken for a point")]
    [InlineData("10,20\n1,2\n3,1\n2,2\n", "line 1 (10, 20) is taken for a point")]
    public void AFirstPointStaysOne(string text, string? guess = null)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal(text.Count(c => c == '\n'), table.Rows);
        Assert.Equal(guess is null ? [] : [$"data.csv: {guess}; Header = Yes makes it names"],
            table.Notes.Where(note => note.Kind == TableNoteKind.Guess).Select(note => note.Message));
    }

    [Theory]
    [InlineData("inf,inf\n1,2\n3,4\n5,6\n7,8\n")]
    [InlineData("a,inf,-inf\nb,1,2\nc,3,4\nd,5,6\ne,7,8\n")]
    [InlineData("nan,inf\n1.5,2\n2.5,3\n3.5,4\n4.5,5\n")]
    [InlineData("400,inf\n1.5,2\n2.5,3\n3.5,4\n4.5,5\n5.5,5\n")]
    public void InfiniteNumbersAreNoNames(string text) => Assert.Contains("is not finite", Samples.CsvError(text), StringComparison.Ordinal);

    [Fact]
    public void UnitsBelowTheNamesArePassedOverWithANote()
    {
        var table = Samples.ReadCsv("a,b,c\nmm,kg,-\n1,2,3\n4,5,6\n");
        Assert.Equal((2, "a,b,c"), Shape(table));
        Assert.Equal("data.csv: line 2 (mm, kg, -) is taken for units and passed over", Assert.Single(table.Notes).Message);
        Assert.StartsWith("data.csv:2: column 1 (a): 'abc' is not a number", Samples.CsvError("a,b\nabc,2\n3,4\n5,6\n"));

        var more = Samples.ReadCsv("length,mass\nmm,kg\nmean,mean\n1,2\n3,4\n5,6\n7,8\n");
        Assert.Equal((4, "length,mass"), Shape(more));
        Assert.Equal("data.csv: lines 2 to 3 (mm, kg; ...) are taken for units and passed over", Assert.Single(more.Notes).Message);
    }

    [Theory]
    [InlineData("a b\n\"r1\" 1 2\n\"r2\" 3 4\n", "names of the rows")]
    [InlineData("a,b\nr1,1,2\nr2,3,4\n", "names of the rows")]
    [InlineData("\"a\",\"b\"\n\"3\",1,2\n\"7\",3,4\n", "names of the rows")]
    [InlineData("a\tb\n1\t1\t2\n2\t3\t4\n", "names of the rows")]
    public void AHeaderWithoutACellForTheNamesOfTheRows(string text, string reason)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1, 2, 3, 4], table.Values);
        Assert.Equal(["a", "b"], table.ColumnNames);
        Assert.Equal($"data.csv: 2 points of 2 columns; left out: column 1 ({reason})", Assert.Single(table.Notes).Message);
    }

    [Theory]
    [InlineData("a,b\n1.5,2,3\n4.5,5,6\n", "data.csv:2: row has 3 cells; 2 are required")]
    [InlineData("a,b\n1,2,3\n1,5,6\n", "data.csv:2: row has 3 cells; 2 are required")]
    [InlineData("a,b,c\n1,2\n3,4\n", "data.csv:2: row has 2 cells; 3 are required")]
    [InlineData("1,2\n1,2,3\n4,5,6\n7,8,9\n", "data.csv:1: row has 2 cells; 3 are required")]
    public void OtherWidthsAreErrors(string text, string error) => Assert.StartsWith(error, Samples.CsvError(text));

    [Fact]
    public void DuplicateNamesAreKeptAndChosenByNumber()
    {
        Assert.Equal((1, "a,a"), Shape(Samples.ReadCsv("a,a\n1,2\n")));
        Assert.Equal([2], Samples.ReadCsv("a,a\n1,2\n", ["2"]).Values);
    }

    private static (int, string?) Shape(NumericTable table) => (table.Rows, table.ColumnNames is { } names ? string.Join(',', names) : null);

    private static NumericTable Read(string text, TableHeader header) =>
        TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", new() { Header = header });
}
