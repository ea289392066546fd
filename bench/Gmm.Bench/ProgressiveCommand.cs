using System.Globalization;
using System.Runtime.InteropServices;
using Gmm.Bench.Passes;

namespace Gmm.Bench;

/// <summary>
/// progressive [--quick]: compares fits that begin on samples with fits that begin with all points, from the same starts, and writes
/// bench/results/CPU/progressive.md. --quick takes six seeds of the smaller sets and prints only.
/// </summary>
internal static class ProgressiveCommand
{
    private const int Seeds = 50;
    private const int QuickSeeds = 6;

    // Making a mixture of a given overlap takes longer than fits of its points.
    private const int Mixtures = 5;
    private const int MaxIterations = 1000;

    // In nats a point: the default tolerance of fits.
    private const double Lower = 1e-3;

    private static readonly (int Points, int Dimension, int Components)[] s_shapes = [(100_000, 2, 8), (200_000, 8, 16), (200_000, 16, 32), (1_000_000, 4, 8)];

    private static readonly double[] s_overlaps = [1e-4, 1e-2, 1e-1];

    private static readonly StopRule[] s_stops = [StopRule.MeanChange(), StopRule.Statistical()];

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var seeds = quick ? QuickSeeds : Seeds;
        var table = new MarkdownTable(
            "points x dimensions, K", "overlap", "stop", "passes", "passes, progressive", "over samples", "seconds", "seconds, progressive", "ratio",
            "nats a point: least", "median", "most", "lower", "higher");
        foreach (var (points, dimension, components) in quick ? s_shapes[..2] : s_shapes)
        {
            foreach (var overlap in s_overlaps)
            {
                GaussianMixture[] mixtures =
                    [.. Enumerable.Range(1, Math.Min(seeds, Mixtures)).Select(seed => OverlapMixture.Make(CovarianceType.Full, dimension, components, overlap, seed))];
                var pairs = s_stops.Select(_ => new List<Pair>()).ToArray();
                for (var seed = 0; seed < seeds; seed++)
                {
                    var rows = new double[points * dimension];
                    mixtures[seed % mixtures.Length].Sample(seed, rows);
                    for (var stop = 0; stop < s_stops.Length; stop++) pairs[stop].Add(Measure(rows, dimension, components, s_stops[stop], seed));
                }
                for (var stop = 0; stop < s_stops.Length; stop++)
                    table.Add([$"{points}x{dimension}, K = {components}", Text($"{overlap}"), StopNames.Of(s_stops[stop].Kind), .. Cells(pairs[stop])]);
            }
        }
        var text = $"""
            # Fits that begin on samples

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. `Progressive.On` beside `Progressive.Off`, in turns, of the same points with the same default start, which both times hold. Mixtures of
            full covariances of which the most overlapping pair has the overlap given; {seeds} sets of points each, of {Math.Min(seeds, Mixtures)} mixtures. Passes and seconds are means; the ratio
            is that of the sums of seconds, above 1 a gain. Passes over samples are in passes over all points. The difference of the log-likelihoods is positive where
            the progressive fit ends higher; "lower" and "higher" count fits that end more than {Text($"{Lower}")} nats a point from the other one.

            {table}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("progressive", text);
        return 0;
    }

    private static Pair Measure(double[] rows, int dimension, int components, StopRule stop, int seed)
    {
        var options = new FitOptions
        {
            Components = components,
            Seed = seed,
            Stop = stop,
            MaxIterations = MaxIterations,
        };
        FitResult? plain = null, progressive = null;
        double plainSeconds = 0, progressiveSeconds = 0;
        if (seed % 2 == 0) plainSeconds = Timing.Seconds(Plain);
        progressiveSeconds = Timing.Seconds(Samples);
        if (seed % 2 != 0) plainSeconds = Timing.Seconds(Plain);
        return new Pair(plain!, progressive!, plainSeconds, progressiveSeconds);

        void Plain() => plain = MixtureFit.Fit(new Points(rows, dimension), options with { Progressive = Progressive.Off });

        void Samples() => progressive = MixtureFit.Fit(new Points(rows, dimension), options with { Progressive = Progressive.On });
    }

    private static string[] Cells(List<Pair> pairs)
    {
        double[] gains = [.. pairs.Select(pair => pair.Gain).Order()];
        var (plain, progressive) = (pairs.Sum(pair => pair.PlainSeconds), pairs.Sum(pair => pair.ProgressiveSeconds));
        return
        [
            Text($"{pairs.Average(pair => pair.PlainPasses):f1}"), Text($"{pairs.Average(pair => pair.Passes):f1}"), Text($"{pairs.Average(pair => pair.SamplePasses):f1}"),
            Text($"{plain / pairs.Count:f2}"), Text($"{progressive / pairs.Count:f2}"), Text($"{plain / progressive:f2}"),
            Text($"{gains[0]:0.0e0}"), Text($"{Timing.Median(gains):0.0e0}"), Text($"{gains[^1]:0.0e0}"),
            Text($"{gains.Count(gain => gain < -Lower)}"), Text($"{gains.Count(gain => gain > Lower)}"),
        ];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Two fits of the same points, of which no more is kept than the table shows.</summary>
    private sealed record Pair(int PlainPasses, int Passes, double SamplePasses, double Gain, double PlainSeconds, double ProgressiveSeconds)
    {
        public Pair(FitResult plain, FitResult progressive, double plainSeconds, double progressiveSeconds)
            : this(
                plain.Passes, progressive.Passes, progressive.SamplePasses, progressive.MeanLogLikelihood - plain.MeanLogLikelihood, plainSeconds, progressiveSeconds)
        {
        }
    }
}
