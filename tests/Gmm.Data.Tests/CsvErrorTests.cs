using System.Text;

namespace Gmm.Data.Tests;

public class CsvErrorTests
{
    private const string Header = "a,b,petal_length\n1,2,3\n";

    [Theory]
    [InlineData("abc", "'abc' is not a number")]
    [InlineData("", "the cell is empty; 1 value in 1 of")]
    [InlineData("  ", "the cell is empty; 1 value in 1 of")]
    [InlineData("\"\"", "the cell is empty; 1 value in 1 of")]
    [InlineData("NaN", "'NaN' stands for a missing value; 1 value in 1 of")]
    [InlineData("nan", "'nan' stands for a missing value; 1 value in 1 of")]
    [InlineData("Infinity", "'Infinity' is not finite")]
    [InlineData("-inf", "'-inf' is not finite")]
    [InlineData("1e400", "'1e400' is beyond the range of a double (1.8e308)")]
    [InlineData("-1e400", "'-1e400' is beyond the range of a double (1.8e308)")]
    [InlineData("\"1,5\"", "'1,5' is not a number where the decimal separator is '.'; DecimalSeparator = ',' says another, and thousands separators are not accepted")]
    [InlineData("\"1,234.5\"", "'1,234.5' has thousands separators, which are not accepted; write it without them")]
    [InlineData("\"a,b\"", "'a,b' is not a number")]
    [InlineData("4;5", "'4;5' is not a number; cells are taken to be separated by ','; Separator says another")]
    [InlineData("4 5", "'4 5' is not a number; cells are taken to be separated by ','; Separator says another")]
    [InlineData("0x10", "'0x10' is not a number")]
    [InlineData("1_000", "'1_000' is not a number")]
    [InlineData("$5", "'$5' is not a number")]
    [InlineData("5%", "'5%' is not a number")]
    [InlineData("(5)", "'(5)' is not a number")]
    [InlineData("1e", "'1e' is not a number")]
    [InlineData("∞", "'∞' is not a number")]
    [InlineData("\u001b[31mred", "'\\u{001B}[31mred' is not a number")]
    [InlineData("\"4\n5\"", "'4\\n5' is not a number")]
    [InlineData("\u202e4", "'\\u{202E}4' is not a number")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddX", "'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd...' is not a number")]
    public void ABadCellIsNamedByLineColumnAndName(string cell, string problem)
    {
        // What follows is advice.
        Assert.StartsWith($"data.csv:3: column 3 (petal_length): {problem}", Samples.CsvError($"{Header}4,5,{cell}\n7,8,9\n"));
        Assert.StartsWith($"data.csv:2: column 1: {problem}", Samples.CsvError($"1,2\n{cell},3\n4,5\n"));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,x y\n5,6\n",
        "data.csv:3: column 2 (b): 'x y' is not a number; --na 'x y' makes it a missing value, --exclude b leaves the column out")]
    [InlineData("1,2\n3,x\n5,6\n", "data.csv:2: column 2: 'x' is not a number; --na x makes it a missing value, --exclude 2 leaves the column out")]
    [InlineData("x,1.5\n1,2\n3,4\n", "data.csv:1: column 1: 'x' is not a number; --na x makes it a missing value, --exclude 1 leaves the column out, "
        + "--header yes takes the line for names")]
    [InlineData("1\nx\n5\n", "data.csv:2: column 1: 'x' is not a number; --na x makes it a missing value")]
    public void WhatCanBeDoneIsSaid(string text, string error) =>
        Assert.Equal(error, Samples.Error(() => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", new() { ForCommandLine = true })));

    [Fact]
    public void ACellOfMegabytesIsCutInTheMessage() =>
        Assert.Equal($"data.csv:2: column 1: '{new string('€', 40)}...' is not a number", Samples.CsvError($"1\n{new string('€', 1_000_000)}\n2\n"));

    [Fact]
    public void ANameOfMegabytesIsCutInTheMessage() => Assert.Equal(
        $"data.csv:2: column 1 ({new string('n', 40)}...): 'x' is not a number; MissingMarkers = [\"x\"] makes it a missing value",
        Samples.CsvError($"{new string('n', 1_000_000)}\nx\n1\n"));

    /// <summary>The cells of a line without end, as of 2 GB of anything without a line feed.</summary>
    [Fact]
    public void ALineWithoutEndIsRefusedBeforeItFillsTheMemory()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var sparse = new FileStream(path, FileMode.Open)) sparse.SetLength(3L << 30);
            using var stream = File.OpenRead(path);
            Assert.StartsWith("data.csv: the file is neither text nor an array that is known", Samples.Error(() => TableFile.Read(stream, "data.csv")));
            Assert.InRange(stream.Position, 0, 64 << 20);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("1,2,3,4\n1,2,3\n", "data.csv:2: row has 3 cells; 4 are required; cells are taken to be separated by ','; Separator says another")]
    [InlineData("1,2\n\n1,2,3\n", "data.csv:3: row has 3 cells; 2 are required; cells are taken to be separated by ','; Separator says another")]
    [InlineData("1,2\n1\n", "data.csv:2: row has 1 cell; 2 are required; cells are taken to be separated by ','; Separator says another")]
    [InlineData("x\n1\n1,2\n", "data.csv:3: row has 2 cells; 1 is required; cells are taken to be separated by ','; Separator says another; decimal commas need another separator")]
    [InlineData("a,b\n1,5,2,5\n", "data.csv:2: row has 4 cells; 2 are required; cells are taken to be separated by ','; Separator says another; decimal commas need another separator")]
    [InlineData("a\n1,5\n", "data.csv:2: row has 2 cells; 1 is required; cells are taken to be separated by ','; Separator says another; decimal commas need another separator")]
    [InlineData("a\n3,5\n2,7\n", "data.csv:2: row has 2 cells; 1 is required; cells are taken to be separated by ','; Separator says another; decimal commas need another separator")]
    [InlineData("1;2\n1;5;2\n3;4\n", "data.csv:2: row has 3 cells; 2 are required; cells are taken to be separated by ';'; Separator says another")]
    [InlineData("1 2\n1\t5  2\n3 4\n", "data.csv:2: row has 3 cells; 2 are required; cells are taken to be separated by spaces; Separator says another")]
    [InlineData("a,b\n1,2,\n3,4,5\n", "data.csv:3: row has 3 cells; 2 are required; cells are taken to be separated by ','; Separator says another")]
    public void RowsHaveOneLength(string text, string error) => Assert.Equal(error, Samples.CsvError(text));

    [Theory]
    [InlineData("\n\r\n\"a\nb\",c\n\n1,2\n3,x\n5,6", "data.csv:7: column 2 (c): 'x' is not a number")]
    [InlineData("a,b\r\n\r\n1,x\r\n3,4", "data.csv:3: column 2 (b): 'x' is not a number")]
    [InlineData("a,b\n\"1\n\",x\n", "data.csv:3: column 2 (b): 'x' is not a number", "b")]
    [InlineData("\uFEFF1,2\n1,x\n5,6", "data.csv:2: column 2: 'x' is not a number")]
    [InlineData("# c\r\r\r1,2\r# d\r1,x\r5,6", "data.csv:6: column 2: 'x' is not a number")]
    public void LineNumbersCountEveryLineOfTheFile(string text, string error, string? column = null) =>
        Assert.StartsWith(error, Samples.CsvError(text, column is null ? null : [column]));

    [Theory]
    [InlineData("", "data.csv: the file is empty; rows of numbers are required")]
    [InlineData("\uFEFF", "data.csv: the file is empty; rows of numbers are required")]
    [InlineData("\n\r\n  \n", "data.csv: the file has only blank lines; rows of numbers are required")]
    [InlineData("a,b\n", "data.csv: the file has a header and no rows; rows of numbers are required")]
    [InlineData("a,b\n\n\n", "data.csv: the file has a header and no rows; rows of numbers are required")]
    public void AFileWithoutRows(string text, string error) => Assert.Equal(error, Samples.CsvError(text));

    [Theory]
    [InlineData("1,2\n3,4\0\n", "data.csv:2: column 2: '4\\0' holds a NUL byte; UTF-8 text is required")]
    [InlineData("a\0,b\n1,2\n", "data.csv:1: column 1: 'a\\0' holds a NUL byte; UTF-8 text is required")]
    [InlineData("1,x\0\n2,y\n", "data.csv:1: column 2: 'x\\0' holds a NUL byte; UTF-8 text is required")]
    public void NulBytesAreRefusedInEveryColumn(string text, string error) => Assert.Equal(error, Samples.CsvError(text, ["1"]));

    [Theory]
    [InlineData("1,2\n\"3,4\n5,6\n", "data.csv:2: column 1: a quote is opened and never closed")]
    [InlineData("1,2\n3,\"4\"5\n", "data.csv:2: column 2: text follows a closing quote; quotes inside a cell must be doubled")]
    [InlineData("1,2\n3,4\"5\n", "data.csv:2: column 2: a quote stands inside an unquoted cell; quote the whole cell and double the quotes inside")]
    public void BrokenQuotingIsRefused(string text, string error) => Assert.Equal(error, Samples.CsvError(text));

    [Fact]
    public void AQuoteLeftOpenDoesNotReadTheFileIntoMemory()
    {
        var bytes = new byte[40 << 20];
        bytes.AsSpan().Fill((byte)'\n');
        "1\n\""u8.CopyTo(bytes);
        Assert.Equal("data.csv:2: row is longer than 16 MiB; a quote may be left open",
            Samples.Error(() => TableFile.Read(new MemoryStream(bytes), "data.csv")));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "c", "data.csv:1: no column is named 'c'; the columns are 'a', 'b'")]
    [InlineData("\na,b\n1,2\n", "A", "data.csv:2: no column is named 'A'; the columns are 'a', 'b'; is 'a' meant?")]
    [InlineData("1,2\n3,4\n", "a", "data.csv:1: no column is named 'a': there is no header row; choose columns by number")]
    [InlineData("a,b\n1,2\n", "3", "data.csv:1: there is no column '3'; the columns are 1 to 2")]
    [InlineData("a,b\n1,2\n", "0", "data.csv:1: there is no column '0'; the columns are 1 to 2")]
    [InlineData("a\n1\n", "99999999999", "data.csv:1: there is no column '99999999999'; the only column is 1")]
    [InlineData("a,a\n1,2\n", "a", "data.csv:1: columns 1 and 2 are both named 'a'; choose by number")]
    [InlineData("a,b\n1,2\n", "a\nb", "data.csv:1: no column is named 'a\\nb'; the columns are 'a', 'b'")]
    public void AnUnknownColumnIsToldWhatThereIs(string text, string column, string error) =>
        Assert.Equal(error, Samples.CsvError(text, [column]));

    [Fact]
    public void LongListsOfNamesAreCut()
    {
        var names = string.Join(',', Enumerable.Range(1, 25).Select(i => $"c{i}"));
        var shown = string.Join(", ", Enumerable.Range(1, 20).Select(i => $"'c{i}'"));
        Assert.Equal($"data.csv:1: no column is named 'x'; the columns are {shown} and 5 more", Samples.CsvError($"{names}\n{new string('1', 24).Replace("1", "1,")}1\n", ["x"]));
    }

    [Fact]
    public void AColumnCanBeChosenOnce() => Assert.Equal("data.csv:1: column 2 is chosen twice", Samples.CsvError("a,b\n1,2\n", ["b", "2"]));

    [Fact]
    public void TheNameOfTheFileStaysOnOneLine() =>
        Assert.Equal("a\\nb.csv: no column holds numbers: column 1 (empty); cells are taken to be separated by ','; Separator says another",
            Samples.Error(() => TableFile.Read(new MemoryStream("NA\n"u8.ToArray()), "a\nb.csv")));

    [Fact]
    public void WrongArgumentsAreNotErrorsOfTheFile()
    {
        Assert.Throws<ArgumentException>(() => Samples.ReadCsv("1\n", []));
        Assert.Throws<ArgumentException>(() => Samples.ReadCsv("1\n", [null!]));
        Assert.Throws<ArgumentNullException>(() => TableFile.Read((Stream)null!, "x"));
    }
}
