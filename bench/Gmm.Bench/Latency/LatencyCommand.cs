using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gmm.Bench.Latency;

/// <summary>
/// latency [--quick]: how long single calls take: every call between two readings of the clock, our engine, ONNX Runtime and Armadillo in turns,
/// and what batches and many threads make of it. Writes bench/results/CPU/latency.md. --quick takes few calls and prints only. Armadillo needs g++ and
/// libarmadillo-dev, and is left out without.
/// </summary>
internal static class LatencyCommand
{
    private const int Points = 1024;

    private static readonly long s_nanosecondsPerTick = Math.Max(1, 1_000_000_000 / Stopwatch.Frequency);
    private static readonly (int Dimension, int Components)[] s_shapes = [(3, 4), (8, 8), (26, 32), (64, 64)];
    private static readonly int[] s_batches = [1, 4, 16, 64, 256, 1024];
    private static readonly int[] s_threads = [1, 2, 4, 16, 64];

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var (rounds, calls) = quick ? (1, 20_000) : (5, 200_000);
        using var peer = ArmadilloLatency.Build();
        var single = new MarkdownTable("D x K", "call", "p50, ns", "p99", "p99.9", "longest, us");
        var batches = new MarkdownTable(["D x K", "threads", .. s_batches.Select(rows => $"{rows} rows")]);
        var threads = new MarkdownTable(["D x K", .. s_threads.Select(count => $"{count} threads")]);
        foreach (var (dimension, components) in s_shapes)
        {
            var problem = new Problem(CovarianceType.Full, Points, dimension, components);
            var name = $"{dimension} x {components}";
            foreach (var (call, times) in Singles(problem, peer, rounds, calls))
            {
                single.Add(
                    name, call, $"{times.Quantile(0.5)}", $"{times.Quantile(0.99)}", $"{times.Quantile(0.999)}", $"{times.Longest / 1e3:f1}");
            }
            foreach (var most in (int[])[1, -1])
                batches.Add([name, most == 1 ? "1" : "all", .. s_batches.Select(rows => $"{Batch(problem, rows, most):f1}")]);
            threads.Add([name, .. s_threads.Select(count => $"{Shared(problem, count, quick ? 0.05 : 0.5):f2}")]);
        }
        var text = $"""
            # Latency of single calls

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. {rounds * calls} calls each, every one between two readings of the clock, which alone take what the first rows say. Points are {Points}
            draws from the model. `Conditional` is the mean of the second half of the dimensions given the first. Full covariances, one thread; other systems
            in turns: ONNX Runtime with the exported model in doubles, asked for the log-density of one point, and {(peer is null ? "not Armadillo, which was not there" : "Armadillo's `log_p` of one vector")}.

            {single}
            ## Batches

            `LogDensities` of so many rows, ns a row, medians of repeated calls.

            {batches}
            ## One model, many threads

            Millions of `LogDensity` of one point a second by threads that share a model.

            {threads}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("latency", text);
        return 0;
    }

    private static IEnumerable<(string Call, Histogram Times)> Singles(Problem problem, ArmadilloLatency? peer, int rounds, int calls)
    {
        var (d, k) = (problem.Dimension, problem.Components);
        var model = problem.Initial;
        var conditional = model.Conditional([.. Enumerable.Range(0, d / 2)]);
        double[] responsibilities = new double[k], mean = new double[d - (d / 2)];
        using var onnx = new OnnxLatency(model);
        var kept = 0.0;
        (string Name, Action<int> Call)[] ours =
        [
            ("nothing", static _ => { }),
            ("LogDensity", i => kept += model.LogDensity(problem.Rows.AsSpan(i * d, d))),
            ("Responsibilities", i => model.Responsibilities(problem.Rows.AsSpan(i * d, d), responsibilities)),
            ("Label", i => kept += model.Label(problem.Rows.AsSpan(i * d, d))),
            ("Conditional", i => conditional.Mean(problem.Rows.AsSpan(i * d, d / 2), mean)),
            ("ONNX Runtime", i => kept += onnx.LogDensity(problem.Rows.AsSpan(i * d, d))),
        ];
        var times = ours.Select(_ => new Histogram()).ToArray();
        var theirs = new Histogram();
        foreach (var (_, call) in ours)
        {
            Timing.WarmUp(() =>
            {
                for (var i = 0; i < Points; i++) call(i);
            });
        }
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < ours.Length; i++) Take(ours[i].Call, times[i], calls);
            peer?.Take(problem, calls, theirs);
        }
        if (double.IsNaN(kept)) throw new InvalidOperationException("a score is no number");
        for (var i = 0; i < ours.Length; i++) yield return (ours[i].Name, times[i]);
        if (peer is not null) yield return ("Armadillo log_p", theirs);
    }

    private static void Take(Action<int> call, Histogram times, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            call(i % Points);
            times.Add((Stopwatch.GetTimestamp() - begin) * s_nanosecondsPerTick);
        }
    }

    // Seconds of one call over a batch, as ns a row.
    private static double Batch(Problem problem, int rows, int threads)
    {
        var densities = new double[rows];
        void Call() => problem.Initial.LogDensities(new Points(problem.Rows.AsSpan(0, rows * problem.Dimension), problem.Dimension), densities, threads);
        return 1e9 * Timing.Median(Timing.SecondsPerCall(Call)) / rows;
    }

    private static double Shared(Problem problem, int threads, double seconds)
    {
        var d = problem.Dimension;
        long scored = 0;
        var isOver = false;
        using var begin = new Barrier(threads + 1);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            var (own, kept) = (0L, 0.0);
            begin.SignalAndWait();
            for (var i = number; !Volatile.Read(ref isOver); i++, own++) kept += problem.Initial.LogDensity(problem.Rows.AsSpan(i % Points * d, d));
            if (double.IsNaN(kept)) throw new InvalidOperationException("a score is no number");
            Interlocked.Add(ref scored, own);
        }))];
        foreach (var worker in workers) worker.Start();
        begin.SignalAndWait();
        var clock = Stopwatch.StartNew();
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        Volatile.Write(ref isOver, true);
        var elapsed = clock.Elapsed.TotalSeconds;
        foreach (var worker in workers) worker.Join();
        return scored / elapsed / 1e6;
    }
}
