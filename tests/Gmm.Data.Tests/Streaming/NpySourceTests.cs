using CsCheck;

namespace Gmm.Data.Tests.Streaming;

/// <summary>Points that are read where they lie are those of a table in memory.</summary>
public class NpySourceTests
{
    private const string ThreadIo = "/proc/thread-self/io";

    private static readonly string[] s_types = ["<f8", ">f8", "<f4", ">f4", "<f2", "<i4", ">i4", "<u2", "|u1"];

    [Fact]
    public void PointsThatAreNotThereAreNamed()
    {
        using var files = new Files();
        files.Write("a.npy", Files.Array("<f8", Files.Numbers(272 * 2, 1), 2, fortran: false));
        using var opened = PointFiles.Open([files.Path("a.npy")]);
        var (source, room) = (opened.Doubles(), new double[20]);
        Refused("first", "first is -1; 0 to 272, the number of points, is required.", () => source.Read(-1, 2, room));
        Refused("first", "first is 273; 0 to 272, the number of points, is required.", () => source.Read(273, 0, room));
        Refused("count", "10 points from 270 on are asked for; at most 2 of 272 are there.", () => source.Read(270, 10, room));
        Refused("count", "-1 points from 0 on are asked for; at most 272 of 272 are there.", () => source.Read(0, -1, room));
        Refused("count", "2147483647 points from 0 on are asked for; at most 272 of 272 are there.", () => source.Read(0, int.MaxValue, room));
        Refused("scratch", "scratch has 20 numbers; 11 x 2 = 22 are required.", () => source.Read(0, 11, room));
        Refused("first", "first is -1; 0 to 272, the number of points, is required.", () => source.ReadWeights(-1, room));
        Refused("weights", "20 points from 260 on are asked for; at most 12 of 272 are there.", () => source.ReadWeights(260, room));
        Assert.Equal(4, source.Read(270, 2, room).Length);
        Assert.Equal(0, source.Read(272, 0, room).Length);

        source.ReadWeights(100, room);
        Assert.All(room, weight => Assert.Equal(1, weight));

        static void Refused(string parameter, string message, Action action)
        {
            var e = Assert.Throws<ArgumentOutOfRangeException>(action);
            Assert.Equal((parameter, message), (e.ParamName, e.Message.Split(" (Parameter")[0]));
        }
    }

    [Fact]
    public void AnyPartOfAnyFilesIsThatOfTheTable()
    {
        var part =
            from type in Gen.Int[0, s_types.Length - 1]
            from rows in Gen.Int[1, 40]
            from fortran in Gen.Bool
            select (s_types[type], rows, fortran);
        (from columns in Gen.Int[1, 5]
         from parts in part.Array[1, 4]
         from seed in Gen.Int
         select (columns, parts, seed)).Sample(
            testCase =>
            {
                var (columns, parts, seed) = testCase;
                using var files = new Files();
                string[] paths = [.. parts.Select((_, i) => files.Path($"{i}.npy"))];
                double[][] values = [.. parts.Select((one, i) => Files.Numbers(one.rows * columns, seed + i))];
                for (var i = 0; i < parts.Length; i++)
                {
                    var (type, _, fortran) = parts[i];
                    files.Write($"{i}.npy", Files.Array(type, values[i], columns, fortran));
                    Assert.Equal(values[i], TableFile.Read(paths[i]).Values);
                }

                double[] all = [.. values.SelectMany(one => one)];
                using var opened = PointFiles.Open(paths);
                Assert.Equal(all.Length / columns, opened.Rows);
                Assert.Equal(parts.All(one => one.Item1[1] == 'f' && one.Item1[2] != '8'), opened.IsSingle);
                var random = new Random(seed);
                for (var i = 0; i < 5; i++)
                {
                    var first = random.Next((int)opened.Rows);
                    var count = 1 + random.Next((int)opened.Rows - first);
                    var wanted = all[(first * columns)..((first + count) * columns)];
                    Assert.Equal(wanted, opened.Doubles().Read(first, count, new double[count * columns]).ToArray());
                    Assert.Equal(wanted, Array.ConvertAll(opened.Singles().Read(first, count, new float[count * columns]).ToArray(), x => (double)x));
                }
            },
            iter: 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ColumnsAndWeightsAreChosenAsInATable(bool fortran)
    {
        using var files = new Files();
        var path = files.Write("a.npy", Files.Array(">f4", [1, 2, 3, 4, 5, 6, 7, 8], 4, fortran));
        using var opened = PointFiles.Open([path], new TableOptions { Columns = ["4", "1"], Weights = "2" });
        Assert.Equal([4, 1, 8, 5], opened.Doubles().Read(0, 2, new double[4]).ToArray());
        var weights = new double[2];
        Assert.True(opened.Doubles().HasWeights);
        opened.Singles().ReadWeights(0, weights);
        Assert.Equal([2, 6], weights);
    }

    [Fact]
    public void RecordsKeepTheirNames()
    {
        using var files = new Files();
        byte[] record = [.. "ab"u8, .. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes((short)-7)];
        var path = files.Write("r.npy", Samples.Npy(
            "{'descr': [('id', '|S2'), ('x', '<f4'), ('n', '<i2')], 'fortran_order': False, 'shape': (2,), }", [.. record, .. record]));
        using var opened = PointFiles.Open([path], new TableOptions { Match = ["n", "x"] });
        Assert.Equal(["n", "x"], opened.ColumnNames);
        Assert.True(opened.IsMatch);
        Assert.Equal([-7, 1.5], opened.Doubles().Read(1, 1, new double[2]).ToArray());
        using var whole = PointFiles.Open([path]);
        Assert.Contains("left out: id (text)", Assert.Single(whole.Notes).Message);
    }

    [Fact]
    public void ALongFileIsReadBeyondAPiece()
    {
        using var files = new Files();
        var values = Files.Numbers(600_000, 3);
        foreach (var (type, fortran) in (ReadOnlySpan<(string, bool)>)[("<f8", false), (">f4", false), ("<f4", true)])
        {
            using var opened = PointFiles.Open([files.Write("long.npy", Files.Array(type, values, 2, fortran))]);
            Assert.Equal(values, opened.Doubles().Read(0, 300_000, new double[600_000]).ToArray());
        }
    }

    [Fact]
    public void WhatCannotBeUsedIsNamedByFileAndRow()
    {
        using var files = new Files();
        var (a, b) = (files.Write("a.npy", Files.Array("<f8", [1, 2, 3, 4], 2, false)), files.Write("b.npy", Files.Array("<f8", [5, 6, double.NaN, 8], 2, false)));
        Assert.Equal(
            $"{b}: row 2, column 1: NaN stands for a missing value; Missing = Drop leaves such rows out, Missing = Keep gives NaN",
            Error(new TableOptions(), a, b));
        using (var kept = PointFiles.Open([a, b], new TableOptions { Missing = TableMissing.Keep }))
        {
            Assert.Equal([3, 4, 5, 6, double.NaN, 8], kept.Doubles().Read(1, 3, new double[6]).ToArray());
        }

        Assert.Equal($"{a}: row 1, column 2: ∞ is not finite".Replace("∞", "Infinity", StringComparison.Ordinal),
            Error(new TableOptions { Missing = TableMissing.Keep }, files.Write("a.npy", Files.Array("<f4", [1, double.PositiveInfinity], 2, false))));
        Assert.Equal($"{a}: row 2, column 2: -1 is negative; a weight of at least 0 is required",
            Error(new TableOptions { Weights = "2" }, files.Write("a.npy", Files.Array("<f8", [1, 1, 2, -1], 2, false))));

        // The numbers of a row of weight 0 are not looked at.
        using var weighted = PointFiles.Open([files.Write("a.npy", Files.Array("<f8", [double.NaN, 0], 2, false))], new TableOptions { Weights = "2" });
        Assert.Equal([double.NaN], weighted.Doubles().Read(0, 1, new double[1]).ToArray());

        static string Error(TableOptions options, params string[] paths) => Samples.Error(() =>
        {
            using var opened = PointFiles.Open(paths, options);
            var (source, count) = (opened.Doubles(), (int)opened.Rows);
            if (source.HasWeights) source.ReadWeights(0, new double[count]);
            source.Read(0, count, new double[count * source.Dimension]);
        });
    }

    [Fact]
    public void FilesMustFitTogetherAndBeWhole()
    {
        using var files = new Files();
        var (a, b) = (files.Write("a.npy", Files.Array("<f8", [1, 2, 3, 4], 2, false)), files.Write("b.npy", Files.Array("<f8", [1, 2, 3], 3, false)));
        Assert.Equal($"{b}: has 3 columns; 2, as {a} has, are required", Samples.Error(() => PointFiles.Open([a, b])));
        files.Write("b.npy", Files.Array("<f8", [1, 2, 3, 4], 2, false)[..^5]);
        Assert.Equal($"{b}: the data end after 27 bytes, in row 2 of 2; the shape takes 32", Samples.Error(() => PointFiles.Open([a, b])));
        files.Write("b.npy", [.. Files.Array("<f8", [1, 2, 3, 4], 2, false), 0]);
        Assert.Equal($"{b}: bytes follow the end of the data; the shape takes 32", Samples.Error(() => PointFiles.Open([a, b])));
        Assert.Equal($"{files.Path("c.npy")}: the file does not exist", Samples.Error(() => PointFiles.Open([a, files.Path("c.npy")])));
        Assert.Throws<ArgumentException>(() => PointFiles.Open([]));
    }

    [Fact]
    public void AFileThatChangesIsAnError()
    {
        using var files = new Files();
        var bytes = Files.Array("<f8", Files.Numbers(400_000, 1), 2, false);
        var path = files.Write("a.npy", bytes);
        using var opened = PointFiles.Open([path]);
        opened.CheckUnchanged();
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            stream.SetLength(bytes.Length - 1_000_000);
        }

        var cut = $"{path}: the file was cut off in row 137501 of 200000 while it was read; begin again with files that do not change";
        Assert.Equal(cut, Samples.Error(() => opened.Doubles().Read(199_990, 10, new double[20])));
        Assert.Equal(cut, Samples.Error(opened.CheckUnchanged));
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            stream.SetLength(bytes.Length);
        }

        // As long as before, but written to.
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(
            $"{path}: the file was written to while it was read; begin again with files that do not change",
            Samples.Error(() => opened.Doubles().Read(0, 200_000, new double[400_000])));
    }

    [Fact]
    public void OfManyColumnsOnlyTheirOwnBytesAreRead()
    {
        Assert.SkipUnless(File.Exists(ThreadIo), "only Linux tells how much a thread has read");
        const int Columns = 100, Rows = 4000, Together = 50;
        using var files = new Files();
        var values = Files.Numbers(Columns * Rows, 7);
        using var opened = PointFiles.Open([files.Write("wide.npy", Files.Array("<f8", values, Columns, true))]);
        var (source, part) = (opened.Doubles(), new double[Columns * Together]);
        var before = BytesRead();
        for (var first = 0; first < Rows; first += Together)
        {
            Assert.True(source.Read(first, Together, part).SequenceEqual(values.AsSpan(first * Columns, part.Length)));
        }

        // A piece about the end of a column holds the beginning of the next ones.
        Assert.InRange(BytesRead() - before, 0, 16L * sizeof(double) * Columns * Rows);

        static long BytesRead() => long.Parse(
            File.ReadLines(ThreadIo).First(line => line.StartsWith("rchar:", StringComparison.Ordinal))[6..], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void APipeAmongFilesIsRefusedAndNoneIsOpenedToLook()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes have no place among the files there");
        using var files = new Files();
        var pipe = files.Path("pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [pipe])) made.WaitForExit();

        // Nobody writes, so opening would wait for ever.
        Assert.False(PointFiles.IsArray(pipe));
        Assert.Equal(0, TableFile.MemoryToRead(pipe));
        File.CreateSymbolicLink(files.Path("link"), pipe);
        Assert.False(PointFiles.IsArray(files.Path("link")));

        using var both = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var a = files.Write("a.npy", Files.Array("<f8", [1, 2, 3, 4], 2, false));
        Assert.Equal($"{pipe}: is a pipe, which can be read only once, and alone; where there are several files, each must be one that stays",
            Samples.Error(() => PointFiles.Open([a, pipe])));
    }
}
