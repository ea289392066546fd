using System.Diagnostics;

namespace Gmm.Distributed.Tests;

/// <summary>Checks sums over real processes, and jobs that lose one.</summary>
public sealed class CommunicatorTests : IDisposable
{
    private readonly MpiJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task SumsHaveTheSameBitsInAllRanks()
    {
        const int Ranks = 3;
        var (end, found) = await _job.RunProgram(Ranks, "sums");
        Assert.Equal((0, "", ""), (end.ExitCode, end.Output, end.Error));
        for (var rank = 0; rank < Ranks; rank++)
        {
            Assert.Equal(Invariant($"rank {rank} of {Ranks}"), found[rank][0]);
            Assert.Equal(found[0][1..], found[rank][1..]);
        }
        Assert.Equal(["a library with a name: True", "whole numbers: True", "whole numbers in pieces: True"], found[0][1..4]);
        Assert.Equal(
            [
                "null: NullReferenceException", "another thread: True", "Cannot access a disposed object.",
                "MPI was finalized; one communicator, for the whole run of the process, is required",
            ],
            found[0][^4..]);
    }

    [Fact]
    public async Task AnExceptionThatNobodyHandlesEndsAllRanksAndIsSaid()
    {
        using var process = _job.StartProgram(2, "throw");
        var end = await MpiJob.Finish(process);
        Assert.Equal(134, end.ExitCode);
        Assert.Contains("rank 1: System.IO.IOException: the disk is gone", end.Error);
    }

    [Fact]
    public async Task ARankThatAbortsEndsAllWithItsCode()
    {
        using var process = _job.StartProgram(2, "abort");
        Assert.Equal(7, (await MpiJob.Finish(process)).ExitCode);
    }

    [Fact]
    public async Task AKilledRankEndsTheJob()
    {
        using var process = _job.StartProgram(2, "wait");
        var finish = MpiJob.Finish(process);
        using var rank = await _job.Rank("1.txt");
        var clock = Stopwatch.StartNew();
        rank.Kill();
        Assert.Equal(137, (await finish).ExitCode);
        TestContext.Current.TestOutputHelper?.WriteLine(Invariant($"the job ended {clock.ElapsedMilliseconds} ms after the rank"));
    }
}
