using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;

namespace Gmm.Fast.Starts;

/// <summary>
/// Runs k-means on the points of a sample: greedy k-means++ seeds (Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007,
/// section 2 and the greedy variant of its section 7), then Lloyd's iteration.
/// </summary>
internal static class KMeans
{
    /// <summary>
    /// Iteration stops when the sum of squared moves of the centers is below this part of the mean variance of a dimension, as in scikit-learn.
    /// </summary>
    public const double RelativeTolerance = 1e-4;

    /// <summary>
    /// Draws seeds [K x D], or returns null when canceled. Each next seed is the best of a few points drawn with probability by weight times squared
    /// distance to the nearest seed before.
    /// </summary>
    /// <param name="points">The points and K.</param>
    /// <param name="weights">[N], or null.</param>
    /// <param name="random">The stream of the start.</param>
    /// <param name="mostTrials">The most points of which one is chosen.</param>
    public static double[]? Seed(NearestCenters points, double[]? weights, Xoshiro256 random, int mostTrials = int.MaxValue)
    {
        var (sample, components) = (points.Points, points.Components);
        var (rows, dimension) = ((int)sample.PointCount, sample.Dimension);
        var trials = Math.Min(mostTrials, 2 + (int)Math.Log(components));
        var room = new double[dimension];
        var centers = new double[components * dimension];
        var candidates = new double[trials * dimension];
        using var distances = new SeedDistances(sample, weights, trials, points.Sketches, points.Team);
        var runningSums = distances.RunningSums;
        for (var k = 0; k < components; k++)
        {
            if (points.Cancellation.IsCancellationRequested) return null;
            for (var t = 0; t < trials; t++)
            {
                var pick = k > 0 ? Pick(runningSums, random) : weights is null ? (int)random.NextBelow(rows) : PickFirst(weights, runningSums, random);
                sample.Point(pick, room).CopyTo(candidates.AsSpan(t * dimension));
            }
            distances.Measure(candidates);
            var best = distances.Best(k == 0 ? 1 : trials);
            distances.Take(best);
            candidates.AsSpan(best * dimension, dimension).CopyTo(centers.AsSpan(k * dimension));
        }
        return centers;
    }

    // Draws an index with probability by weight.
    private static int PickFirst(double[] weights, double[] runningSums, Xoshiro256 random)
    {
        double sum = 0;
        for (var i = 0; i < runningSums.Length; i++) runningSums[i] = sum += weights[i];
        return Pick(runningSums, random);
    }

    // Draws an index with probability proportional to the increment of the running sums.
    private static int Pick(double[] runningSums, Xoshiro256 random)
    {
        // All points coincide with seeds, so any point is a seed.
        var total = runningSums[^1];
        if (!(total > 0 && double.IsFinite(total))) return (int)random.NextBelow(runningSums.Length);
        var target = random.NextDouble() * total;
        var (low, high) = (0, runningSums.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (runningSums[middle] > target) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Runs Lloyd's iteration on <paramref name="centers"/> [K x D]; a center without points stays. Returns false when canceled.</summary>
    /// <param name="points">The points and K.</param>
    /// <param name="centers">[K x D].</param>
    /// <param name="iterations">The most iterations.</param>
    /// <param name="tolerance">The sum of squared moves of the centers at which it ends.</param>
    public static bool Iterate(NearestCenters points, double[] centers, int iterations, double tolerance)
    {
        var statistics = new SufficientStatistics(MomentKind.Trace, points.Components, points.Points.Dimension);
        var moved = new double[centers.Length];
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            if (!points.Sum(centers, statistics)) return false;
            Maximization.Means(statistics, moved);
            double shift = 0;
            for (var i = 0; i < moved.Length; i++) shift += (moved[i] - centers[i]) * (moved[i] - centers[i]);
            moved.CopyTo(centers, 0);
            if (shift <= tolerance) break;
        }
        return true;
    }
}
