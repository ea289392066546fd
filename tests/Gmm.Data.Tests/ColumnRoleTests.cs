using System.Globalization;
using System.Text;

namespace Gmm.Data.Tests;

/// <summary>Which columns are dimensions, and what is said of the others.</summary>
public class ColumnRoleTests
{
    private static readonly string s_counting = string.Concat(Enumerable.Range(0, 20).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"{i + 5},{Math.Sin(i)},{Math.Cos(i)}\n")));

    [Theory]
    [InlineData("id,x,class\nP1,1,a\nP2,2,b\n", "left out: id (text), class (text)")]
    [InlineData("x,day\n1,2020-01-31\n2,2020-02-01\n", "left out: day (dates or times)")]
    [InlineData("x;day;time\n1;01/03/2004;00.00.00\n2;02/03/2004;01.00.00\n", "left out: day (dates or times), time (dates or times)")]
    [InlineData("x;at\n1;31.01.2020 10:15\n2;01.02.2020 11:20\n", "left out: at (dates or times)")]
    [InlineData("x,at\n1,2020-01-31T10:15:00Z\n2,2020-02-01T11:20:00+01:00\n", "left out: at (dates or times)")]
    [InlineData("x,ok\n1,TRUE\n2,FALSE\n", "left out: ok (true or false)")]
    [InlineData("x,empty,none\n1,,NA\n2,,\n", "left out: empty (empty), none (empty)")]
    [InlineData(",x\n0,1\n1,2\n", "left out: column 1 (counts the rows, without a name)")]
    [InlineData("Unnamed: 0,x\n8,1\n3,2\n", "left out: Unnamed: 0 (counts the rows, without a name)")]
    [InlineData("x,\n1,a\n2,b\n", "left out: column 2 (text)")]
    [InlineData("x,share\n1,30.1%\n2,-4 %\n", "left out: share (percentages, which are numbers without the sign)")]
    [InlineData("x,share\n1,30.1%\n2,most\n", "left out: share (text)")]
    [InlineData("x,price\n1,$1.23\n2,-$4\n", "left out: price (numbers with signs or units about them, such as '$1.23'; without these they are numbers)")]
    [InlineData("x;price\n1;1.234,50 \u20AC\n2;3 \u20AC\n", "left out: price (numbers with signs or units about them, such as '1.234,50 \u20AC'; without these they are numbers)")]
    [InlineData("x,sum\n1,(12.50)\n2,(3)\n", "left out: sum (numbers with signs or units about them, such as '(12.50)'; without these they are numbers)")]
    [InlineData("x,mass\n1,12 kg\n2,3.5kg\n", "left out: mass (numbers with signs or units about them, such as '12 kg'; without these they are numbers)")]
    [InlineData("x,room\n1,12B\n2,3A\n", "left out: room (text)")]
    public void ColumnsThatAreNoDimensionAreLeftOutInOneLine(string text, string line)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1, 2], table.Values);
        Assert.Equal(["x"], table.ColumnNames);
        var note = Assert.Single(table.Notes);
        Assert.Equal((TableNoteKind.LeftOut, $"data.csv: 2 points of 1 column; {line}"), (note.Kind, note.Message));
    }

    [Fact]
    public void DoublesOfFortranAreNumbersAndNamesWithADAreNot()
    {
        Assert.Equal([1500, -2.5e-7, 3], Samples.ReadCsv("x\n 1.5D+03\n-2.5d-07\n3.0\n").Values);
        var table = Samples.ReadCsv("x,flat\n1,1D2\n2,3D4\n");
        Assert.Equal([1, 2], table.Values);
        Assert.Contains("left out: flat (text)", Assert.Single(table.Notes).Message);
    }

    [Fact]
    public void TheMinusSignOfTypographyIsOne()
    {
        Assert.Equal([-1.5, 2, -3, 4e-5], Samples.ReadCsv("x,y\n\u22121.5,2\n-3,4e\u22125\n").Values);
        Assert.Equal([-1.5, 2, 2.5, 3], Samples.ReadCsv("x;y\n\u22121,5;2\n2,5;3\n").Values);
        Assert.Contains("' is not a number", Samples.Error(() => Gmm.Data.TableFile.Read(new MemoryStream([.. "x,y\n1,2\n\u2212"u8, .. Enumerable.Repeat((byte)'1', 36), 0xFF, .. ",3\n"u8]), "data.csv")));
        Assert.Contains("column 1 (x): '\u22121.5a' is not a number", Samples.CsvError("x,y\n1,2\n\u22121.5a,3\n2,2\n"));
    }

    [Fact]
    public void ATableWithoutNumbersSaysWhatItHolds() => Assert.Equal(
        "data.csv: no column holds numbers: id (text), day (dates or times), none (empty); cells are taken to be separated by ','; Separator says another",
        Samples.CsvError("id,day,none\nP1,2020-01-01,\nP2,2020-01-02,\n"));

    [Fact]
    public void AColumnThatIsEmptyAtFirstIsWhatItBecomes()
    {
        var rows = string.Concat(Enumerable.Repeat("1,\n", 3000));
        Assert.Contains("'NA' stands for", Samples.CsvError($"a,b\n{rows.Replace("1,", "1,NA")}1,5\n"));
        Assert.Equal("data.csv: 3001 points of 1 column; left out: b (text)", Assert.Single(Samples.ReadCsv($"a,b\n{rows}1,x\n").Notes).Message);
        Assert.StartsWith("data.csv:3002: column 2 (b): 'x' is not a number", Samples.CsvError($"a,b\n{rows}1,x\n1,5\n"));
    }

    [Fact]
    public void TextAmongNumbersIsAnErrorBehindThousandsOfColumnsOfTextToo()
    {
        const int Columns = 5000;
        var middle = string.Concat(Enumerable.Repeat(",a", Columns - 2));
        var text = new StringBuilder(string.Join(',', Enumerable.Range(1, Columns).Select(i => $"c{i}"))).Append('\n');
        for (var row = 0; row < 150; row++) text.Append('1').Append(middle).Append(row < 50 ? ",x\n" : ",7\n");
        Assert.Equal(
            "data.csv:2: column 5000 (c5000): the cell is text, and most of the column are numbers; Exclude = [\"5000\"] leaves the column out",
            Samples.CsvError(text.ToString()));
    }

    [Fact]
    public void VeryManyEmptyCellsAreReadInTimeAndMemoryInProportion()
    {
        var bytes = Encoding.UTF8.GetBytes($"1{new string(',', 300_000)}2\n");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = TableFile.Read(new MemoryStream(bytes), "data.csv");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 160L * bytes.Length);
        Assert.Equal([1, 2], table.Values);
        Assert.Contains("and 299979 more", Assert.Single(table.Notes).Message);
    }

    [Fact]
    public void TextFarDownAColumnOfNumbersIsAnError()
    {
        var rows = string.Concat(Enumerable.Repeat("1,2\n", 50_000));
        Assert.StartsWith("data.csv:50002: column 2 (b): 'x' is not a number", Samples.CsvError($"a,b\n{rows}1,x\n"));
    }

    [Fact]
    public void NumbersBelowTextAreAnErrorWhereTheyAreTheMost()
    {
        var text = string.Concat(Enumerable.Repeat("1,x\n", 2000));
        var numbers = string.Concat(Enumerable.Repeat("1,2\n", 3000));
        Assert.StartsWith("data.csv:2: column 2 (b): 'x' is not a number", Samples.CsvError($"a,b\n{text}{numbers}"));
        Assert.Equal(["a"], Samples.ReadCsv($"a,b\n{text}{numbers[..400]}").ColumnNames);
    }

    [Fact]
    public void ANamedColumnThatCountsTheRowsIsWarnedOf()
    {
        var table = Samples.ReadCsv("n,x,y\n" + s_counting);
        Assert.Equal(["n", "x", "y"], table.ColumnNames);
        var note = Assert.Single(table.Notes);
        Assert.Equal((TableNoteKind.Warning, "data.csv: n counts the rows from 5 to 24, as a number of the row does; Exclude = [\"n\"] leaves it out"),
            (note.Kind, note.Message));
        var shuffled = string.Join('\n', s_counting.Split('\n', StringSplitOptions.RemoveEmptyEntries).OrderBy(line => line[^3]));
        Assert.Single(Samples.ReadCsv("n,x,y\n" + shuffled).Notes);
        Assert.Empty(Samples.ReadCsv("n,x,y\n" + s_counting, ["1", "x", "y"]).Notes);
        Assert.Empty(Samples.ReadCsv("n,x,y\n" + s_counting.Replace("24,", "26,")).Notes);
    }

    [Fact]
    public void AFirstColumnThatCountsTheRowsOfATableWithoutNamesIsLeftOut()
    {
        var table = Samples.ReadCsv(s_counting);
        Assert.Equal((20, 2), (table.Rows, table.Columns));
        Assert.Equal("data.csv: 20 points of 2 columns; left out: column 1 (counts the rows, without a name)", Assert.Single(table.Notes).Message);
        Assert.Equal(1, Samples.ReadCsv(string.Join('\n', Enumerable.Range(1, 20))).Columns);
    }

    [Theory]
    [InlineData(new[] { "2-4" }, new double[] { 2, 3, 4 })]
    [InlineData(new[] { "4", "1-2" }, new double[] { 4, 1, 2 })]
    [InlineData(new[] { "a-c" }, new double[] { 1, 2, 3 })]
    [InlineData(new[] { "b - 4" }, new double[] { 2, 3, 4 })]
    [InlineData(new[] { "d-e" }, new double[] { 5 })]
    public void RangesOfNumbersAndNames(string[] columns, double[] expected) =>
        Assert.Equal(expected, Samples.ReadCsv("a,b,c,d,d-e\n1,2,3,4,5\n", columns).Values);

    [Theory]
    [InlineData("4-2", "the columns '4-2' end before they begin")]
    [InlineData("2-9", "there is no column '9'; the columns are 1 to 4")]
    [InlineData("c-x", "no column is named 'c-x'; the columns are 'age', 'b', 'c', 'class'")]
    [InlineData("agee", "no column is named 'agee'; the columns are 'age', 'b', 'c', 'class'; is 'age' meant?")]
    [InlineData("Class", "no column is named 'Class'; the columns are 'age', 'b', 'c', 'class'; is 'class' meant?")]
    public void ColumnsThatAreNotThere(string column, string problem)
    {
        Assert.Equal($"data.csv:1: {problem}", Samples.CsvError("age,b,c,class\n1,2,3,4\n", [column]));
        Assert.Equal($"data.csv:1: {problem}", Samples.Error(() => Read("age,b,c,class\n1,2,3,4\n", new() { Exclude = [column] })));
    }

    [Fact]
    public void NamesOfDigitsComeBeforeNumbers()
    {
        var table = Samples.ReadCsv("0,1,2\n0.5,1.5,2.5\n3.5,4.5,5.5\n", ["1", "2"]);
        Assert.Equal([1.5, 2.5, 4.5, 5.5], table.Values);
        Assert.Equal(["data.csv: '1' is taken for the column of that name, column 2 of the file", "data.csv: '2' is taken for the column of that name, column 3 of the file"],
            table.Notes.Select(note => note.Message));
    }

    [Fact]
    public void ColumnsAreExcluded()
    {
        Assert.Equal([2, 3], Read("a,b,c\n1,2,3\n", new() { Exclude = ["a"] }).Values);
        Assert.Equal([3], Read("a,b,c\n1,2,3\n", new() { Exclude = ["1-2"] }).Values);
        Assert.Equal([3], Read("a,b,c\n1,2,3\n", new() { Columns = ["2-3"], Exclude = ["b"] }).Values);
        Assert.Equal([2], Read("a,b,c\n1,2,x\n4,,y\n", new() { Exclude = ["a"], Missing = TableMissing.Drop }).Values);
        Assert.Equal("data.csv:1: every column is left out; at least one is required", Samples.Error(() => Read("a,b\n1,2\n", new() { Exclude = ["1-2"] })));
    }

    [Fact]
    public void NamesAreMatchedWhereverTheyStand()
    {
        var table = Read("note,B,a\nx,1,2\ny,3,4\n", new() { Match = ["A", "b"] });
        Assert.True(table.IsMatch);
        Assert.Equal([2, 1, 4, 3], table.Values);
        Assert.Empty(table.Notes);
        Assert.False(Read("a,A,b\n1,2,3\n", new() { Match = ["A ", "b"] }).IsMatch);
        Assert.Equal([2, 3], Read("a,A,b\n1,2,3\n", new() { Match = ["A", "b"] }).Values);
        Assert.Equal([2, 1], Read("5,7\n1,2\n", new() { Match = ["7", "5"] }).Values);
        Assert.False(Read("1,2\n3,4\n", new() { Match = ["a", "b"] }).IsMatch);
    }

    private static NumericTable Read(string text, TableOptions options) => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", options);
}
