using System.Runtime.InteropServices;

namespace Gmm.Bench.Targets;

/// <summary>
/// targets [--quick] [--full] [SHAPE ...]: measures what the engine promises and writes bench/results/CPU/targets.md. --full adds memory at ten million
/// points. --quick takes a tenth of the points; SHAPE, features x components such as 8x8, measures the iterations of that shape only. Both print only.
/// </summary>
internal static class TargetsCommand
{
    public static int Run(string[] args)
    {
        var (quick, full) = (args.Contains("--quick"), args.Contains("--full"));
        string[] wanted = [.. args.Where(arg => arg is not ("--quick" or "--full"))];
        var all = wanted.Length == 0;
        TargetShape[] shapes = [.. TargetShape.All.Where(shape => all || wanted.Contains(shape.Size)).Select(shape => quick ? shape.Quick() : shape)];
        if (shapes.Length == 0)
        {
            var sizes = TargetShape.All.Select(shape => shape.Size).Distinct();
            Console.Error.WriteLine($"targets: there is no shape {string.Join(" or ", wanted)}; there are {string.Join(", ", sizes)}");
            return 2;
        }

        var (iterations, figures) = (new IterationTable(), new FigureTable());
        if (full) Measure("memory", figures.AddMemory);
        foreach (var shape in shapes) Measure($"{shape.Type} {shape.Name}", () => iterations.Add(shape));
        if (all) AddFigures(figures, shapes);

        var text = Text(iterations, figures, all);
        Console.WriteLine(text);
        if (all && !quick) Machine.WriteResult("targets", text);
        return 0;
    }

    private static void AddFigures(FigureTable figures, TargetShape[] shapes)
    {
        Measure("small fit", figures.AddSmallFit);
        foreach (var shape in shapes.Where(shape => shape.Dimension is 8 or 16 or 32 && shape.Type is CovarianceType.Full or CovarianceType.Diagonal))
            Measure($"start {shape.Name}", () => figures.AddSeeding(shape, threads: 1));
        Measure("scoring", () =>
        {
            figures.AddOnePoint(3, 4, mostNanoseconds: 40);
            figures.AddOnePoint(26, 32, mostNanoseconds: 800);
            figures.AddManyPoints(100_000, 8, 8);
            figures.AddManyPoints(20_000, 32, 32);
        });
        Measure("exp", figures.AddExp);
    }

    private static string Text(IterationTable iterations, FigureTable figures, bool all)
    {
        var peaks = string.Join(", ", iterations.Peaks.Select(peak => $"{peak.Peak:f1} GFLOP/s on {peak.Threads} thread(s)"));
        var text = $"""
            # Targets

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}.
            Vector extensions: {Machine.Flags}.
            FMA peak, measured in turns with the iterations: {peaks}.

            Medians. Useful work of a full covariance is 2 N K D^2 operations per iteration; its share is of the peak of as many threads in the same
            rounds, together. Where two threads have the peak of one, they share a core or the machine with others. Best: the shortest iteration of
            all rounds, and its share of their highest peak; far from the medians, it tells of guests on the machine.

            {iterations}
            """;
        return all ? $"{text}\n{figures}" : text;
    }

    private static void Measure(string what, Action measurement)
    {
        Console.Error.WriteLine($"{what} ...");
        measurement();
    }
}
