using Gmm.TestKit;

namespace Gmm.Distributed.Tests;

/// <summary>Checks fits by real processes.</summary>
public sealed class RankFitTests : IDisposable
{
    // More numbers of ranks with GMM_SLOW=1: processes take most of the time to start.
    private static readonly int[] s_ranks = SlowTests.AreOn ? [2, 4, 8] : [4];

    private readonly MpiJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task AnyNumberOfRanksAndThreadsGivesTheBitsOfOneProcess()
    {
        var expected = await Fits(1);
        foreach (var ranks in s_ranks)
        {
            var actual = await Fits(ranks);
            Assert.Equal(expected.Whole, actual.Whole);
            Assert.NotEqual(expected.Uneven, actual.Uneven);
        }
    }

    [Fact]
    public async Task ARankThatFailsOrIsCanceledEndsAllAlike()
    {
        var (end, found) = await _job.RunProgram(3, "failures");
        Assert.Equal((0, "", ""), (end.ExitCode, end.Output, end.Error));
        Assert.All(found, lines => Assert.Equal(found[0], lines));
        Assert.Equal(
            [
                "FailedRankException: rank 1: has another number of components than rank 0; all ranks need the same",
                "FailedRankException: rank 1: part-1.npy: row 17 cannot be read",
                "FailedRankException: rank 1: rows[7, 0] is NaN; finite values are required (Parameter 'rows')",
                "OperationCanceledException: The fit was canceled by rank 1 before it had a model.",
                "Cancelled rank 1 was canceled",
                "MaxIterations",
            ],
            found[0]);
    }

    // Every line is a kind of fit and its bits, once for each number of threads: all ranks and both numbers agree.
    private async Task<(string[] Whole, string Uneven)> Fits(int ranks)
    {
        var (end, found) = await _job.RunProgram(ranks, "fits");
        Assert.Equal((0, "", ""), (end.ExitCode, end.Output, end.Error));
        Assert.All(found, lines => Assert.Equal(found[0], lines));
        Assert.Equal(12, found[0].Length);
        var kinds = found[0].Distinct().ToArray();
        Assert.Equal(6, kinds.Length);
        return (kinds[..^1], kinds[^1]);
    }
}
