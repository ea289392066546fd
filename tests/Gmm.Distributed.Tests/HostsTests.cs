using System.Diagnostics;
using Gmm.Fast.Tests;

namespace Gmm.Distributed.Tests;

/// <summary>Fits over two hosts that are network namespaces of this machine, where GMM_HOSTS=1 says that it may make some.</summary>
public sealed class HostsTests : IDisposable
{
    private readonly MpiJob _job = new();

    public void Dispose() => _job.Dispose();

    [Fact]
    public async Task TwoHostsGiveTheBitsOfOne()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("GMM_HOSTS") == "1", "GMM_HOSTS=1 runs it; it needs root, iproute2 and Open MPI");
        var (_, expected) = await _job.RunProgram(1, "fits");
        var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tests", "hosts", "run.sh"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])["2", "dotnet", Path.Combine(AppContext.BaseDirectory, "Gmm.RankProgram.dll"), _job.Folder, "fits"]) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        Assert.Equal(new MpiEnd(0, "", ""), await MpiJob.Finish(process));
        for (var rank = 0; rank < 4; rank++)
        {
            // The last two lines are of uneven parts.
            var found = File.ReadAllLines(_job.Path(Invariant($"{rank}.txt")));
            Assert.Equal(expected[0][..^2], found[..^2]);
        }
    }
}
