using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that an iteration allocates nothing on any thread.</summary>
[Collection(nameof(Alone))]
public class FitAllocationTests
{
    [Theory]
    [InlineData("full", 1)]
    [InlineData("full", 2)]
    [InlineData("tied", 1)]
    [InlineData("tied", 2)]
    [InlineData("diag", 2)]
    [InlineData("spherical", 2)]
    [InlineData("tied-diag", 2)]
    [InlineData("tied-spherical", 2)]
    public void AnIterationAllocatesNothing(string type, int threads)
    {
        var problem = Blobs.Build(seed: 7, n: 50_000, d: 3, k: 4, type, separation: 1);
        var floats = Measures.To<float>(problem.Data);
        var (least, leastSingle) = (long.MaxValue, long.MaxValue);

        // The first iterations make what later ones use again, and the runtime still compiles.
        for (var round = 0; round < 5 && (least > 0 || leastSingle > 0); round++)
        {
            least = Math.Min(least, Allocated(watch => MixtureFit.Fit(new Points(problem.Data, 3), problem.Options(150, threads: threads) with { Progress = watch })));
            leastSingle = Math.Min(leastSingle, Allocated(watch => MixtureFit.Fit(new Points(floats, 3), problem.Options(150, threads: threads) with { Progress = watch })));
        }
        Assert.Equal((0, 0), (least, leastSingle));
    }

    [Theory]
    [InlineData("full", Acceleration.QuasiNewton)]
    [InlineData("tied", Acceleration.QuasiNewton)]
    [InlineData("diag", Acceleration.QuasiNewton)]
    [InlineData("spherical", Acceleration.QuasiNewton)]
    [InlineData("full", Acceleration.Anderson)]
    [InlineData("full", Acceleration.Squarem)]
    public void AnAcceleratedIterationAllocatesNothing(string type, Acceleration acceleration)
    {
        var problem = Blobs.Build(seed: 7, n: 2_000, d: 3, k: 4, type, separation: 1);
        var options = problem.Options(150, threads: 1) with { Acceleration = acceleration };
        var least = long.MaxValue;
        for (var round = 0; round < 5 && least > 0; round++)
            least = Math.Min(least, Allocated(watch => MixtureFit.Fit(new Points(problem.Data, 3), options with { Progress = watch })));
        Assert.Equal(0, least);
    }

    // By the last 100 iterations.
    private static long Allocated(Action<Watch> fit)
    {
        var watch = new Watch();
        fit(watch);
        Assert.Equal(151, watch.Count);
        return watch.Bytes[150] - watch.Bytes[50];
    }

    private sealed class Watch : IProgress<IterationInfo>
    {
        public long[] Bytes { get; } = new long[200];

        public int Count { get; private set; }

        public void Report(IterationInfo value) => Bytes[Count++] = GC.GetTotalAllocatedBytes(precise: true);
    }
}
