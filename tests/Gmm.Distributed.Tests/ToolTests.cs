using System.Diagnostics;
using System.Globalization;
using Gmm.Fast;

namespace Gmm.Distributed.Tests;

/// <summary>Checks <c>mpirun gmm fit --mpi</c>.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly MpiJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task TheFirstRankPrintsAndWritesWhatOneProcessDoes()
    {
        File.WriteAllText(_job.Path("data.csv"), TestData.Csv(3_000));
        var expected = TestData.Run("fit", _job.Path("data.csv"), "-k", "2", "--restarts", "2", "-o", _job.Path("one.json"));
        using var process = _job.StartTool(2, "exec \"$@\"", "fit", "data.csv", "-k", "2", "--restarts", "2", "-o", "ranks.json", "--mpi");
        var end = await MpiJob.Finish(process);
        Assert.Equal((0, expected.Output, expected.Error), (end.ExitCode, end.Output.ReplaceLineEndings("\n"), end.Error));
        Assert.Equal(File.ReadAllBytes(_job.Path("one.json")), File.ReadAllBytes(_job.Path("ranks.json")));
    }

    [Fact]
    public async Task OneMessageNamesTheRankTheFileAndTheRow()
    {
        for (var rank = 0; rank < 2; rank++)
        {
            Directory.CreateDirectory(_job.Path(Invariant($"{rank}")));
            File.WriteAllText(_job.Path(Invariant($"{rank}/data.csv")), "x,y\n1,2\n3,4\n5," + (rank == 1 ? "six\n" : "6\n"));
        }
        using var process = _job.StartTool(2, "cd $OMPI_COMM_WORLD_RANK && exec \"$@\"", "fit", "data.csv", "-k", "1", "--columns", "x,y", "-o", "m.json", "--mpi");
        var end = await MpiJob.Finish(process);
        Assert.Equal((3, ""), (end.ExitCode, end.Output));
        Assert.StartsWith("gmm: rank 1: data.csv:4: column 2 (y): 'six' is no", end.Error);
        Assert.Single(end.Error.Split("gmm: ")[1..]);
        Assert.False(File.Exists(_job.Path("0/m.json")));
    }

    [Theory]
    [InlineData("TERM", true)]
    [InlineData("INT", false)]
    public async Task ASignalEndsAllRanksWithTheModelSoFar(string signal, bool toRank)
    {
        File.WriteAllText(_job.Path("data.csv"), TestData.Csv(3_000));
        using var process = _job.StartTool(
            2, "echo $$ > $OMPI_COMM_WORLD_RANK.pid; exec \"$@\"", "fit", "data.csv", "-k", "3", "--stop", "fixed", "--max-iter", "100000000", "--threads", "1", "-o",
            "m.json", "--mpi");
        var finish = MpiJob.Finish(process);
        using var first = await _job.Rank("0.pid");
        using var rank = await _job.Rank("1.pid");
        await Works(first);
        await Works(rank);
        using var kill = Process.Start("kill", ["-" + signal, (toRank ? rank : process).Id.ToString(CultureInfo.InvariantCulture)]);
        var end = await finish;
        Assert.Matches(@"^gmm: canceled after \d+ iterations?; m.json holds the model so far\r?\n", end.Error);
        Assert.Single(end.Error.Split("gmm: ")[1..]);
        Assert.NotEqual(0, end.ExitCode);
        if (toRank) Assert.Equal(130, end.ExitCode);
        using var model = File.OpenRead(_job.Path("m.json"));
        Assert.Equal(FitStatus.Cancelled, FitResult.Load(model)!.Status);
    }

    [Fact]
    public void WithoutALibraryOneErrorSaysWhatToInstall()
    {
        var end = TestData.Start(("GMM_MPI_LIBRARY", "/nowhere/libmpi.so"), "fit", "data.csv", "-k", "2", "--mpi");
        Assert.Equal((3, "", "gmm: GMM_MPI_LIBRARY is '/nowhere/libmpi.so', which cannot be loaded; the path of an MPI library is required\n"), (end.ExitCode, end.Output, end.Error.ReplaceLineEndings("\n")));
    }

    // Processor time, not time: start and reading take half a second of it, however busy the machine is.
    private static async Task Works(Process rank)
    {
        while (!rank.HasExited && rank.TotalProcessorTime < TimeSpan.FromSeconds(1.2))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            rank.Refresh();
        }
    }
}
