using System.Runtime.InteropServices;

namespace Gmm.Bench.Targets;

/// <summary>
/// targets [--quick] [--full] [SHAPE ...]: measures what the engine promises and writes bench/results/CPU/targets.md. --full adds memory at ten million
/// points. --quick takes a tenth of the points; SHAPE, features x components such as 8x8, measures the iterations of that shape only. Both print only.
/// After every measurement the file holds what there is: a machine that is lent for minutes may be taken back.
/// </summary>
internal static class TargetsCommand
{
    private const string Name = "targets";

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
        foreach (var (what, measure) in Measurements(iterations, figures, shapes, full, all))
        {
            Console.Error.WriteLine($"{what} ...");
            measure();
            if (all && !quick) Machine.Save(Name, Text(iterations, figures, all));
        }
        var text = Text(iterations, figures, all);
        Console.WriteLine(text);
        if (all && !quick) Machine.WriteResult(Name, text);
        return 0;
    }

    private static IEnumerable<(string What, Action Measure)> Measurements(IterationTable iterations, FigureTable figures, TargetShape[] shapes, bool full, bool all)
    {
        if (full) yield return ("memory", figures.AddMemory);
        foreach (var shape in shapes) yield return ($"{shape.Type} {shape.Name}", () => iterations.Add(shape));
        if (!all) yield break;

        yield return ("small fit", figures.AddSmallFit);
        foreach (var shape in shapes.Where(shape => shape.Dimension is 8 or 16 or 32 && shape.Type is CovarianceType.Full or CovarianceType.Diagonal))
            yield return ($"start {shape.Name}", () => figures.AddSeeding(shape, threads: 1));
        yield return ("one point 3x4", () => figures.AddOnePoint(3, 4, mostNanoseconds: 40));
        yield return ("one point 26x32", () => figures.AddOnePoint(26, 32, mostNanoseconds: 800));
        yield return ("many points 8x8", () => figures.AddManyPoints(100_000, 8, 8));
        yield return ("many points 32x32", () => figures.AddManyPoints(20_000, 32, 32));
        yield return ("exp", figures.AddExp);
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
}
