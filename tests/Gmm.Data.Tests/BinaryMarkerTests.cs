using System.IO.Compression;
using Gmm.Data.Tests.Streaming;

namespace Gmm.Data.Tests;

/// <summary>Markers of missing values, and warnings, of files that hold numbers and not their texts.</summary>
public sealed class BinaryMarkerTests : IDisposable
{
    private static readonly double[] s_values = [1.5, 2, 3, 5, -9999, 4, 6, 1];

    private readonly Files _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("t.npy")]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public void ANumberThatIsAMarkerIsAMissingValue(string name)
    {
        var path = Write(name, s_values);
        var options = new TableOptions { MissingMarkers = ["-9.999e3", "n.d."], Missing = TableMissing.Drop };
        Assert.Equal([1.5, 2, 3, 5, 6, 1], TableFile.Read(path, options).Values);
        Assert.EndsWith(": 3 points of 2 columns; 1 of 4 rows left out for missing values", Assert.Single(TableFile.Read(path, options).Notes).Message);
        double[] kept = [1.5, 2, 3, 5, double.NaN, 4, 6, 1];
        Assert.Equal(kept, TableFile.Read(path, options with { Missing = TableMissing.Keep }).Values);
        Assert.StartsWith($"{path}: row 3, column 1", Samples.Error(() => TableFile.Read(path, options with { Missing = TableMissing.Error })));
        Assert.Contains("-9999 stands for a missing value; ", Samples.Error(() => TableFile.Read(path, options with { Missing = TableMissing.Error })));

        using (var dropped = PointFiles.Open([path, path], options))
            Assert.Equal([1.5, 2, 3, 5, 6, 1, 1.5, 2, 3, 5, 6, 1], dropped.Doubles().Read(0, 6, new double[12]).ToArray());
        using (var whole = PointFiles.Open([path], options with { Missing = TableMissing.Keep }))
        {
            Assert.Equal(kept, whole.Doubles().Read(0, 4, new double[8]).ToArray());
            Assert.Equal(kept.Select(x => (float)x), whole.Singles().Read(0, 4, new float[8]).ToArray());
        }

        Assert.Contains("-9999 stands for a missing value; ", Samples.Error(() =>
        {
            using var opened = PointFiles.Open([path], options with { Missing = TableMissing.Error });
            opened.Doubles().Read(0, 4, new double[8]);
        }));
    }

    [Fact]
    public void MarkersFitFloatsAndInfinity()
    {
        var path = _files.Write("f.npy", Files.Array("<f4", [1, 1e20, 0.1, 4, double.NegativeInfinity, 6], 1, false));
        var options = new TableOptions { MissingMarkers = ["1e20", "0.1", "-inf"], Missing = TableMissing.Drop };
        Assert.Equal([1, 4, 6], TableFile.Read(path, options).Values);
        using var opened = PointFiles.Open([path], options with { Missing = TableMissing.Keep });
        Assert.Equal([1, float.NaN, float.NaN, 4, float.NaN, 6], opened.Singles().Read(0, 6, new float[6]).ToArray());
    }

    [Fact]
    public void AMarkerIsNoWeight()
    {
        foreach (var name in (string[])["w.npy", "w.parquet"])
        {
            var path = Write(name, [1, 2, 3, -1, 5, 6]);
            var options = new TableOptions { Weights = "2", MissingMarkers = ["-1"], Missing = TableMissing.Drop };
            Assert.Equal([1, 5], TableFile.Read(path, options).Values);
            Assert.Contains("row 2, column 2", Samples.Error(() => TableFile.Read(path, options with { Missing = TableMissing.Error })));
            Assert.EndsWith("-1 stands for a missing value; a weight is required", Samples.Error(() => TableFile.Read(path, options with { Missing = TableMissing.Error })));
        }
    }

    [Theory]
    [InlineData("t.npy")]
    [InlineData("t.parquet")]
    [InlineData("t.feather")]
    public void CodesAndCountsAreTold(string name)
    {
        double[] values = [.. Enumerable.Range(0, 30).SelectMany(i => (double[])[i % 10 == 3 ? -9999 : 20.5 + (i % 7), i + 100])];
        var path = Write(name, values, ["a", "patient_id"]);
        var (a, id) = name == "t.npy" ? ("column 1", "2") : ("a", "patient_id");
        string[] expected =
        [
            $"{path}: {a} is -9999 in 3 rows, far from all others; MissingMarkers = [\"-9999\"] makes it a missing value",
            $"{path}: {(name == "t.npy" ? "column 2" : id)} counts the rows from 100 to 129, as a number of the row does; Exclude = [\"{id}\"] leaves it out",
        ];
        Assert.Equal(expected, TableFile.Read(path).Notes.Select(note => note.Message));
        using (var opened = PointFiles.Open([path])) Assert.Equal(expected, opened.Notes.Select(note => note.Message));
        Assert.Empty(TableFile.Read(path, new TableOptions { Columns = ["1", "2"] }).Notes);
        var marked = TableFile.Read(path, new TableOptions { MissingMarkers = ["-9999"], Missing = TableMissing.Keep });
        Assert.Equal(expected[1], Assert.Single(marked.Notes, note => note.Kind == TableNoteKind.Warning).Message);
    }

    [Fact]
    public void TheIndexOfPandasIsLeftOut()
    {
        var path = Write("t.parquet", [1.5, 7, 2.5, 9], ["x", "__index_level_0__"]);
        var table = TableFile.Read(path);
        Assert.Equal(["x"], table.ColumnNames!);
        Assert.Equal($"{path}: left out: __index_level_0__ (index of the rows, without a name)", Assert.Single(table.Notes).Message);
        Assert.Equal([7, 9], TableFile.Read(path, new TableOptions { Columns = ["__index_level_0__"] }).Values);
    }

    [Fact]
    public void AnArrayInAnArchiveHasMarkersToo()
    {
        using (var archive = ZipFile.Open(_files.Path("t.npz"), ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("a.npy").Open())
            entry.Write(Files.Array("<f8", s_values, 2, true));
        var options = new TableOptions { MissingMarkers = ["-9999"], Missing = TableMissing.Drop };
        Assert.Equal([1.5, 2, 3, 5, 6, 1], TableFile.Read(_files.Path("t.npz"), options).Values);
        using var opened = PointFiles.Open([_files.Path("t.npz")], options with { Missing = TableMissing.Keep });
        Assert.Equal([1.5, 2, 3, 5, double.NaN, 4, 6, 1], opened.Doubles().Read(0, 4, new double[8]).ToArray());
    }

    private string Write(string name, double[] values, string[]? names = null)
    {
        TableFile.Write(_files.Path(name), new NumericTable(values, 2, names ?? ["x", "y"]));
        return _files.Path(name);
    }
}
