using System.Text;
using CsCheck;
using Gmm.Data.Text;

namespace Gmm.Data.Tests.Streaming;

/// <summary>A table in pieces is the table.</summary>
public class PieceTests
{
    [Fact]
    public void TextInPiecesIsTheText()
    {
        (from rows in Gen.Int[1, 60]
         from most in Gen.Int[1, 60]
         from kind in Gen.Int[0, 3]
         from isDropped in Gen.Bool
         from seed in Gen.Int
         select (rows, most, kind, isDropped, seed)).Sample(
            testCase =>
            {
                var (rows, most, kind, isDropped, seed) = testCase;
                var random = new Random(seed);
                var text = new StringBuilder(kind switch { 0 => ",name,x,w\n", 1 => "name,x,y,w\n", _ => "a,x,y,w\n" });
                for (var i = 0; i < rows; i++)
                {
                    var x = i > 0 && random.Next(4) == 0 ? "NA" : FormattableString.Invariant($"{random.NextDouble() * 100:r}");
                    text.Append(kind switch { 0 => FormattableString.Invariant($"{i},name,{x},"), 1 => FormattableString.Invariant($"t{i},{x},2.5,"), _ => FormattableString.Invariant($"{i * 0.5},{x},1.5,") });
                    text.Append(FormattableString.Invariant($"{(i == 0 ? 1 : random.Next(3))}\n"));
                }

                var options = new TableOptions { Missing = isDropped ? TableMissing.Drop : TableMissing.Keep, Weights = kind == 3 ? "w" : null };
                var whole = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "d.csv", options);
                NumericTable[] pieces = [.. CsvTable.ReadPieces(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "d.csv", options, most)];
                Assert.All(pieces, piece => Assert.Equal(whole.ColumnNames, piece.ColumnNames));
                Assert.Equal(whole.Values, pieces.SelectMany(piece => piece.Values));
                Assert.Equal(whole.Weights, whole.Weights is null ? null : pieces.SelectMany(piece => piece.Weights!));
                Assert.Equal(Left(whole), Left(pieces[^1]));
            },
            iter: 200,
            threads: 1);

        static IEnumerable<string> Left(NumericTable table) =>
            table.Notes.Where(note => note.Kind == TableNoteKind.LeftOut).Select(note => note.Message);
    }

    [Fact]
    public void ColumnsThatTheFirstPieceLeavesOutStaySo()
    {
        var text = new StringBuilder("x,y\n");
        for (var i = 0; i < 40_000; i++) text.Append(i < 39_990 ? "1.5,\n" : "1.5,2\n");
        var error = Samples.Error(() =>
        {
            foreach (var piece in CsvTable.ReadPieces(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "d.csv", new TableOptions(), 1000)) Assert.Equal(1, piece.Columns);
        });
        Assert.Matches("^d.csv: y has numbers after \\d+ rows without any; Exclude = \\[\"y\"\\] leaves it out$", error);
    }

    [Theory]
    [InlineData(".parquet", false)]
    [InlineData(".parquet", true)]
    [InlineData(".arrow", false)]
    [InlineData(".feather", true)]
    [InlineData(".npy", true)]
    public void BinaryFormatsComeBack(string extension, bool isSingle)
    {
        using var files = new Files();
        var path = files.Path("t" + extension);
        double[] values = [.. Files.Numbers(3000, 5).Select(x => isSingle ? (float)(x / 3) : x / 3)];
        string[] names = ["a", "ü", "c d"];
        TableFile.Write(path, new RowStream(1000, 3, names, receiver =>
        {
            for (var i = 0; i < 3000; i += 300) receiver(values.AsSpan(i, 300));
        })
        {
            IsSingle = isSingle,
        });
        var table = TableFile.Read(path);
        Assert.Equal(values, table.Values);
        Assert.Equal(extension == ".npy" ? null : names, table.ColumnNames);
        using var opened = PointFiles.Open([path, path], new TableOptions { Columns = ["3", "1"] });
        Assert.Equal(2000, opened.Rows);
        Assert.Equal([values[5], values[3], values[8], values[6]], opened.Doubles().Read(1001, 2, new double[4]).ToArray());
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);
        Assert.StartsWith($"{path}: ", Samples.Error(() => TableFile.Read(path)));
    }

    [Fact]
    public void OtherFormatsAreConvertedOnceAndLeaveNothingBehind()
    {
        using var files = new Files();
        var cache = Directory.CreateDirectory(files.Path("cache")).FullName;
        File.WriteAllText(files.Path("a.csv"), "x,w,y\n1,2,3\n4,0,5\n6,1,7\n");
        File.WriteAllText(files.Path("b.tsv"), "x\tw\ty\n8\t3\t9\n");
        using (var opened = PointFiles.Open([files.Path("a.csv"), files.Path("b.tsv")], new TableOptions { Weights = "w" }, cache))
        {
            Assert.Equal(["x", "y"], opened.ColumnNames);
            Assert.Equal([1, 3, 6, 7, 8, 9], opened.Doubles().Read(0, 3, new double[6]).ToArray());
            var weights = new double[3];
            opened.Doubles().ReadWeights(0, weights);
            Assert.Equal([2, 1, 3], weights);
        }

        Assert.Empty(Directory.GetFileSystemEntries(cache));
        File.WriteAllText(files.Path("b.tsv"), "x\tw\n8\t3\n");
        Assert.Equal(
            $"{files.Path("b.tsv")}: has the columns 'x', 'w', and {files.Path("a.csv")} has 'x', 'y', 'w'; the same in the same order are required, which Columns may choose by name",
            Samples.Error(() => PointFiles.Open([files.Path("a.csv"), files.Path("b.tsv")], new TableOptions { Weights = "w" }, cache)));
        Assert.Empty(Directory.GetFileSystemEntries(cache));
        Assert.StartsWith($"{files.Path("nowhere")}: ", Samples.Error(() => PointFiles.Open([files.Path("a.csv")], null, files.Path("nowhere"))));
    }

    [Fact]
    public void RowsAreLeftOutOfArraysToo()
    {
        using var files = new Files();
        var path = files.Write("a.npy", Files.Array("<f4", [1, 2, double.NaN, 4, 5, 6], 2, true));
        using var opened = PointFiles.Open([path], new TableOptions { Missing = TableMissing.Drop });
        Assert.Equal([1, 2, 5, 6], opened.Doubles().Read(0, 2, new double[4]).ToArray());
        Assert.Equal($"{path}: 1 of 3 rows left out", Assert.Single(opened.Notes).Message);
    }

    [Theory]
    [InlineData("x,y,w\n1,2,3\n", "y,x,w\n1,2,3\n", null)]
    [InlineData("x,y,w\n1,2,3\n", "x,y,v\n1,2,3\n", "3")]
    [InlineData("x,y,w\n1,,3\n", "x,y,w\n1,2,\n", null)]
    [InlineData("1,,3\n4,,6\n", "1,2,\n4,5,\n", null)]
    [InlineData("x,y,w\n1,2,3\n", "x,y\n1,2\n", null)]
    public void OtherColumnsAreRefusedWithTheNameOfTheirFile(string first, string second, string? weights)
    {
        using var files = new Files();
        var (a, b) = (files.Path("a.csv"), files.Path("b.csv"));
        File.WriteAllText(a, first);
        File.WriteAllText(b, second);
        Assert.StartsWith($"{b}: has the columns ", Samples.Error(() => PointFiles.Open([a, a, b], new TableOptions { Weights = weights })));
    }

    [Fact]
    public void ColumnsAreAMatchWhereThoseOfAllFilesAre()
    {
        using var files = new Files();
        var (a, b, c) = (files.Path("a.csv"), files.Path("b.csv"), files.Path("c.csv"));
        File.WriteAllText(a, "x,y\n1,2\n");
        File.WriteAllText(b, "Y,X,z\n4,3,0\n");
        File.WriteAllText(c, "5,6\n");
        var options = new TableOptions { Match = ["x", "y"] };
        using (var opened = PointFiles.Open([a, b], options))
        {
            Assert.True(opened.IsMatch);
            Assert.Equal([1, 2, 3, 4], opened.Doubles().Read(0, 2, new double[4]).ToArray());
        }

        using var nameless = PointFiles.Open([c, a], options);
        Assert.False(nameless.IsMatch);
        Assert.Equal(["x", "y"], nameless.ColumnNames);
    }

    [Fact]
    public void NamesThatAreThereTwiceAreRefusedInParquet()
    {
        using var files = new Files();
        var path = files.Path("t.parquet");
        Assert.Equal($"{path}: columns 1 and 3 are both named 'x'; in a .parquet file each column needs a name of its own",
            Samples.Error(() => TableFile.Write(path, new NumericTable([1, 2, 3], 3, ["x", "y", "x"]))));
        Assert.Equal($"{path}: column 2 has no name; in a .parquet file each column needs a name of its own",
            Samples.Error(() => TableFile.Write(path, new NumericTable([1, 2], 2, ["x", ""]))));
        Assert.False(File.Exists(path));

        // The names of a file are text of the same length in its schema and in its columns.
        TableFile.Write(path, new NumericTable([1, 2, 3], 3, ["column_a", "column_b", "column_c"]));
        var bytes = Encoding.Latin1.GetString(File.ReadAllBytes(path)).Replace("column_c", "column_a", StringComparison.Ordinal);
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(bytes));
        Assert.StartsWith($"{path}: column 1 has the name 'column_a', as another column has", Samples.Error(() => TableFile.Read(path)));
        Assert.StartsWith($"{path}: column 3 has the name 'column_a', as another column has", Samples.Error(() => TableFile.Read(path, new TableOptions { Columns = ["2"], Weights = "3" })));
        Assert.Equal([2], TableFile.Read(path, new TableOptions { Columns = ["2"] }).Values);
    }
}
