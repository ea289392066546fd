namespace Gmm.Data.Tests;

/// <summary>Reads files in which rows or numbers once were taken for something else without a word.</summary>
public class SilentFaultTests
{
    [Fact]
    public void ATextThatBeginsLikeACommentIsACell()
    {
        var colors = Samples.ReadCsv("hex,a,b\nred,1.5,2.1\n#00ff00,2.5,3.9\n#0000ff,3.1,1.2\n#123456,6.2,2.3\n#,7,8\n");
        Assert.Equal([1.5, 2.1, 2.5, 3.9, 3.1, 1.2, 6.2, 2.3, 7, 8], colors.Values);
        Assert.Equal("data.csv: 5 points of 2 columns; left out: hex (text)", Assert.Single(colors.Notes).Message);
        Assert.StartsWith("data.csv:3: column 1 (x): '#WERT!' is not a number", Samples.CsvError("x;y\n1,5;2\n#WERT!;3\n2,5;4\n"));
        Assert.StartsWith("data.csv:3: column 1 (x): '##########' is not a number", Samples.CsvError("x,y\n1.5,2\n##########,3\n2.5,4\n"));
        Assert.StartsWith("data.csv:3: column 1 (x): '#CALC!' is not a number", Samples.CsvError("x\n1.5\n#CALC!\n2.5\n"));
    }

    [Fact]
    public void ACommentLikeARowIsCounted()
    {
        var table = Samples.ReadCsv("x,y\n10,200\n#12,200\n# why, oh why\n20,250\n");
        Assert.Equal([10, 200, 20, 250], table.Values);
        Assert.Equal(
            "data.csv: 2 points of 2 columns; 2 lines with as many cells as the rows taken for comments, the first at line 3", Assert.Single(table.Notes).Message);
        Assert.Empty(Samples.ReadCsv("# a,b\nx,y\n1,2\n# the rest is of another day\n3,4\n").Notes);
        Assert.EndsWith(
            "a header and no rows; rows of numbers are required; what begins with '#' or '%' is taken for a comment", Samples.CsvError("issue,x\n#100,1\n#104,2\n"));
    }

    [Fact]
    public void BlankLinesBetweenThePointsOfOneColumnAreCounted()
    {
        var table = Samples.ReadCsv("x\n\n10\n# c\n20\n\n\n15\n12\n\n");
        Assert.Equal([10, 20, 15, 12], table.Values);
        Assert.Contains("2 blank lines between rows passed over", Assert.Single(table.Notes).Message, StringComparison.Ordinal);
        Assert.Empty(Samples.ReadCsv("x,y\n10,1\n\n20,2\n").Notes);
        Assert.Empty(Samples.ReadCsv("\n\nx\n\n10\n20\n\n\n").Notes);
    }

    // Frames write a row without any value so. Rows of a spreadsheet below the table are none.
    [Fact]
    public void ARowWithoutAnyValueHasItsPlaceWhereGapsAreKept()
    {
        const string Text = "x,y\n0,0\n,\n3,1\n,\n,\n4,2\n,\n";
        var table = TableFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Text)), "data.csv", new() { Missing = TableMissing.Keep });
        Assert.Equal([0, 0, double.NaN, double.NaN, 3, 1, double.NaN, double.NaN, double.NaN, double.NaN, 4, 2], table.Values);
        Assert.Contains("1 row without any value passed over; 6 values in 3 of 6 rows are missing", table.Notes[^1].Message, StringComparison.Ordinal);
        var others = Samples.ReadCsv(Text);
        Assert.Equal([0, 0, 3, 1, 4, 2], others.Values);
        Assert.Contains("4 rows without any value passed over", Assert.Single(others.Notes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PointsThatMaySeparateThousandsAreTold()
    {
        var table = Samples.ReadCsv("Ort;n\nA;812\nB;1.234\nC;12.345\nD;45.678\n");
        Assert.Equal([812, 1.234, 12.345, 45.678], table.Values);
        Assert.Contains("data.csv:3: column 2: '1.234' is taken for 1.234, like all of the column; where its points separate thousands, take them out",
            table.Notes.Select(note => note.Message));

        // Numbers of three decimals, of other decimals, and whole ones beyond a thousand.
        foreach (var other in (string[])["x\n1.234\n12.345\n3.600\n", "x\n812\n1.234\n12.5\n", "x\n812\n1.234\n12.345\n0.250\n", "x\n8125\n812\n1.234\n12.345\n"])
            Assert.Empty(Samples.ReadCsv(other).Notes);
    }

    [Fact]
    public void ARowOfSumsIsTold()
    {
        Assert.Contains("the last row is the sum of those above in every column",
            Samples.ReadCsv("Name;Wert\nA;3,5\nB;4,5\nC;1,0\nD;2\nSumme;11,0\n").Notes[0].Message, StringComparison.Ordinal);
        Assert.Empty(Samples.ReadCsv("x,y\n1,2\n2,3\n3,4\n4,5\n10,13\n").Notes);
    }

    [Fact]
    public void ANumberThatStandsForMissingOnesIsTold()
    {
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => FormattableString.Invariant($"{(i % 10 == 3 ? -9999 : 20 + (i % 7))},{i % 5}"))];
        Assert.Equal("data.csv: a is -9999 in 3 rows, far from all others; MissingMarkers = [\"-9999\"] makes it a missing value",
            Assert.Single(Samples.ReadCsv("a,b\n" + string.Join('\n', rows)).Notes).Message);
        rows[4] = "1e20,2";
        Assert.Contains("a is 1e+20 in 1 row", Samples.ReadCsv("a,b\n" + string.Join('\n', rows)).Notes[0].Message, StringComparison.Ordinal);

        // A far point and many zeros are none.
        Assert.Empty(Samples.ReadCsv("a\n" + string.Join('\n', Enumerable.Range(0, 30).Select(i => i == 5 ? 500 : i % 3 == 0 ? 0 : i % 11))).Notes);
    }

    [Fact]
    public void NumbersOfIdentifiersAreTold()
    {
        string[] rows = [.. Enumerable.Range(0, 30).Select(i => FormattableString.Invariant($"{i * 7919 % 10007},{i % 4}"))];
        foreach (var name in (string[])["id", "ID", "patient_id", "patientId"])
        {
            Assert.Equal($"data.csv: {name} has another whole number in each row, as an identifier has; Exclude = [\"{name}\"] leaves it out",
                Assert.Single(Samples.ReadCsv($"{name},x\n" + string.Join('\n', rows)).Notes).Message);
        }
        foreach (var name in (string[])["acid", "grid", "count"]) Assert.Empty(Samples.ReadCsv($"{name},x\n" + string.Join('\n', rows)).Notes);
    }

    [Theory]
    [InlineData("id\tx\ty\n\t1.5\t2\n\t2.5\t3\n\t3.5\t1\n")]
    [InlineData("x\tn\ty\n1.5\t\t2\n2.5\t\t3\n3.5\t\t1\n")]
    [InlineData("x\ty\tn\n1.5\t2\t\n2.5\t3\t\n3.5\t1\t\n")]
    [InlineData("\u00A01.5,2\n2.5\u00A0,3\n\u00A0 3.5 \u00A0,1\n")]
    public void EmptyColumnsBetweenTabsAndSpacesThatDoNotBreakAreNoFault(string text) =>
        Assert.Equal([1.5, 2, 2.5, 3, 3.5, 1], Samples.ReadCsv(text).Values);

    [Theory]
    [InlineData("% of Weka\n\n@RELATION r\n@ATTRIBUTE x NUMERIC\n@DATA\n1\n", "is an ARFF file")]
    [InlineData("\"TOA5\",\"station\"\n\"TIMESTAMP\",\"x\"\n", "is a TOA5 file of a data logger")]
    [InlineData("ncols 3\nnrows 2\n1 2 3\n4 5 6\n", "is an ESRI grid")]
    public void MoreKindsOfTextsAreNamed(string text, string problem) => Assert.StartsWith($"data.csv: the file {problem}", Samples.CsvError(text));

    [Fact]
    public void NumbersThatASpreadsheetKeepsAsTextsAreNamed()
    {
        var table = Samples.ReadCsv("a,b\n=\"10.65\",1\n=\"13.81\",2\n=\"17.05\",3\n");
        Assert.Equal([1, 2, 3], table.Values);
        Assert.Contains("a (numbers with signs or units about them, such as '=\"10.65\"'", Assert.Single(table.Notes).Message, StringComparison.Ordinal);
    }
}
