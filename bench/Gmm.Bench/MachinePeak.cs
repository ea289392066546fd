using System.Diagnostics;
using System.Numerics.Tensors;

namespace Gmm.Bench;

/// <summary>What the machine gives at this moment to threads that do one thing only.</summary>
internal static class MachinePeak
{
    private const int ChunkRounds = 4096;

    private static readonly TimeSpan s_duration = TimeSpan.FromMilliseconds(20);

    /// <summary>GFLOP/s of all threads together: fused multiply-adds in registers, as fast as the vectors and the clock allow.</summary>
    public static double Fma(int threads) => Together(threads, _ =>
    {
        LaneLoops.FmaChains(ChunkRounds);
        return ChunkRounds * (double)LaneLoops.OperationsPerRound;
    });

    /// <summary>GB/s of all threads together: each reads its part of the numbers again and again, from whatever cache or memory they are in.</summary>
    public static double Reading(int threads, double[] numbers) => Together(threads, thread =>
    {
        var (from, to) = ((int)((long)numbers.Length * thread / threads), (int)((long)numbers.Length * (thread + 1) / threads));
        double sum = 0;
        var rounds = 1 + ChunkRounds / Math.Max(1, to - from);
        for (var i = 0; i < rounds; i++) sum += TensorPrimitives.Sum<double>(numbers.AsSpan(from..to));
        GC.KeepAlive(sum);
        return (double)rounds * (to - from) * sizeof(double);
    });

    // Each thread does its work for a while, once before the clock starts; thousands of millions of what the work says it did, per second.
    private static double Together(int threads, Func<int, double> work)
    {
        var rates = new double[threads];
        using var start = new Barrier(threads);
        var workers = Array.ConvertAll([.. Enumerable.Range(0, threads)], index => new Thread(() =>
        {
            work(index);
            start.SignalAndWait();
            var clock = Stopwatch.StartNew();
            double done = 0;
            do done += work(index);
            while (clock.Elapsed < s_duration);
            rates[index] = done / clock.Elapsed.TotalSeconds / 1e9;
        }));
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
        return rates.Sum();
    }
}
