using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Bench;

/// <summary>
/// gap-starts [SETS]: fits generated sets with gaps from each start and compares where they end, and writes bench/results/CPU/gap-starts.md. Without the
/// number 24 sets of each kind.
/// </summary>
internal static class GapStartsCommand
{
    private const int Sets = 24;
    private const int Restarts = 20;
    private const int LeastPerComponent = 150;

    // In nats.
    private const double Lost = 2;

    private static readonly (string Name, Func<int, double, bool, double> Missing)[] s_kinds =
    [
        ("a column missing in a whole cluster, 5 % elsewhere", (column, _, isFirstCluster) => isFirstCluster && column == 0 ? 1 : 0.05),
        ("10 % at random", (_, _, _) => 0.1),
        ("30 % at random", (_, _, _) => 0.3),
        ("50 % at random", (_, _, _) => 0.5),
        ("half of the values above 1", (_, value, _) => value > 1 ? 0.5 : 0),
    ];

    public static int Run(string[] args)
    {
        var sets = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Sets;
        var table = new MarkdownTable("missing", "sets", "default start", "k-means++", $"best of {Restarts} random");
        foreach (var (name, missing) in s_kinds)
        {
            var ends = Enumerable.Range(0, sets).Select(set => Ends(set, missing)).ToArray();
            table.Add([name, $"{sets}", .. Enumerable.Range(0, 3).Select(start => Summary([.. ends.Select(end => end.Max() - end[start])]))]);
        }
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            # Starts of points with gaps

            {Machine.Processor}, {Environment.ProcessorCount} processors; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription};
            {DateTime.UtcNow:yyyy-MM-dd}. Generated clusters, 200 to 2400 points, 2 to 6 dimensions, 2 to 16 components, full and diagonal by turns; EM to a change of
            1e-6 nats a point. In each cell: sets that end more than {Lost:g1} nats below the best of the three, and the nats lost in all sets together. The best of
            many random starts may be a component of few points.

            {table}
            """);
        Console.WriteLine(text);
        if (sets == Sets) Machine.WriteResult("gap-starts", text);
        return 0;
    }

    private static string Summary(double[] losses) => string.Create(CultureInfo.InvariantCulture, $"{losses.Count(loss => loss > Lost)}, {losses.Sum():f1}");

    private static double[] Ends(int set, Func<int, double, bool, double> missing)
    {
        var (d, k) = (new[] { 2, 3, 4, 6 }[set % 4], new[] { 2, 3, 8, 16 }[set / 4 % 4]);
        var n = Math.Max(new[] { 200, 400, 1000 }[set % 3], LeastPerComponent * k);
        var type = set % 2 == 0 ? CovarianceType.Diagonal : CovarianceType.Full;
        var random = new Random(set);
        var (complete, labels) = (new double[n * d], new int[n]);
        Clusters(random, type, d, k).Sample(seed: set, complete, labels);
        double[] rows = [.. complete.Select((value, i) => random.NextDouble() < missing(i % d, value, labels[i / d] == 0) ? double.NaN : value)];
        var options = new FitOptions
        {
            Components = k,
            CovarianceType = type,
            MissingValues = MissingValues.Marginalize,
            Stop = StopRule.MeanChange(1e-6),
            MaxIterations = 2000,
        };
        return
        [
            End(options), End(options with { Start = StartMethod.KMeansPlusPlus }), End(options with { Start = StartMethod.RandomPoints, Restarts = Restarts }),
        ];

        double End(FitOptions given) => MixtureFit.Fit(new Points(rows, d), given).TotalLogLikelihood;
    }

    // Means are normal with 4 times the standard deviation of the points in a direction, on average.
    private static GaussianMixture Clusters(Random random, CovarianceType type, int d, int k)
    {
        double[] means = [.. Enumerable.Range(0, k * d).Select(_ => 4 * Normal(random))];
        var covariances = new List<double>();
        for (var c = 0; c < k; c++)
        {
            if (type == CovarianceType.Diagonal)
            {
                covariances.AddRange(Enumerable.Range(0, d).Select(_ => Math.Pow(0.4 + (1.2 * random.NextDouble()), 2)));
                continue;
            }
            var root = new double[d, d];
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++) root[i, j] = (Normal(random) / Math.Sqrt(d)) + (i == j ? 0.7 : 0);
            }
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++) covariances.Add(Enumerable.Range(0, d).Sum(l => root[i, l] * root[j, l]));
            }
        }
        return new GaussianMixture(type, d, [.. Enumerable.Repeat(1.0 / k, k)], means, [.. covariances]);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
