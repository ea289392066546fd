using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Bench.Scaling;

/// <summary>
/// scaling [--draw]: measures the time of one EM iteration against points, features, components and threads, beside what arithmetic and memory bound
/// it to; writes bench/results/CPU/scaling.md and scaling.svg, drawn from that table. --draw only draws.
/// </summary>
internal static class ScalingCommand
{
    private const string Name = "scaling";

    public static int Run(string[] args)
    {
        if (args is not ([] or ["--draw"]))
        {
            Console.Error.WriteLine($"scaling: {string.Join(' ', args)} is not understood; only --draw is");
            return 2;
        }
        var table = Machine.ResultPath(Name, "md");
        if (args.Length == 0) Machine.WriteResult(Name, Text(ScalingMeasure.Measure(ScalingCurve.All)));
        if (!File.Exists(table))
        {
            Console.Error.WriteLine($"scaling: there is no {table}; scaling without --draw measures and writes it");
            return 2;
        }
        Draw(table);
        return 0;
    }

    private static string Text(IEnumerable<ScalingPoint> points)
    {
        var table = new MarkdownTable(ScalingPoint.Header);
        foreach (var point in points) table.Add(point.Cells());
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Scaling

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. Full covariances, {LaneLoops.Lanes} doubles a vector.

            ![Time of one EM iteration](scaling.svg)

            Medians of whole fits less their start. Two bounds, as if nothing else had to be done. Arithmetic: the 2 N K (D^2 + {ScalingPoint.OfExp}) operations of distances,
            moments and exponentials (for floats {ScalingPoint.OfSingleExp} in place of {ScalingPoint.OfExp}) at the peak of fused multiply-adds of as many threads, the median of this run. Reading: the data
            once, at the rate at which as many threads read these same numbers again and again. Share: the longer bound over the measured time.

            {table}
            """);
    }

    private static void Draw(string table)
    {
        var points = MarkdownTable.Read(File.ReadAllText(table)).Select(ScalingPoint.Parse);
        var figure = ScalingFigure.Of([.. points]);
        var path = Machine.ResultPath(Name, "svg");
        using (var file = File.Create(path)) figure.SaveSvg(file);
        Console.WriteLine($"written: {path}");
    }
}
