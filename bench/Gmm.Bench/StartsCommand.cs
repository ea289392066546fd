using System.Globalization;
using System.Text.Json;

namespace Gmm.Bench;

/// <summary>
/// Fits every data set of a folder that bench/peers/starts/make_data.py wrote, from several seeds, and prints each model as a line of JSON for
/// bench/peers/starts/table.py: FOLDER METHOD SEEDS [NAME PART] [FIRST SEED] [SYSTEM].
/// </summary>
internal static class StartsCommand
{
    private const double Tolerance = 1e-7;
    private const double Regularization = 1e-12;
    private const int MaxIterations = 1000;

    public static int Run(string[] args)
    {
        var (folder, method, seeds) = (args[0], Enum.Parse<StartMethod>(args[1]), int.Parse(args[2], CultureInfo.InvariantCulture));
        var (part, first) = (args.Length > 3 ? args[3] : "", args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 0);
        var system = args.Length > 5 ? args[5] : method.ToString();
        foreach (var line in File.ReadLines(Path.Combine(folder, "sets.tsv")))
        {
            if (line.Split('\t') is not [var name, var components, var kind] || !name.Contains(part, StringComparison.Ordinal)) continue;
            var rows = File.ReadLines(Path.Combine(folder, $"{name}.csv"))
                .Select(row => Array.ConvertAll(row.Split(','), cell => double.Parse(cell, CultureInfo.InvariantCulture))).ToArray();
            var options = new FitOptions
            {
                Components = int.Parse(components, CultureInfo.InvariantCulture),
                CovarianceType = kind == "diag" ? CovarianceType.Diagonal : CovarianceType.Full,
                Start = method,
                Regularization = Regularization,
                MaxIterations = MaxIterations,
                Stop = StopRule.MeanChange(Tolerance),
            };
            double[] points = [.. rows.SelectMany(row => row)];
            for (var seed = first; seed < first + seeds; seed++) Console.WriteLine(Describe(system, name, points, rows[0].Length, options with { Seed = seed }));
        }
        return 0;
    }

    private static string Describe(string system, string name, double[] points, int dimension, FitOptions options)
    {
        FitResult? fit = null;
        var seconds = Timing.Seconds(() => fit = MixtureFit.Fit(new Points(points, dimension), options));
        var model = fit!.Model;
        var (d, k) = (model.Dimension, model.ComponentCount);
        var compact = model.Covariances.ToArray();
        object covariances = options.CovarianceType == CovarianceType.Full ? compact.Chunk(d).Chunk(d) : compact.Chunk(d);
        return JsonSerializer.Serialize(new
        {
            system,
            set = name,
            seed = options.Seed,
            seconds,
            iterations = fit.Iterations,
            weights = model.Weights.ToArray(),
            means = model.Means.ToArray().Chunk(d),
            covariances,
        });
    }
}
