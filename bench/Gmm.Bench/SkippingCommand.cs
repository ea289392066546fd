using System.Runtime.InteropServices;

namespace Gmm.Bench;

/// <summary>
/// skipping [--quick] [--only TEXT] [PATCHES.npy]: measures iterations that leave out pairs without a share beside iterations over the same points in
/// the same order that compute all, in turns, and writes bench/results/CPU/skipping.md. --quick takes a tenth of the points and prints only. --only
/// measures the data whose name contains TEXT and prints only. bench/peers/patches.py makes PATCHES.npy from photographs.
/// </summary>
internal static class SkippingCommand
{
    private const int Rounds = 3;

    // Pairs times dimensions of an iteration beyond which there is one round, with two threads.
    private const double Large = 5e8;
    private const int Iterations = 24;
    private const int Settled = 8;

    public static int Run(string[] args)
    {
        var (quick, only) = (args.Contains("--quick"), args.SkipWhile(arg => arg != "--only").ElementAtOrDefault(1) ?? "");
        var points = quick ? 20_000 : 200_000;
        var table = new MarkdownTable(
            "data", "type", "cutoff", "threads", "ms all pairs", "ms", "ratio", "first iterations", "pairs computed", "same bits", "target", "met");
        (int D, int K, double Apart, CovarianceType Type, int Bits, double Target)[] shapes =
        [
            (8, 8, 10, CovarianceType.Full, 0, 2.5), (16, 32, 10, CovarianceType.Full, 0, 2.5), (32, 32, 13, CovarianceType.Full, 0, 10),
            (64, 64, 13, CovarianceType.Full, 0, 10), (64, 256, 13, CovarianceType.Diagonal, 0, double.NaN), (16, 64, 10, CovarianceType.Full, 0, double.NaN),
            (16, 1024, 10, CovarianceType.Full, 0, double.NaN), (16, 64, 3.5, CovarianceType.Full, 24, 1.3), (16, 256, 3.5, CovarianceType.Full, 24, 2),
            (16, 1024, 3.5, CovarianceType.Full, 24, 4), (16, 64, 4, CovarianceType.Full, 24, 1.3),
            (16, 256, 4, CovarianceType.Full, 24, 2), (16, 1024, 4, CovarianceType.Full, 24, 4), (8, 8, 0, CovarianceType.Full, 0, 0.97), (16, 64, 0, CovarianceType.Full, 0, 0.97),
            (64, 64, 0, CovarianceType.Diagonal, 0, 0.97),
        ];
        foreach (var (d, k, apart, type, bits, target) in shapes)
        {
            var name = $"{points}x{d}, K = {k}, {(apart > 0 ? $"{apart} sd apart" : "one spot")}";
            if (!name.Contains(only, StringComparison.Ordinal)) continue;
            var (rows, initial) = Apart(points, d, k, apart, type);
            Add(table, name, rows, initial, bits, target);
        }
        if (args.FirstOrDefault(arg => arg.EndsWith(".npy", StringComparison.Ordinal)) is { } file)
        {
            var patches = Data.TableFile.Read(file);
            foreach (var (type, k, target) in ((CovarianceType, int, double)[])[(CovarianceType.Full, 256, 2.5), (CovarianceType.Diagonal, 1024, 5)])
            {
                var start = MixtureFit.Fit(new Points(patches.Values[..(patches.Values.Length / patches.Columns / 4 * patches.Columns)], patches.Columns), new FitOptions
                {
                    Components = k,
                    CovarianceType = type,
                    Start = StartMethod.RandomPoints,
                    MaxIterations = 3,
                    Stop = StopRule.FixedCount,
                    OnCollapse = CollapsePolicy.Keep,
                    Regularization = 0.1,
                }).Model;
                Add(table, $"8x8 photograph patches, K = {k}", patches.Values, start, bits: 0, target);
            }
        }
        var text = $"""
            # Leaving out pairs without a share

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. {Iterations} iterations from the same parameters, with `Skipping.Auto` and with `Skipping.None`, which computes all pairs of
            the same points in the same order. Medians of iterations {Settled} and later; {Rounds} rounds taken in turns, one of large problems; the ratio is formed within a round.
            "First iterations" is the ratio of the times up to iteration {Settled}. "Apart" is the mean distance of a center from its nearest neighbor,
            in standard deviations.

            {table}
            """;
        Console.WriteLine(text);
        if (!quick && only.Length == 0) Machine.WriteResult("skipping", text);
        return 0;
    }

    private static void Add(MarkdownTable table, string name, double[] rows, GaussianMixture initial, int bits, double target)
    {
        var isLarge = (double)rows.Length * initial.ComponentCount > Large;
        foreach (var threads in isLarge ? (int[])[2] : [1, 2])
        {
            Run(Skipping.Auto, threads);
            (Measured All, Measured Some)[] rounds = [.. Enumerable.Range(0, isLarge ? 1 : Rounds).Select(_ => (Run(Skipping.None, threads), Run(Skipping.Auto, threads)))];
            var ratio = Timing.Median(rounds.Select(round => round.All.Later / round.Some.Later));
            table.Add(
                name, initial.CovarianceType.ToString().ToLowerInvariant(), bits > 0 ? $"2^-{bits}" : "exact", $"{threads}",
                $"{Timing.Median(rounds.Select(round => round.All.Later)) * 1e3:f1}", $"{Timing.Median(rounds.Select(round => round.Some.Later)) * 1e3:f1}",
                $"{ratio:f2}", $"{Timing.Median(rounds.Select(round => round.All.First / round.Some.First)):f2}", $"{rounds[0].Some.Share:p1}",
                rounds.All(round => round.All.Theta.SequenceEqual(round.Some.Theta)) ? "yes" : "NO",
                double.IsNaN(target) ? "" : $"{target}", double.IsNaN(target) ? "" : ratio >= target ? "yes" : "no");
        }

        Measured Run(Skipping skipping, int threads)
        {
            var clock = new PassClock();
            var fit = MixtureFit.Fit(new Points(rows, initial.Dimension), new FitOptions
            {
                Components = initial.ComponentCount,
                CovarianceType = initial.CovarianceType,
                InitialModel = initial,
                Stop = StopRule.FixedCount,
                MaxIterations = Iterations,
                MaxDegreeOfParallelism = threads,
                OnCollapse = CollapsePolicy.Keep,
                Skipping = skipping,
                ResponsibilityCutoff = bits > 0 ? double.ScaleB(1, -bits) : 0,
                Progress = clock,
            });
            double[] later = [.. clock.Seconds.Skip(Settled).Zip(clock.Seconds.Skip(Settled - 1), (end, start) => end - start)];
            return new Measured(clock.Seconds[Settled - 1], Timing.Median(later), fit.ComputedShare, [.. fit.Model.Weights, .. fit.Model.Means, .. fit.Model.Covariances]);
        }
    }

    // Centers at random, scaled to a mean distance from the nearest; deviations from 0.7 to 1.2; a start near the truth.
    private static (double[] Rows, GaussianMixture Initial) Apart(int points, int dimension, int components, double apart, CovarianceType type)
    {
        var random = new Random(7);
        double[] centers = [.. Enumerable.Range(0, components * dimension).Select(_ => Normal(random))];
        double nearest = 0;
        for (var a = 0; a < components; a++)
        {
            var least = double.PositiveInfinity;
            for (var b = 0; b < components; b++)
            {
                double square = 0;
                for (var j = 0; j < dimension; j++) square += Math.Pow(centers[a * dimension + j] - centers[b * dimension + j], 2);
                if (a != b) least = Math.Min(least, square);
            }
            nearest += Math.Sqrt(least) / components;
        }
        for (var i = 0; i < centers.Length; i++) centers[i] *= apart / nearest;
        var rows = new double[points * dimension];
        for (var i = 0; i < points; i++)
        {
            var k = random.Next(components);
            for (var j = 0; j < dimension; j++) rows[i * dimension + j] = centers[k * dimension + j] + Normal(random) * (0.7 + 0.06 * ((31 * k + 17 * j) % 10));
        }
        double[] means = [.. centers.Select(center => center + 0.3 * Normal(random))];
        double[] unit = type == CovarianceType.Full
            ? [.. Enumerable.Range(0, components * dimension * dimension).Select(i => i % (dimension * dimension) % (dimension + 1) == 0 ? 1.0 : 0)]
            : [.. Enumerable.Repeat(1.0, components * dimension)];
        return (rows, new GaussianMixture(type, dimension, [.. Enumerable.Repeat(1.0 / components, components)], means, unit));
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private sealed record Measured(double First, double Later, double Share, double[] Theta);

    private sealed class PassClock : IProgress<IterationInfo>
    {
        public List<double> Seconds { get; } = [];

        public void Report(IterationInfo value) => Seconds.Add(value.Elapsed.TotalSeconds);
    }
}
