namespace Gmm.Data.Tests;

/// <summary>Lines that hold more than cells, whose first and last columns once were left out as text.</summary>
public class ForeignLineTests
{
    [Theory]
    [InlineData("(1.5, 2.5, 3.5)\n(2.5, 3.5, 1.5)\n(0.5, 1, 2)\n", 1, "'(1.5, 2.5, 3.5)'")]
    [InlineData("x,y,z\n{1, 2, 3},\n{4, 5, 6},\n", 2, "'{1, 2, 3},'")]
    [InlineData("# of rows\n(1 2 3)\n(4 5 6)\n", 2, "'(1 2 3)'")]
    [InlineData("(1,9.9,1.9,8.1),\n(2,9.7,NULL,8.2),\n(3,9.1,1.7,8.4);\n", 1, "'(1,9.9,1.9,8.1),'")]
    [InlineData("(1,2,3),(4,5,6)\n(7,8,9),(1,2,3)\n", 1, "'(1,2,3),(4,5,6)'")]
    [InlineData("c(1.5, 2.5, 3)\nc(3.5, 4.5, 6)\n", 1, "'c(1.5, 2.5, 3)'")]
    [InlineData("x <- c(1.5, 2.5,\n3.5, 4.5)\n", 1, "'x <- c(1.5, 2.5,'")]
    [InlineData("POINT Z (1 2 3)\nPOINT Z (3 4 5)\n", 1, "'POINT Z (1 2 3)'")]
    public void ListsInBracketsAreRefused(string text, int line, string shown) =>
        Assert.Equal($"data.csv:{line}: {shown} is a list in brackets, as code and programs print it, and lines of cells alone are required; tr -d '()[]{{}}' takes brackets out",
            Samples.CsvError(text));

    [Theory]
    [InlineData("INSERT INTO t VALUES (1, 2, 3, 4);\nINSERT INTO t VALUES (5, 6, 7, 8);\n", 1)]
    [InlineData("-- MySQL dump\n\ncreate table `t` (\n  `a` int\n);\nINSERT INTO `t` VALUES\n(1,2,3),\n(4,5,6);\n", 3)]
    [InlineData("/*!40101 SET NAMES utf8 */;\nINSERT INTO \"t\" (\"a\", \"b\") VALUES\n(1,2),\n(4,5);\n", 2)]
    [InlineData("COPY public.t (a, b) FROM stdin;\n1\t2\n3\t4\n\\.\n", 1)]
    public void DumpsOfDatabasesAreRefused(string text, int line) =>
        Assert.StartsWith($"data.csv:{line}: the file is an SQL dump; ", Samples.CsvError(text));

    [Theory]
    [InlineData(" a | b \n---+---\n 1 | 2\n 3 | 4\n(2 rows)\n", 2, "---+---")]
    [InlineData("+---+---+\n| a | b |\n+---+---+\n| 1 | 2 |\n+---+---+\n", 1, "+---+---+")]
    [InlineData("| a | b |\n|---+---|\n| 1 | 2 |\n", 2, "|---+---|")]
    [InlineData("┌───┬───┐\n│ a │ b │\n├───┼───┤\n│ 1 │ 2 │\n└───┴───┘\n", 1, "┌───┬───┐")]
    public void BordersOfTablesAreNamed(string text, int line, string border) =>
        Assert.StartsWith($"data.csv:{line}: '{border}' is the border of a table as consoles show it; psql --csv, ", Samples.CsvError(text));

    // Amounts, and texts in which brackets are a part of a cell.
    [Theory]
    [InlineData("x;y\n(1,234.50);1\n(2,000);2\n3;3\n")]
    [InlineData("name,x,y\na (1),2,3\nb (2),4,5\nc (3),1,7\n")]
    [InlineData("name,x\n\"(1, 2)\",2\n\"(3, 4)\",4\n")]
    [InlineData("statement,ms\nINSERT INTO t VALUES (1),0.5\nSELECT 2,0.25\n")]
    [InlineData("x,y\n--,2\n1,3\n4,5\n")]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n")]
    public void OtherBracketsAreCells(string text)
    {
        try
        {
            Samples.ReadCsv(text);
        }
        catch (TableFormatException e)
        {
            Assert.DoesNotContain("bracket", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("dump", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("border", e.Message, StringComparison.Ordinal);
        }
    }
}
