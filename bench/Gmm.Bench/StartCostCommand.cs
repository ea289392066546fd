using System.Globalization;

namespace Gmm.Bench;

/// <summary>
/// Prints what a start costs in iterations of the same fit, all methods in turns: [THREADS] [SHAPE ...] [--diagonal]. All that comes before the first pass
/// of EM counts, the survey too.
/// </summary>
internal static class StartCostCommand
{
    private const int Rounds = 5;
    private const int Iterations = 3;

    public static int Run(string[] args)
    {
        var type = args.Contains("--diagonal") ? CovarianceType.Diagonal : CovarianceType.Full;
        args = [.. args.Where(arg => arg != "--diagonal")];
        var threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : -1;
        string[] shapes = args.Length > 1 ? args[1..] :
        [
            "1000x3x4", "1000000x8x8", "200000x16x16", "100000x32x32", "200000x16x64", "200000x16x256", "200000x16x1024",
        ];
        var methods = Enum.GetValues<StartMethod>();
        var table = new MarkdownTable(["shape", .. methods.SelectMany(method => (string[])[$"{method}, ms", "iterations"])]);
        foreach (var shape in shapes)
        {
            var problem = Problem.Parse(type, shape);
            var seconds = methods.Select(_ => new List<double>()).ToArray();
            var iteration = new List<double>();
            Timing.WarmUp(() => Start(methods[^1], 0));
            for (var round = 0; round < Rounds; round++)
            {
                for (var m = 0; m < methods.Length; m++) seconds[m].Add(Start(methods[m], round));
                var run = new IterationClock();
                problem.Fit(problem.Options(Iterations, threads) with { Progress = run });
                iteration.Add(run.SecondsPerIteration);
            }
            table.Add([shape, .. seconds.SelectMany(all => (string[])[$"{1e3 * Timing.Median(all):f2}", $"{Timing.Median(all) / Timing.Median(iteration):f2}"])]);

            double Start(StartMethod method, int seed)
            {
                var clock = new IterationClock();
                var options = problem.Options(0, threads) with { InitialModel = null, Start = method, Seed = seed, Progress = clock };
                return Timing.Seconds(() => problem.Fit(options)) - clock.Total;
            }
        }
        Console.WriteLine(table);
        return 0;
    }
}
