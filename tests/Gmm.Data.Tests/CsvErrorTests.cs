using System.Text;

namespace Gmm.Data.Tests;

public class CsvErrorTests
{
    private const string Header = "a,b,petal_length\n1,2,3\n";

    [Theory]
    [InlineData("abc", "'abc' is not a number")]
    [InlineData("", "the cell is empty; a number is required")]
    [InlineData("  ", "the cell is empty; a number is required")]
    [InlineData("\"\"", "the cell is empty; a number is required")]
    [InlineData("NaN", "'NaN' is not finite")]
    [InlineData("nan", "'nan' is not finite")]
    [InlineData("Infinity", "'Infinity' is not finite")]
    [InlineData("-inf", "'-inf' is not finite")]
    [InlineData("1e400", "'1e400' is beyond the range of a double (1.8e308)")]
    [InlineData("-1e400", "'-1e400' is beyond the range of a double (1.8e308)")]
    [InlineData("\"1,5\"", "'1,5' is not a number; the decimal separator must be '.', and thousands separators are not allowed")]
    [InlineData("\"1,234.5\"", "'1,234.5' is not a number; the decimal separator must be '.', and thousands separators are not allowed")]
    [InlineData("\"a,b\"", "'a,b' is not a number")]
    [InlineData("4;5", "'4;5' is not a number; cells must be separated by ','")]
    [InlineData("4 5", "'4 5' is not a number; cells must be separated by ','")]
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
        Assert.Equal($"data.csv:3: column 3 (petal_length): {problem}", Samples.CsvError($"{Header}4,5,{cell}\n7,8,9\n"));
        Assert.Equal($"data.csv:2: column 1: {problem}", Samples.CsvError($"1,2\n{cell},3\n"));
    }

    [Fact]
    public void ACellOfMegabytesIsCutInTheMessage() =>
        Assert.Equal($"data.csv:2: column 1: '{new string('€', 40)}...' is not a number", Samples.CsvError($"1\n{new string('€', 1_000_000)}\n"));

    [Fact]
    public void ANameOfMegabytesIsCutInTheMessage() => Assert.Equal(
        $"data.csv:2: column 1 ({new string('n', 40)}...): 'x' is not a number", Samples.CsvError($"{new string('n', 1_000_000)}\nx\n"));

    /// <summary>The cells of a line without end, as of 2 GB of anything without a line feed.</summary>
    [Fact]
    public void ALineWithoutEndIsRefusedBeforeItFillsTheMemory()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var sparse = new FileStream(path, FileMode.Open)) sparse.SetLength(3L << 30);
            using var stream = File.OpenRead(path);
            Assert.Equal("data.csv:1: row is longer than 16 MiB; a quote may be left open", Samples.Error(() => CsvTable.Read(stream, "data.csv")));
            Assert.InRange(stream.Position, 0, 64 << 20);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("1,2,3,4\n1,2,3\n", "data.csv:2: row has 3 cells; 4 are required")]
    [InlineData("1,2\n\n1,2,3\n", "data.csv:3: row has 3 cells; 2 are required")]
    [InlineData("1,2\n1\n", "data.csv:2: row has 1 cell; 2 are required")]
    [InlineData("x\n1\n1,2\n", "data.csv:3: row has 2 cells; 1 is required")]
    [InlineData("a,b\n1,2,\n", "data.csv:2: row has 3 cells; 2 are required")]
    [InlineData("a,b\n1,5,2,5\n", "data.csv:2: row has 4 cells; 2 are required; the decimal separator must be '.'")]
    [InlineData("a\n1,5\n", "data.csv:2: row has 2 cells; 1 is required; the decimal separator must be '.'")]
    [InlineData("a;b\n1,5;2,5\n", "data.csv:2: row has 3 cells; 1 is required; cells must be separated by ',', and the decimal separator must be '.'")]
    [InlineData("1,2\n1,5,2,5\n", "data.csv:2: row has 4 cells; 2 are required")]
    [InlineData("a,b\n1,5,x,5\n", "data.csv:2: row has 4 cells; 2 are required")]
    [InlineData("a,b,\n1,2,\n", "data.csv:2: column 3: the cell is empty; a number is required")]
    public void RowsHaveOneLength(string text, string error) => Assert.Equal(error, Samples.CsvError(text));

    [Theory]
    [InlineData("\n\r\n\"a\nb\",c\n\n1,2\n3,x\n", "data.csv:7: column 2 (c): 'x' is not a number")]
    [InlineData("a,b\r\n\r\n1,x\r\n", "data.csv:3: column 2 (b): 'x' is not a number")]
    [InlineData("a,b\n\"1\n\",x\n", "data.csv:3: column 2 (b): 'x' is not a number", "b")]
    [InlineData("\uFEFF1,2\n1,x", "data.csv:2: column 2: 'x' is not a number")]
    public void LineNumbersCountEveryLineOfTheFile(string text, string error, string? column = null) =>
        Assert.Equal(error, Samples.CsvError(text, column is null ? null : [column]));

    [Theory]
    [InlineData("", "data.csv: the file is empty; rows of numbers are required")]
    [InlineData("\uFEFF", "data.csv: the file is empty; rows of numbers are required")]
    [InlineData("\n\r\n  \n", "data.csv: the file has only blank lines; rows of numbers are required")]
    [InlineData("a,b\n", "data.csv: the file has a header and no rows; rows of numbers are required")]
    [InlineData("a,b\n\n\n", "data.csv: the file has a header and no rows; rows of numbers are required")]
    public void AFileWithoutRows(string text, string error) => Assert.Equal(error, Samples.CsvError(text));

    [Theory]
    [InlineData(false, "data.csv: the file is UTF-16; UTF-8 is required")]
    [InlineData(true, "data.csv: the file is UTF-16; UTF-8 is required")]
    public void Utf16IsKnownByItsMark(bool bigEndian, string error)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        Assert.Equal(error, Samples.CsvError([.. encoding.GetPreamble(), .. encoding.GetBytes("1,2\n3,4\n")]));
    }

    [Fact]
    public void Utf32IsKnownByItsMark()
    {
        var encoding = new UTF32Encoding(false, true);
        Assert.Equal("data.csv: the file is UTF-32; UTF-8 is required", Samples.CsvError([.. encoding.GetPreamble(), .. encoding.GetBytes("1,2\n")]));
    }

    [Theory]
    [InlineData("1,2\n3,4\0\n", "data.csv:2: column 2: '4\\0' holds a NUL byte; UTF-8 text is required")]
    [InlineData("a\0,b\n1,2\n", "data.csv:1: column 1: 'a\\0' holds a NUL byte; UTF-8 text is required")]
    [InlineData("1,x\0\n2,y\n", "data.csv:1: column 2: 'x\\0' holds a NUL byte; UTF-8 text is required")]
    public void NulBytesAreRefusedInEveryColumn(string text, string error) => Assert.Equal(error, Samples.CsvError(text, ["1"]));

    [Fact]
    public void NamesMustBeUtf8() =>
        Assert.Equal("data.csv:1: row is not UTF-8 text; UTF-8 is required", Samples.CsvError([(byte)'g', 0xF6, (byte)'\n', (byte)'1']));

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
            Samples.Error(() => CsvTable.Read(new MemoryStream(bytes), "data.csv")));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "c", "data.csv:1: no column is named 'c'; the columns are 'a', 'b'")]
    [InlineData("\na,b\n1,2\n", "A", "data.csv:2: no column is named 'A'; the columns are 'a', 'b'")]
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
        Assert.Equal($"data.csv:1: no column is named 'x'; the columns are {shown} and 5 more", Samples.CsvError($"{names}\n", ["x"]));
    }

    [Fact]
    public void AColumnCanBeChosenOnce() => Assert.Equal("data.csv:1: column 2 is chosen twice", Samples.CsvError("a,b\n1,2\n", ["b", "2"]));

    [Fact]
    public void TheNameOfTheFileStaysOnOneLine() =>
        Assert.Equal("a\\nb.csv:1: column 1: 'NA' is not a number",
            Samples.Error(() => CsvTable.Read(new MemoryStream("NA\n"u8.ToArray()), "a\nb.csv")));

    [Fact]
    public void WrongArgumentsAreNotErrorsOfTheFile()
    {
        Assert.Throws<ArgumentException>(() => Samples.ReadCsv("1\n", []));
        Assert.Throws<ArgumentException>(() => Samples.ReadCsv("1\n", [null!]));
        Assert.Throws<ArgumentNullException>(() => CsvTable.Read(null!, "x"));
    }
}
