using System.Runtime.InteropServices;

namespace Gmm.Bench;

/// <summary>
/// fit-many [--quick]: measures how many small fits side by side end in a second, and writes bench/results/CPU/fit-many.md. --quick prints only.
/// </summary>
internal static class FitManyCommand
{
    private const int Rounds = 5;
    private const int Iterations = 10;

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var table = new MarkdownTable("points", "start", "threads", "fits a second", "target", "met");
        foreach (var (n, d, k) in ((int, int, int)[])[(1000, 3, 4), (100, 2, 2), (10_000, 4, 4)])
        {
            foreach (var start in (StartMethod?[])[null, StartMethod.RandomPoints, StartMethod.KMeansPlusPlus, StartMethod.SmallEm])
            {
                foreach (var threads in (int[])[1, 2]) Add(table, new Problem(CovarianceType.Full, n, d, k), start, threads, quick);
            }
        }
        var text = $"""
            # Many small fits

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. `MixtureFit.FitMany`, full covariances, {Iterations} iterations each. Medians of {Rounds} rounds.

            {table}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("fit-many", text);
        return 0;
    }

    private static void Add(MarkdownTable table, Problem problem, StartMethod? start, int threads, bool quick)
    {
        var options = problem.Options(Iterations, threads);
        if (start is { } method) options = options with { InitialModel = null, Start = method };
        var count = (quick ? 50_000 : 500_000) / problem.Points * (start == StartMethod.SmallEm ? 1 : 8);
        Timing.WarmUp(Many);
        var seconds = Timing.Median(Enumerable.Range(0, Rounds).Select(_ => Timing.Seconds(Many)));
        double? target = problem.Points == 1000 && threads == 2 && start != StartMethod.SmallEm ? 10_000 : null;
        table.Add(
            $"{problem.Points}x{problem.Dimension}, K = {problem.Components}", start?.ToString() ?? "given", $"{threads}", $"{count / seconds:f0}",
            target is null ? "" : $"{target}", target is null ? "" : count / seconds >= target ? "yes" : "no");

        void Many() => MixtureFit.FitMany(count, _ => new Points(problem.Rows, problem.Dimension), options);
    }
}
