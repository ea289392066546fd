using System.Diagnostics;

namespace Gmm.Bench;

/// <summary>
/// best [NAME | --only SHAPE]: the shortest of many runs of the kernels on one block in cache, and writes bench/results/CPU/NAME.md, best.md where no
/// name is given. --only measures the shapes that contain SHAPE, as in 16x64, and prints only.
/// On a machine with other guests medians tell of the guests; the shortest run is what the code can do, and comparable with that of another commit.
/// </summary>
internal static class BestCommand
{
    private const long PeakRounds = 20_000;
    private const double SampleSeconds = 1e-4;
    private const int LeastForMoments = 8;
    private const int MostForAssignment = 32;
    private const int Exponentials = 1024;

    // In two rounds over all shapes: other guests stay for seconds.
    private const int Rounds = 2;

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(1);

    private static readonly (CovarianceType Type, int Dimension, int Components)[] s_shapes =
    [
        (CovarianceType.Full, 2, 3), (CovarianceType.Full, 3, 4), (CovarianceType.Full, 8, 8), (CovarianceType.Full, 16, 16), (CovarianceType.Full, 32, 8),
        (CovarianceType.Full, 64, 4), (CovarianceType.Full, 128, 2), (CovarianceType.Diagonal, 16, 64), (CovarianceType.Spherical, 16, 64),
    ];

    public static int Run(string[] args)
    {
        var only = args is ["--only", var part] ? part : "";
        var shapes = Array.FindAll(s_shapes, shape => $"{shape.Dimension}x{shape.Components}".Contains(only, StringComparison.Ordinal));
        var peak = PeakRounds * LaneLoops.OperationsPerRound / Shortest(() => LaneLoops.FmaChains(PeakRounds)) / 1e9;
        var table = new MarkdownTable("shape", "distances", "moments", "whole step", "distances", "assignment", "moments", "whole step");
        const double Never = double.PositiveInfinity;
        var shortest = Enumerable.Repeat((Distances: Never, Expectation: Never, Whole: Never, Points: 0), shapes.Length).ToArray();
        for (var i = 0; i < Rounds * shapes.Length; i++)
        {
            ref var seconds = ref shortest[i % shapes.Length];
            var (type, dimension, components) = shapes[i % shapes.Length];
            using var block = new KernelBlock(type, dimension, components);
            seconds = (
                Math.Min(seconds.Distances, Shortest(block.Distances)), Math.Min(seconds.Expectation, Shortest(block.ExpectationStep)),
                Math.Min(seconds.Whole, Shortest(block.WholeStep)), block.Points);
        }
        foreach (var ((type, dimension, components), (distances, expectation, whole, points)) in shapes.Zip(shortest))
        {
            var pairs = (double)points * components;
            var useful = pairs * dimension * dimension / peak / 1e9;
            string Share(double part, double seconds) => type == CovarianceType.Full ? $"{part * useful / seconds:p0}" : "-";
            string Nanoseconds(double seconds) => $"{seconds * 1e9 / pairs:f2}";
            string Moments(Func<double, string> cell) => dimension < LeastForMoments ? "-" : cell(whole - expectation);
            var assignment = dimension > MostForAssignment ? "-" : Nanoseconds(expectation - distances);
            var kind = type == CovarianceType.Full ? "" : $" {type.ToString().ToLowerInvariant()}";
            table.Add(
                $"{dimension}x{components}{kind}", Share(1, distances), Moments(seconds => Share(1, seconds)), Share(2, whole),
                Nanoseconds(distances), assignment, Moments(Nanoseconds), Nanoseconds(whole));
        }
        var arguments = new double[Exponentials];
        for (var i = 0; i < Exponentials; i++) arguments[i] = -40.0 * i / Exponentials;
        var results = new double[Exponentials];
        var exponential = Shortest(() => LaneLoops.Exp(arguments, results)) / Exponentials;
        var text = $"""
            # Kernels at their best

            {Machine.Processor}; {DateTime.UtcNow:yyyy-MM-dd}. FMA peak {peak:f1} GFLOP/s. One thread, one block in cache, features x components, full
            covariances unless said. The shortest run of those in {Rounds * s_duration.TotalSeconds:f0} seconds: its share of the peak in useful operations
            (D^2 for the distances, D^2 for the moments), then nanoseconds per point and component. Assignment is distances and assignment less distances, where those are not a hundred times as
            much; moments are the whole step less both. It takes fewer logarithms than these do alone, as much time as the moments need at D = 2
            and 3, where nothing is said of them.

            {table}

            Exponentials alone, {Exponentials} of them: {exponential * 1e9:f2} ns each.
            """;
        Console.WriteLine(text);
        if (only.Length == 0) Machine.WriteResult(args is [var name] ? name : "best", text);
        return 0;
    }

    private static double Shortest(Action action)
    {
        // Long against the clock, short against the turns of other guests.
        var calls = Math.Max(1, (int)(SampleSeconds / Timing.WarmUp(action)));
        var shortest = double.PositiveInfinity;
        for (var all = Stopwatch.StartNew(); all.Elapsed < s_duration;)
        {
            shortest = Math.Min(shortest, Timing.Seconds(() =>
            {
                for (var i = 0; i < calls; i++) action();
            }));
        }
        return shortest / calls;
    }
}
