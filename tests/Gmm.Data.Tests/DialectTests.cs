using System.Text;

namespace Gmm.Data.Tests;

/// <summary>How cells are separated and numbers written, found out from the text.</summary>
public class DialectTests
{
    [Theory]
    [InlineData("1,2\n3,4\n")]
    [InlineData("1;2\n3;4\n")]
    [InlineData("1\t2\n3\t4\n")]
    [InlineData("1|2\n3|4\n")]
    [InlineData("1 2\n3 4\n")]
    [InlineData("   1    2\n  3  \t 4  \n")]
    [InlineData("1 , 2\n3 , 4\n")]
    [InlineData("1 ; 2\n 3;4\n")]
    [InlineData("1 | 2\n3 | 4\n")]
    [InlineData("1 \"2\"\n\"3\" 4\n")]
    [InlineData("sep=;\n1;2\n3;4\n")]
    [InlineData("sep=|\r\n1|2\r\n3|4\r\n")]
    [InlineData("1,2,\n3,4,\n")]
    [InlineData("1;2;;;\n3;4\n")]
    [InlineData("1;2\n3;4;\n")]
    [InlineData("# a comment, with commas\n1,2\n# another\n3,4\n% and one more\n")]
    [InlineData("1,2\n,\n3,4\n,,\n")]
    public void EverySeparatorIsFound(string text)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1, 2, 3, 4], table.Values);
        Assert.Equal(2, table.Columns);
    }

    [Theory]
    [InlineData("1,5;2,25\n-3,75;4\n")]
    [InlineData("1,5\t2,25\n-3,75\t4\n")]
    [InlineData("1,5|2,25\n-3,75|4\n")]
    [InlineData("1,5 2,25\n-3,75  4\n")]
    [InlineData("a;b\n1,5;2,25\n-3,75;4\n")]
    [InlineData("\"a\";\"b\"\n\"1,5\";\"2,25\"\n\"-3,75\";\"4\"\n")]
    [InlineData("id;a;b\nx 1,2;1,5;2,25\ny;-3,75;4\n")]
    public void DecimalCommasAreFoundWhereTheSeparatorLeavesThemFree(string text) =>
        Assert.Equal([1.5, 2.25, -3.75, 4], Samples.ReadCsv(text).Values);

    [Theory]
    [InlineData("name,x\nSmith John,1\nDoe; Jane,2\n", "x")]
    [InlineData("day,x\n2020-01-01 10:00:00,1\n2020-01-02 11:30:00,2\n", "x")]
    [InlineData("name\tx\nSmith, John\t1\nDoe, Jane\t2\n", "x")]
    [InlineData("size,x\n5.1 cm,1\n4.9 cm,2\n", "x")]
    [InlineData("a,\"b, c\"\nu,1\nv,2\n", "b, c")]
    public void TextThatHoldsOtherSeparatorsDoesNotMislead(string text, string name)
    {
        var table = Samples.ReadCsv(text);
        Assert.Equal([1, 2], table.Values);
        Assert.Equal([name], table.ColumnNames);
    }

    [Theory]
    [InlineData("id\tvalue\tday\n1\t1.5\tJan 24, 2020\n3\t2.5\tFeb 2, 2020\n7\t3.5\tMar 9, 2020\n", "value")]
    [InlineData("site\tplot\tvalue\nA\tx\t1,5\nB\ty\t2,5\nC\tx\t3,5\n", "value")]
    [InlineData("site plot value\nA x 1,5\nB y 2,5\nC x 3,5\n", "value")]
    [InlineData("amount;value\n8,61 €;1,5\n14,05 €;2,5\n19,13 €;3,5\n", "value")]
    [InlineData("amount;value\n8,61%;1,5\n14,05%;2,5\n19,13%;3,5\n", "value")]
    [InlineData("place;value\n10,41, 11,44;1,5\n12,41, 11,44;2,5\n10,43, 11,45;3,5\n", "value")]
    [InlineData("list|value\n1,2,4|1,5\n1,3,4|2,5\n1,2,5|3,5\n", "value")]
    [InlineData("name\tvalue\tw\nAnn\t1.5\t61.5 kg\nBob\t2.5\t80.1 kg\nCid\t3.5\t77.0 kg\n", "value")]
    [InlineData("elapsed,value\n0 days 00:01:00,1.50\n1 days 00:02:00,2.50\n2 days 00:03:00,3.50\n", "value")]
    [InlineData("when,value\nMon Jan 5 2020 10:00,1.5\nTue Jan 6 2020 10:00,2.5\nWed Jan 7 2020 10:00,3.5\n", "value")]
    [InlineData("8,61 €;1,5\n14,05 €;2,5\n19,13 €;3,5\n", null)]
    [InlineData("Smith, John\t1.5\nDoe, Jane\t2.5\nRoe, Ann\t3.5\n", null)]
    public void WhatSplitsTheHeaderLikeTheRowsSeparates(string text, string? name)
    {
        var table = Samples.ReadCsv(text, name is null ? null : [name]);
        Assert.Equal([1.5, 2.5, 3.5], table.Values);
    }

    [Theory]
    [InlineData("\"1,5\",2\n3,4\n", "data.csv:1: column 1: '1,5' is not a number where the decimal separator is '.'")]
    [InlineData("1,234\t2,345\n3,456\t4,567\n", "data.csv:1: column 1: '1,234' may have a decimal comma or a thousands separator; DecimalSeparator = ','")]
    [InlineData("1,234,567;1\n3,5;2\n4,5;3\n", "data.csv:1: column 1: '1,234,567' has thousands separators, which are not accepted; write it without them")]
    [InlineData("1.603.204;1\n3,5;2\n4,5;3\n", "data.csv:1: column 1: '1.603.204' has thousands separators, which are not accepted; write it without them")]
    [InlineData("1.234,5;1\n3,5;2\n4,5;3\n", "data.csv:1: column 1: '1.234,5' has thousands separators, which are not accepted; write it without them")]
    [InlineData("1.5;1\n3,5;2\n4,5;3\n", "data.csv:1: column 1: '1.5' is not a number where the decimal separator is ','")]
    [InlineData("3;1\n1 234;2\n4;3\n", "data.csv:2: column 1: '1 234' has thousands separators, which are not accepted; write it without them")]
    [InlineData("a,b\n\"1,234\",5\n\"2,345\",6\n", "data.csv:2: column 1 (a): '1,234' is not a number where the decimal separator is '.'")]
    public void ThousandsAreNeverReadSilently(string text, string error) => Assert.StartsWith(error, Samples.CsvError(text));

    [Fact]
    public void GroupsOfThreeBesideSemicolonsAreDecimalsWithANote()
    {
        var table = Samples.ReadCsv("1,234;2\n3,456;4\n");
        Assert.Equal([1.234, 2, 3.456, 4], table.Values);
        Assert.Equal("data.csv:1: column 1: '1,234' is taken for 1.234, like all numbers with a comma; DecimalSeparator = '.' refuses them",
            Assert.Single(table.Notes).Message);
        Assert.Empty(Samples.ReadCsv("0,234;2\n3,456;4\n").Notes);
    }

    [Fact]
    public void WhatIsSaidIsNotGuessed()
    {
        Assert.Equal([1.5, 2.5], Read("1,5\n2,5\n", new() { DecimalSeparator = ',' }).Values);
        Assert.Equal([1.5, 2.5], Read("x\n1,5\n2,5\n", new() { Separator = ';' }).Values);
        Assert.Equal([1.5, 2, 2.5, 3], Read("\"1,5\",2\n\"2,5\",3\n", new() { Separator = ',', DecimalSeparator = ',' }).Values);
        Assert.Equal([1.5, 2, 2.5, 3], Read("x,y\n\"1,5\",2\n\"2,5\",3\n", new() { DecimalSeparator = ',' }).Values);
        Assert.Equal([1.5, 2.5], Read("\"x,y\"\n1,5\n2,5\n", new() { DecimalSeparator = ',' }).Values);
        Assert.Equal([1, 5, 2, 5], Read("1:5\n2:5\n", new() { Separator = ':' }).Values);
        Assert.StartsWith("data.csv:1: column 1: '1,5' is not a number where the decimal separator is '.'",
            Samples.Error(() => Read("1,5;2\n", new() { DecimalSeparator = '.' })));
        Assert.EndsWith("cells are separated by ';', as Separator says", Samples.Error(() => Read("1;2\n1;2;3\n", new() { Separator = ';' })));
    }

    [Theory]
    [InlineData('1')]
    [InlineData('"')]
    [InlineData('.')]
    [InlineData('\n')]
    [InlineData('ä')]
    public void CharactersThatCannotSeparateAreRefused(char separator)
    {
        Assert.Throws<ArgumentException>(() => new TableOptions { Separator = separator });
        Assert.Throws<ArgumentException>(() => new TableOptions { DecimalSeparator = ';' });
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void AByteOrderMarkSaysTheEncoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("größe;b\r\n1,5;2\r\n3;4\r\n")];
        foreach (var stream in new Stream[] { new MemoryStream(bytes), new Samples.Pipe(bytes, 3) })
        {
            var table = TableFile.Read(stream, "data.csv");
            Assert.Equal([1.5, 2, 3, 4], table.Values);
            Assert.Equal(["größe", "b"], table.ColumnNames);
            Assert.Empty(table.Notes);
        }
    }

    [Fact]
    public void OtherEncodingsAreSaidOrGuessedWithANote()
    {
        var bytes = Encoding.Latin1.GetBytes("größe;b\n1,5;2\n3;4\n");
        var guessed = TableFile.Read(new MemoryStream(bytes), "data.csv");
        Assert.Equal(["größe", "b"], guessed.ColumnNames);
        Assert.Equal("data.csv: the text is not UTF-8 and is read as Windows-1252; Encoding says another", Assert.Single(guessed.Notes).Message);
        var said = TableFile.Read(new MemoryStream(bytes), "data.csv", new() { Encoding = Encoding.Latin1 });
        Assert.Equal(["größe", "b"], said.ColumnNames);
        Assert.Empty(said.Notes);
        Assert.Equal("data.csv: the file looks like UTF-16 without a byte order mark; Encoding utf-16 reads it",
            Samples.Error(() => TableFile.Read(new MemoryStream(Encoding.Unicode.GetBytes("eins,zwei\n1,2\n3,4\n")), "data.csv")));
        Assert.Equal([1, 2], TableFile.Read(new MemoryStream(Encoding.Unicode.GetBytes("a,b\n1,2\n")), "x", new() { Encoding = Encoding.Unicode }).Values);
    }

    [Fact]
    public void ATableThatIsWiderThanASampleIsRead()
    {
        const int Columns = 60_000;
        var line = string.Join(';', Enumerable.Range(0, Columns).Select(i => $"{i},5"));
        var table = Samples.ReadCsv($"{line}\n{line}\n{line}\n");
        Assert.Equal((3, Columns, Columns - 0.5), (table.Rows, table.Columns, table.Values[^1]));
    }

    [Fact]
    public void AFormulaErrorIsNoComment() => Assert.StartsWith("data.csv:2: column 1: '#DIV/0!' is not a number", Samples.CsvError("1,2\n#DIV/0!,3\n5,6\n"));

    private static NumericTable Read(string text, TableOptions options) => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "data.csv", options);
}
