using System.Runtime.InteropServices;

namespace Gmm.Bench;

/// <summary>
/// gaps [--quick]: measures the time of an iteration over points with gaps beside that over the same points without, in turns, and writes
/// bench/results/CPU/gaps.md. --quick takes a tenth of the points and prints only.
/// </summary>
internal static class GapsCommand
{
    private const int Rounds = 5;
    private const int Iterations = 6;

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var table = new MarkdownTable("points", "type", "missing", "patterns", "threads", "ms without gaps", "ms with gaps", "ratio", "target", "met");
        foreach (var threads in (int[])[1, 2])
        {
            foreach (var type in (CovarianceType[])[CovarianceType.Full, CovarianceType.Diagonal])
            {
                foreach (var (n, d, k, missing) in ((int, int, int, double)[])[(1_000_000, 8, 8, 0.1), (1_000_000, 8, 8, 0.3), (100_000, 16, 8, 0.05), (10_000, 16, 8, 0.05)])
                    Add(table, new Problem(type, quick ? n / 10 : n, d, k), missing, threads);
            }
        }
        var text = $"""
            # Gaps

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. Every value is missing with the same probability. Medians of {Rounds} rounds, taken in turns; the ratio is formed
            within a round.

            {table}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("gaps", text);
        return 0;
    }

    private static void Add(MarkdownTable table, Problem problem, double missing, int threads)
    {
        var random = new Random(1);
        Timing.WarmUp(() => problem.Fit(2, threads));
        var gaps = new double[problem.Rows.Length];
        for (var i = 0; i < gaps.Length; i++) gaps[i] = random.NextDouble() < missing ? double.NaN : problem.Rows[i];
        GapSummary? summary = null;
        (double Without, double With)[] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => (Measure(problem.Rows), Measure(gaps)))];
        var ratio = Timing.Median(rounds.Select(round => round.With / round.Without));
        double? most = problem.Initial.CovarianceType == CovarianceType.Full && missing == 0.1 ? 4 : null;
        table.Add(
            $"{problem.Points}x{problem.Dimension}, K = {problem.Components}", problem.Initial.CovarianceType.ToString().ToLowerInvariant(), $"{missing:p0}", $"{summary!.Patterns}", $"{threads}",
            $"{Timing.Median(rounds.Select(round => round.Without)) * 1e3:f1}", $"{Timing.Median(rounds.Select(round => round.With)) * 1e3:f1}", $"{ratio:f2}",
            most is null ? "" : $"at most {most}", most is null ? "" : ratio <= most ? "yes" : "no");

        double Measure(double[] rows)
        {
            var clock = new IterationClock();
            var fit = MixtureFit.Fit(
                new Points(rows, problem.Dimension),
                problem.Options(Iterations, threads) with { Progress = clock, MissingValues = MissingValues.Marginalize });
            summary = fit.Gaps ?? summary;
            return clock.SecondsPerIteration;
        }
    }
}
