using Gmm.Cli.Ranks;
using Gmm.Fast.Tests;

namespace Gmm.Distributed.Tests;

/// <summary>Checks commands that several ranks run, as threads of this process.</summary>
public sealed class CommandRanksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-ranks-").FullName;

    private string Data => Path.Combine(_folder, "data.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AllOutputIsThatOfOneProcess(int ranks)
    {
        File.WriteAllText(Data, TestData.Csv(3_000));
        string[] Words(string name) =>
        [
            "fit", Data, "-k", "2", "-o", Path.Combine(_folder, name + ".json"), "--responsibilities", Path.Combine(_folder, name + ".csv"), "--plot",
            Path.Combine(_folder, name + ".svg"), "--report", Path.Combine(_folder, name + ".html"), "--threads", "1",
        ];

        var expected = TestData.Run(Words("one"));
        var ends = Run(ranks, _ => Words("ranks"));
        Assert.Equal(expected, ends[0]);
        Assert.All(ends[1..], end => Assert.Equal(new MpiEnd(0, "", ""), end));
        foreach (var file in (string[])[".json", ".csv", ".svg"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "one" + file)), File.ReadAllBytes(Path.Combine(_folder, "ranks" + file)));
        Assert.True(File.Exists(Path.Combine(_folder, "ranks.html")));
    }

    [Fact]
    public void RowsWithGapsAndWeightsGiveTheModelOfOneProcess()
    {
        var rows = TestData.Csv(2_000).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        File.WriteAllLines(Data, rows.Select((row, i) => i == 0 ? row + ",w" : (i % 7 == 0 ? row[..(row.IndexOf(',') + 1)] : row) + $",{i % 3}"));
        string[] words = ["fit", Data, "-k", "2", "--weights", "w", "--missing", "marginalize", "--max-iter", "5", "--json"];
        Assert.Equal(TestData.Run(words), Run(3, _ => words)[0]);
    }

    [Fact]
    public void AFitGoesOn()
    {
        File.WriteAllText(Data, TestData.Csv(1_000));
        var model = Path.Combine(_folder, "m.json");
        Run(2, _ => ["fit", Data, "-k", "2", "--stop", "fixed", "--max-iter", "3", "-o", model]);
        Run(3, _ => ["fit", Data, "--continue", model, "--max-iter", "4", "-o", model]);
        Assert.Equal(TestData.Run("fit", Data, "-k", "2", "--stop", "fixed", "--max-iter", "7", "--json").Output, File.ReadAllText(model));
    }

    [Theory]
    [InlineData(2, "gmm: -k is '0'; a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required (see gmm fit --help)", "-k", "0")]
    [InlineData(2, "gmm: -k is 1,2,3; with --mpi one number of components is required (see gmm fit --help)", "-k", "1-3")]
    [InlineData(3, "gmm: DATA has 3 rows; -k 4 needs at least 4", "-k", "4")]
    public void WhatAllRanksFindWrongIsSaidOnce(int exitCode, string message, params string[] words)
    {
        File.WriteAllText(Data, "x,y\n1,2\n3,4\n5,7\n");
        var ends = Run(3, _ => ["fit", Data, .. words]);
        Assert.Equal(message.Replace("DATA", Data), ends[0].Error.TrimEnd());
        Assert.All(ends, end => Assert.Equal((exitCode, ""), (end.ExitCode, end.Output)));
        Assert.All(ends[1..], end => Assert.Equal("", end.Error));
    }

    [Fact]
    public void StandardInputIsRefused() =>
        Assert.Equal(
            "gmm: DATA is '-'; with --mpi a file is required, which every process reads (see gmm fit --help)",
            Run(2, _ => ["fit", "-", "-k", "2"])[0].Error.TrimEnd());

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void WhatOneRankFindsWrongIsSaidOnceWithItsNumber(int bad)
    {
        File.WriteAllText(Data, TestData.Csv(100));
        var ends = Run(3, rank => ["fit", rank == bad ? "/nowhere.csv" : Data, "-k", "2"]);
        Assert.Equal($"gmm: rank {bad}: /nowhere.csv: the file does not exist", ends[0].Error.TrimEnd());
        Assert.All(ends, end => Assert.Equal((3, ""), (end.ExitCode, end.Output)));
        Assert.All(ends[1..], end => Assert.Equal("", end.Error));
    }

    [Fact]
    public void OtherOptionsInOneRankEndAll()
    {
        File.WriteAllText(Data, TestData.Csv(100));
        var ends = Run(2, rank => ["fit", Data, "-k", rank == 1 ? "3" : "2"]);
        Assert.Equal($"gmm: {Data}: rank 1: has another number of components than rank 0; all ranks need the same", ends[0].Error.TrimEnd());
        Assert.All(ends, end => Assert.Equal(3, end.ExitCode));
    }

    [Fact]
    public void FoldersOfOutputAreThoseOfTheFirstRank()
    {
        File.WriteAllText(Data, TestData.Csv(3_000));
        var ends = Run(2, rank => ["fit", Data, "-k", "1", "--quiet", "-o", rank == 0 ? Path.Combine(_folder, "m.json") : "/nowhere/m.json"]);
        Assert.All(ends, end => Assert.Equal(new MpiEnd(0, "", ""), end));
        Assert.All(Run(2, _ => ["fit", Data, "-k", "1", "-o", "/nowhere/m.json"]), end => Assert.Equal(3, end.ExitCode));
    }

    [Fact]
    public void ARankThatIsCanceledEndsAllWithTheSameCode()
    {
        File.WriteAllText(Data, TestData.Csv(1_000));
        var ends = Run(3, _ => ["fit", Data, "-k", "2"], canceled: 1);
        Assert.Equal("gmm: canceled before there was a model; nothing was written", ends[0].Error.TrimEnd());
        Assert.All(ends, end => Assert.Equal(130, end.ExitCode));
    }

    [Fact]
    public void AFailureThatTheRanksDoNotShareEndsThemAllAtOnce()
    {
        using var error = new StringWriter();
        var codes = new List<int>();
        var streams = new Cli.StandardStreams(Stream.Null, Stream.Null, error, ErrorIsTerminal: false);
        var alone = Ranks.Run(1, (_, communicator) => communicator)[0];
        var ranks = new CommandRanks(alone, codes.Add, streams);
        Assert.Throws<InvalidCastException>(() => ranks.During<int>(new Cli.DataPaths(["data.csv"]), () => throw new InvalidCastException("no such thing")));
        Assert.Equal([70], codes);
        Assert.Equal("gmm: internal error: rank 0: InvalidCastException: no such thing", error.ToString().TrimEnd());
    }

    [Theory]
    [InlineData(16, new uint[] { 1, 1, 1, 1 }, new int[] { 4, 4, 4, 4 })]
    [InlineData(8, new uint[] { 1, 2, 3, 3 }, new int[] { 8, 8, 4, 4 })]
    [InlineData(2, new uint[] { 1, 1, 1 }, new int[] { 1, 1, 1 })]
    public void RanksWithTheSameProcessorsShareThem(int processors, uint[] keys, int[] threads) =>
        Assert.Equal(threads, Ranks.Run(keys.Length, (rank, communicator) => RankThreads.Of(communicator, keys[rank], processors)));

    [Fact]
    public void TooLittleMemoryIsSaidOnce()
    {
        var array = Path.Combine(_folder, "a.npy");
        TestData.Run("sample", Model(), "-n", "3000", "-o", array);
        var ends = Run(3, _ => ["fit", array, "-k", "2", "--memory", "1kB"]);
        Assert.StartsWith($"gmm: {array}: 2 full covariances of 2 columns need about ", ends[0].Error);
        Assert.Single(ends[0].Error.Split("gmm: ")[1..]);
        Assert.All(ends, end => Assert.Equal((3, ""), (end.ExitCode, end.Output)));
        Assert.All(ends[1..], end => Assert.Equal("", end.Error));
    }

    [Fact]
    public void AFailedRankNamesItsFileOnce()
    {
        var array = Path.Combine(_folder, "gap.npy");
        var values = new double[20_000];
        for (var i = 0; i < values.Length; i++) values[i] = i % 97;
        values[200] = double.NaN;
        Gmm.Data.TableFile.Write(array, new Gmm.Data.NumericTable(values, 2));
        var ends = Run(2, _ => ["fit", array, "-k", "2"]);
        Assert.StartsWith($"gmm: rank 0: {array}: row 101, column 1: NaN ", ends[0].Error);
        Assert.All(ends, end => Assert.Equal(3, end.ExitCode));
    }

    [Theory]
    [InlineData("--plot", "p.svg", "--plot is 'p.svg'; with --mpi no process holds all rows of ")]
    [InlineData("--report", "r.html", "--report is 'r.html'; with --mpi no process holds all rows of ")]
    [InlineData("--progressive", "on", "--progressive is on; with --mpi auto or off is required")]
    public void WhatNeedsAllRowsInOneProcessIsRefused(string option, string value, string message)
    {
        var array = Path.Combine(_folder, "a.npy");
        TestData.Run("sample", Model(), "-n", "100", "-o", array);
        var ends = Run(2, _ => ["fit", array, "-k", "2", option, value]);
        Assert.StartsWith($"gmm: {message}", ends[0].Error);
        Assert.All(ends, end => Assert.Equal(2, end.ExitCode));
    }

    [Fact]
    public void AllRanksHaveTheBudgetOfTheLeast() =>
        Assert.Equal([100, 100, 100], Ranks.Run(3, (rank, communicator) => RankPoints.Memory(communicator, rank == 0 ? 7u : 8, rank == 0 ? 9_000 : 400 + rank)));

    private string Model()
    {
        var path = Path.Combine(_folder, "model.json");
        File.WriteAllText(path, """{"covarianceType":"diag","weights":[0.5,0.5],"means":[[0,0],[3,3]],"covariances":[[1,1],[1,1]]}""");
        return path;
    }

    private static MpiEnd[] Run(int ranks, Func<int, string[]> words, int? canceled = null) => Ranks.Run(
        ranks, (rank, communicator) => TestData.Run([.. words(rank), "--mpi"], communicator, new CancellationToken(rank == canceled)));
}
