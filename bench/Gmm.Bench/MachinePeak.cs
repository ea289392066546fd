using System.Diagnostics;

namespace Gmm.Bench;

/// <summary>The machine's peak: fused multiply-adds in registers and nothing else, as fast as the vectors and the clock allow at this moment.</summary>
internal static class FmaPeak
{
    private const int ChunkRounds = 4096;

    private static readonly TimeSpan s_duration = TimeSpan.FromMilliseconds(20);

    /// <summary>GFLOP/s of all threads together.</summary>
    public static double Measure(int threads)
    {
        var rates = new double[threads];
        using var start = new Barrier(threads);
        var workers = Array.ConvertAll([.. Enumerable.Range(0, threads)], index => new Thread(() =>
        {
            start.SignalAndWait();
            rates[index] = Burn();
        }));
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return rates.Sum();
    }

    private static double Burn()
    {
        LaneLoops.FmaChains(ChunkRounds);
        var clock = Stopwatch.StartNew();
        long rounds = 0;
        do
        {
            LaneLoops.FmaChains(ChunkRounds);
            rounds += ChunkRounds;
        }
        while (clock.Elapsed < s_duration);
        return rounds * LaneLoops.OperationsPerRound / clock.Elapsed.TotalSeconds / 1e9;
    }
}
