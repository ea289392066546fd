using System.Collections.Concurrent;
using System.Globalization;

namespace Gmm.Bench.Passes;

/// <summary>
/// passes [--quick]: counts the passes that fits need with each acceleration beside plain EM, from the same starts, takes their time, and writes
/// bench/results/CPU/passes.md. --quick takes one seed and prints only. Counts depend on no clock.
/// </summary>
internal static class PassesCommand
{
    private const int Seeds = 3;

    private static readonly StartMethod[] s_starts = [StartMethod.SmallEm, StartMethod.RandomPoints];
    private static readonly (string Name, int Least, int Most)[] s_lengths = [("below 20", 0, 19), ("20 to 100", 20, 100), ("above 100", 101, int.MaxValue)];

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var figures = new ConcurrentBag<Figure>();
        Parallel.ForEach(PassesSet.All(), set =>
        {
            foreach (var start in s_starts)
            {
                for (var seed = 0; seed < (quick ? 1 : Seeds); seed++) Measure(set, start, seed, figures);
            }
        });
        var text = $"""
            # Passes

            Passes over the points until the log-likelihood is within {PassesRun.Near:0e0} nats a point of the value to which the fit converges, with each
            acceleration beside plain EM from the same start; {DateTime.UtcNow:yyyy-MM-dd}. Counts are the same on every machine. Sets: iris, wine and old-faithful;
            mixtures of 2x2, 2x6, 4x3, 5x8, 8x16, 12x4 and 30x3 (dimensions x components), largest overlaps 1e-4, 0.01 and 0.1, one set each; all of them with every
            covariance type, from {(quick ? 1 : Seeds)} seeds of the starts SmallEm and RandomPoints. The ratio is passes of EM over passes of the acceleration:
            above 1 is a gain. Time ratios are of the wall time of these passes, on {Machine.Processor}: one thread each, as many fits at a time as
            processors, the shortest of {PassesRun.Timings} fits; all sets are small, so a proposal costs more beside a pass than in large fits. Ratios are of
            fits that end in the same optimum, to 1e-6 in every parameter; of the others, "higher" and "lower" count those whose log-likelihood differs by
            more than 1e-6 nats a point.

            {ByLength(figures)}
            With every covariance type, where EM takes more than 100 passes:

            {ByType(figures)}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("passes", text);
        return 0;
    }

    private static void Measure(PassesSet set, StartMethod method, int seed, ConcurrentBag<Figure> figures)
    {
        var points = new Points(set.Rows, set.Dimension);
        var start = MixtureFit.Fit(points, new FitOptions
        {
            Components = set.Components,
            CovarianceType = set.Type,
            Start = method,
            Seed = seed,
            MaxIterations = 0,
            MaxDegreeOfParallelism = 1,
        }).Model;
        if (PassesRun.Of(points, start, Acceleration.None) is not { } plain) return;
        foreach (var acceleration in Enum.GetValues<Acceleration>())
        {
            if (acceleration != Acceleration.None)
                figures.Add(new Figure(set.Type, method, acceleration, plain, PassesRun.Of(points, start, acceleration)));
        }
    }

    private static MarkdownTable ByLength(IReadOnlyCollection<Figure> figures)
    {
        var table = new MarkdownTable(
            "acceleration", "start", "passes of EM", "fits", "median ratio", "worst twentieth", "worst", "all passes", "median time ratio",
            "worst twentieth", "all time", "same optimum", "higher", "lower");
        foreach (var acceleration in Enum.GetValues<Acceleration>())
        {
            foreach (var start in s_starts)
            {
                foreach (var (name, least, most) in s_lengths)
                {
                    Figure[] chosen = [.. figures.Where(figure =>
                        figure.Acceleration == acceleration && figure.Start == start && figure.Plain.Passes >= least && figure.Plain.Passes <= most)];
                    if (chosen.Length > 0) table.Add([AccelerationNames.Of(acceleration), $"{start}", name, .. Cells(chosen)]);
                }
            }
        }
        return table;
    }

    private static MarkdownTable ByType(IReadOnlyCollection<Figure> figures)
    {
        var table = new MarkdownTable(
            "acceleration", "type", "fits", "median ratio", "worst twentieth", "worst", "all passes", "median time ratio", "worst twentieth",
            "all time", "same optimum", "higher", "lower");
        foreach (var acceleration in Enum.GetValues<Acceleration>())
        {
            foreach (var type in Enum.GetValues<CovarianceType>())
            {
                Figure[] chosen = [.. figures.Where(figure => figure.Acceleration == acceleration && figure.Type == type && figure.Plain.Passes > 100)];
                if (chosen.Length > 0) table.Add([AccelerationNames.Of(acceleration), $"{type}", .. Cells(chosen)]);
            }
        }
        return table;
    }

    private static string[] Cells(Figure[] figures)
    {
        Figure[] same = [.. figures.Where(figure => figure.IsSame)];
        double[] ratios = [.. same.Select(figure => (double)figure.Plain.Passes / figure.Run!.Passes).Order()];
        double[] times = [.. same.Select(figure => figure.Plain.Seconds / figure.Run!.Seconds).Order()];
        var all = same.Sum(figure => (double)figure.Plain.Passes) / same.Sum(figure => (double)figure.Run!.Passes);
        var allTime = same.Sum(figure => figure.Plain.Seconds) / same.Sum(figure => figure.Run!.Seconds);
        return
        [
            Text($"{figures.Length}"), Text($"{Timing.Median(ratios):f2}"), Text($"{ratios[ratios.Length / 20]:f2}"), Text($"{ratios[0]:f2}"), Text($"{all:f2}"),
            Text($"{Timing.Median(times):f2}"), Text($"{times[times.Length / 20]:f2}"), Text($"{allTime:f2}"),
            Text($"{100.0 * same.Length / figures.Length:f1} %"), Text($"{figures.Count(figure => figure.Gain > PassesRun.Near)}"), Text($"{figures.Count(figure => figure.Gain < -PassesRun.Near)}"),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>One fit with an acceleration beside that without; <paramref name="Run"/> is null where it did not converge.</summary>
    private sealed record Figure(CovarianceType Type, StartMethod Start, Acceleration Acceleration, PassesRun Plain, PassesRun? Run)
    {
        public bool IsSame { get; } = Run is not null && Plain.IsSame(Run);

        /// <summary>Of another optimum, what its log-likelihood is above that of EM; a fit that did not converge counts as lower.</summary>
        public double Gain => IsSame ? 0 : Run is null ? double.NegativeInfinity : Run.Mean - Plain.Mean;
    }
}
