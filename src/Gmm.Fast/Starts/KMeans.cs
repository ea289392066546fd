using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Runs k-means on the points of a sample: greedy k-means++ seeds (Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007,
/// section 2 and the greedy variant of its section 7), then Lloyd's iteration.
/// </summary>
internal static unsafe class KMeans
{
    /// <summary>
    /// Iteration stops when the sum of squared moves of the centers is below this part of the mean variance of a dimension, as in scikit-learn.
    /// </summary>
    public const double RelativeTolerance = 1e-4;

    /// <summary>
    /// Draws seeds [K x D], or returns null when canceled. Each next seed is the best of a few points drawn with probability by weight times squared
    /// distance to the nearest seed before.
    /// </summary>
    /// <param name="sample">The blocks of the points.</param>
    /// <param name="weights">[N], or null.</param>
    /// <param name="components">K.</param>
    /// <param name="random">The stream of the start.</param>
    /// <param name="cancellation">Ends the drawing.</param>
    public static double[]? Seed(BlockStore<double> sample, double[]? weights, int components, Xoshiro256 random, CancellationToken cancellation)
    {
        var (rows, dimension) = ((int)sample.PointCount, sample.Dimension);
        var trials = 2 + (int)Math.Log(components);
        using var distances = new AlignedBuffer<double>((long)rows * trials);
        var room = new double[dimension];
        var nearest = new double[rows];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        var runningSums = new double[rows];
        var centers = new double[components * dimension];
        var candidates = new double[trials * dimension];
        using var measure = new CenterDistances(sample, trials);

        for (var k = 0; k < components; k++)
        {
            if (cancellation.IsCancellationRequested) return null;
            for (var t = 0; t < trials; t++)
            {
                var pick = k > 0 ? Pick(runningSums, random) : weights is null ? (int)random.NextBelow(rows) : PickFirst(weights, runningSums, random);
                sample.Point(pick, room).CopyTo(candidates.AsSpan(t * dimension));
            }

            measure.From(candidates);
            for (long number = 0; number < sample.Shape.Blocks; number++)
            {
                var (first, count) = measure.Block(number);
                for (var t = 0; t < trials; t++) measure.To(t)[..count].CopyTo(distances.Span.Slice(t * rows + first, count));
            }
            var best = Best(nearest, weights, distances.Pointer, rows, k == 0 ? 1 : trials);
            Approach(nearest, weights, distances.Pointer + (nint)best * rows, runningSums);
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

    // Lowers the nearest distances to those to a new seed where they are smaller, and sums them.
    private static void Approach(double[] nearest, double[]? weights, double* distances, double[] runningSums)
    {
        TensorPrimitives.Min(nearest, new ReadOnlySpan<double>(distances, nearest.Length), nearest);
        double sum = 0;
        for (var i = 0; i < nearest.Length; i++) runningSums[i] = sum += weights is null ? nearest[i] : weights[i] * nearest[i];
    }

    // Gives the candidate with the smallest sum of squared distances, the first of equals.
    private static int Best(double[] nearest, double[]? weights, double* distances, int stride, int candidates)
    {
        var (best, smallest) = (0, double.PositiveInfinity);
        fixed (double* pinned = nearest)
        {
            for (var t = 0; t < candidates; t++)
            {
                var column = distances + (nint)t * stride;
                var sum = weights is null ? DenseRows.SumOfSmaller(pinned, column, nearest.Length) : WeightedSum(nearest, weights, column);
                if (sum < smallest) (best, smallest) = (t, sum);
            }
        }
        return best;
    }

    private static double WeightedSum(double[] nearest, double[] weights, double* distances)
    {
        double sum = 0;
        for (var i = 0; i < nearest.Length; i++) sum += weights[i] * Math.Min(nearest[i], distances[i]);
        return sum;
    }

    /// <summary>Runs Lloyd's iteration on <paramref name="centers"/> [K x D]; a center without points stays. Returns false when canceled.</summary>
    /// <param name="sample">The blocks of the points.</param>
    /// <param name="centers">[K x D].</param>
    /// <param name="iterations">The most iterations.</param>
    /// <param name="tolerance">The sum of squared moves of the centers at which it ends.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends the iteration.</param>
    public static bool Iterate(
        BlockStore<double> sample, double[] centers, int iterations, double tolerance, WorkTeam team, CancellationToken cancellation)
    {
        var statistics = new SufficientStatistics(MomentKind.Trace, centers.Length / sample.Dimension, sample.Dimension);
        var plan = ShardPlan.Alone<double>(sample.PointCount, sample.Dimension);
        var sweep = new Sweep<double>(sample, plan, statistics, new RankGroup(null), team, cancellation);
        using var expectation = new Expectation<double>(
            sweep, BlockSteps.Centroids(LaneWidths.Widest), DensityForm.Spherical, statistics.Components, sample.Dimension);
        var moved = new double[centers.Length];
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            if (!expectation.Run(Survey.UnitSpheres(centers, sample.Dimension), statistics)) return false;
            Maximization.Means(statistics, moved);
            double shift = 0;
            for (var i = 0; i < moved.Length; i++) shift += (moved[i] - centers[i]) * (moved[i] - centers[i]);
            moved.CopyTo(centers, 0);
            if (shift <= tolerance) break;
        }
        return true;
    }

    /// <summary>Writes the number of the center nearest to each point, the first of equals.</summary>
    /// <param name="sample">The blocks of the points.</param>
    /// <param name="centers">[K x D].</param>
    /// <param name="labels">[N], receives the numbers.</param>
    public static void Label(BlockStore<double> sample, double[] centers, int[] labels)
    {
        var components = centers.Length / sample.Dimension;
        using var measure = new CenterDistances(sample, components);
        measure.From(centers);
        labels.AsSpan().Clear();
        for (long number = 0; number < sample.Shape.Blocks; number++)
        {
            var (first, count) = measure.Block(number);
            var found = labels.AsSpan(first, count);
            for (var k = 1; k < components; k++)
            {
                var column = measure.To(k);
                for (var i = 0; i < count; i++)
                {
                    if (column[i] < measure.To(found[i])[i]) found[i] = k;
                }
            }
        }
    }
}
