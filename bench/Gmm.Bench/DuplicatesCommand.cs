using System.Runtime.InteropServices;

namespace Gmm.Bench;

/// <summary>
/// duplicates [--quick] [PHOTO]: measures fits that fold equal points beside fits of every point, in turns, and writes bench/results/CPU/duplicates.md.
/// --quick takes a tenth of the points and prints only. PHOTO is a picture, whose pixels are fitted too.
/// </summary>
internal static class DuplicatesCommand
{
    private const int Rounds = 3;
    private const int Iterations = 20;
    private const int Colors = 3;

    public static int Run(string[] args)
    {
        var quick = args.Contains("--quick");
        var points = quick ? 100_000 : 1_000_000;
        var table = new MarkdownTable(
            "data", "K", "threads", "different points", "s every point", "s folded", "ratio", "least", "most", "log-likelihood apart, nats a point", "target", "met");
        var pixels = Pixels(points);
        foreach (var k in (int[])[8, 64]) Add(table, $"pixels of 8 bits, {points}x{Colors}", pixels, Colors, k, 3);
        Add(table, $"whole numbers 0 to 99, {points}x1", Whole(points, 1, 100), 1, 4, 3);
        Add(table, $"grid of 40 x 40, {points}x2", Whole(points, 2, 40), 2, 8, 3);
        Add(table, $"half of the points equal, {points}x{Colors}", HalfEqual(points), Colors, 8, 0.97);
        foreach (var k in (int[])[2, 8]) Add(table, $"none equal, {points}x{Colors}", Normals(points * Colors), Colors, k, 0.97);
        if (args.FirstOrDefault(arg => !arg.StartsWith('-')) is { } file)
        {
            var photo = Data.Images.PhotoFile.Read(file);
            var rows = Array.ConvertAll(photo.Rgb, level => (double)level);
            foreach (var k in (int[])[8, 64]) Add(table, $"photograph, {rows.Length / Colors}x{Colors}", rows, Colors, k, 10);
        }
        var text = $"""
            # Equal points folded into one

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. {Iterations} iterations of full covariances from the same parameters, whole fits, with `Duplicates.Keep` and with `Duplicates.Auto`.
            Medians of {Rounds} rounds taken in turns; ratios are formed within a round.

            {table}
            """;
        Console.WriteLine(text);
        if (!quick) Machine.WriteResult("duplicates", text);
        return 0;
    }

    private static void Add(MarkdownTable table, string name, double[] rows, int dimension, int components, double target)
    {
        var initial = Start(rows, dimension, components);
        foreach (var threads in (int[])[1, 2])
        {
            var (fit, kept) = (Fit(Duplicates.Auto), Fit(Duplicates.Keep));
            (double Kept, double Folded)[] rounds =
                [.. Enumerable.Range(0, Rounds).Select(_ => (Timing.Seconds(() => Fit(Duplicates.Keep)), Timing.Seconds(() => Fit(Duplicates.Auto))))];
            double[] ratios = [.. rounds.Select(round => round.Kept / round.Folded)];
            table.Add(
                name, $"{components}", $"{threads}", $"{fit.DistinctPoints}", $"{Timing.Median(rounds.Select(round => round.Kept)):f3}",
                $"{Timing.Median(rounds.Select(round => round.Folded)):f3}", $"{Timing.Median(ratios):f2}", $"{ratios.Min():f2}", $"{ratios.Max():f2}",
                $"{Math.Abs(fit.MeanLogLikelihood - kept.MeanLogLikelihood):g1}", $"{target}", Timing.Median(ratios) >= target ? "yes" : "no");

            FitResult Fit(Duplicates duplicates) => MixtureFit.Fit(new Points(rows, dimension), new FitOptions
            {
                Components = components,
                InitialModel = initial,
                Stop = StopRule.FixedCount,
                MaxIterations = Iterations,
                MaxDegreeOfParallelism = threads,
                OnCollapse = CollapsePolicy.Keep,
                Regularization = 1.0 / 12,
                Duplicates = duplicates,
            });
        }
    }

    private static GaussianMixture Start(double[] rows, int dimension, int components) => MixtureFit.Fit(new Points(rows, dimension), new FitOptions
    {
        Components = components,
        Start = StartMethod.KMeansPlusPlus,
        Stop = StopRule.FixedCount,
        MaxIterations = 1,
        OnCollapse = CollapsePolicy.Keep,
        Regularization = 1.0 / 12,
    }).Model;

    // A picture of smooth colors with the noise of a camera, most of it in the brightness, row by row.
    private static double[] Pixels(int points)
    {
        var random = new Random(7);
        var width = (int)Math.Sqrt(points);
        var rows = new double[points * Colors];
        for (var i = 0; i < points; i++)
        {
            var (x, y) = (i % width / (double)width, i / width / (double)width);
            var brightness = 128 + 15 * Math.Sin(23 * x * y) + Normal(random);
            for (var j = 0; j < Colors; j++)
            {
                var color = brightness + 40 * Math.Sin(5 * x + 2 * j) * Math.Cos(4 * y + j);
                rows[i * Colors + j] = Math.Clamp(Math.Round(color + 0.3 * Normal(random)), 0, 255);
            }
        }
        return rows;
    }

    private static double[] Whole(int points, int dimension, int limit)
    {
        var random = new Random(8);
        return [.. Enumerable.Range(0, points * dimension)
            .Select(_ => Math.Clamp(Math.Round(limit * (0.3 + 0.4 * random.Next(2) + 0.1 * Normal(random))), 0, limit - 1))];
    }

    private static double[] HalfEqual(int points)
    {
        var random = new Random(9);
        var rows = new double[points * Colors];
        for (var i = 0; i < points; i++)
        {
            if (random.Next(2) == 0) continue;
            for (var j = 0; j < Colors; j++) rows[i * Colors + j] = Normal(random);
        }
        return rows;
    }

    private static double[] Normals(int count)
    {
        var random = new Random(10);
        return [.. Enumerable.Range(0, count).Select(_ => 3 * random.Next(3) + Normal(random))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
