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

    // A multiple of the padding.
    private const int LabelPoints = 1024;

    /// <summary>
    /// Draws seeds [K x D], or returns null when canceled. Each next seed is the best of a few points drawn with probability by weight times squared
    /// distance to the nearest seed before.
    /// </summary>
    /// <param name="sample">The points.</param>
    /// <param name="weights">[N], or null.</param>
    /// <param name="components">K.</param>
    /// <param name="random">The stream of the start.</param>
    /// <param name="cancellation">Ends the drawing.</param>
    public static double[]? Seed(MemoryPoints<double> sample, double* weights, int components, Xoshiro256 random, CancellationToken cancellation)
    {
        var (rows, dimension) = ((int)sample.PointCount, sample.Dimension);
        var trials = 2 + (int)Math.Log(components);
        var padded = BlockShape.Pad<double>(rows);
        using var columns = new AlignedBuffer<double>((long)padded * dimension);
        using var distances = new AlignedBuffer<double>((long)padded * trials);
        var points = sample.Read(0, rows, default);
        var block = BlockPacker.Pack(points, dimension, columns.Pointer, padded, padded);
        var nearest = new double[rows];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        var runningSums = new double[rows];
        var centers = new double[components * dimension];
        var candidates = new double[trials * dimension];
        var step = BlockSteps.Nearest(MomentKind.Trace, LaneWidths.Widest);
        using var parameters = new KernelParameters<double>(DensityForm.Spherical, trials, dimension);

        for (var k = 0; k < components; k++)
        {
            if (cancellation.IsCancellationRequested) return null;
            for (var t = 0; t < trials; t++)
            {
                var pick = k > 0 ? Pick(runningSums, random) : weights is null ? (int)random.NextBelow(rows) : PickFirst(weights, runningSums, random);
                points.Slice(pick * dimension, dimension).CopyTo(candidates.AsSpan(t * dimension));
            }

            // Distances under unit spheres are distances to the centers. The kernel of spherical covariances does not use the scratch argument.
            parameters.Load(Survey.UnitSpheres(candidates, dimension).Numbers);
            step.Distances(block, parameters, columns.Pointer, distances.Pointer);
            var best = Best(nearest, weights, distances.Pointer, padded, k == 0 ? 1 : trials);
            Approach(nearest, weights, distances.Pointer + (nint)best * padded, runningSums);
            candidates.AsSpan(best * dimension, dimension).CopyTo(centers.AsSpan(k * dimension));
        }
        return centers;
    }

    // Draws an index with probability by weight.
    private static int PickFirst(double* weights, double[] runningSums, Xoshiro256 random)
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
    private static void Approach(double[] nearest, double* weights, double* distances, double[] runningSums)
    {
        TensorPrimitives.Min(nearest, new ReadOnlySpan<double>(distances, nearest.Length), nearest);
        double sum = 0;
        for (var i = 0; i < nearest.Length; i++) runningSums[i] = sum += weights is null ? nearest[i] : weights[i] * nearest[i];
    }

    // Gives the candidate with the smallest sum of squared distances, the first of equals.
    private static int Best(double[] nearest, double* weights, double* distances, int stride, int candidates)
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

    private static double WeightedSum(double[] nearest, double* weights, double* distances)
    {
        double sum = 0;
        for (var i = 0; i < nearest.Length; i++) sum += weights[i] * Math.Min(nearest[i], distances[i]);
        return sum;
    }

    /// <summary>Runs Lloyd's iteration on <paramref name="centers"/> [K x D]; a center without points stays. Returns false when canceled.</summary>
    /// <param name="sample">The points.</param>
    /// <param name="centers">[K x D].</param>
    /// <param name="iterations">The most iterations.</param>
    /// <param name="tolerance">The sum of squared moves of the centers at which it ends.</param>
    /// <param name="team">The threads.</param>
    /// <param name="cancellation">Ends the iteration.</param>
    public static bool Iterate(
        MemoryPoints<double> sample, double[] centers, int iterations, double tolerance, WorkTeam team, CancellationToken cancellation)
    {
        var statistics = new SufficientStatistics(MomentKind.Trace, centers.Length / sample.Dimension, sample.Dimension);
        var plan = ShardPlan.Alone<double>(sample.PointCount, sample.Dimension);
        using var store = new BlockStore<double>(sample, plan.Shape, long.MaxValue, sample.HasWeights);
        var sweep = new Sweep<double>(store, plan, statistics, new RankGroup(null), team, cancellation);
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
    /// <param name="sample">The points.</param>
    /// <param name="centers">[K x D].</param>
    /// <param name="labels">[N], receives the numbers.</param>
    public static void Label(MemoryPoints<double> sample, double[] centers, int[] labels)
    {
        var dimension = sample.Dimension;
        var components = centers.Length / dimension;
        using var columns = new AlignedBuffer<double>((long)LabelPoints * dimension);
        using var distances = new AlignedBuffer<double>((long)LabelPoints * components);
        using var parameters = new KernelParameters<double>(DensityForm.Spherical, components, dimension);
        parameters.Load(Survey.UnitSpheres(centers, dimension).Numbers);
        var step = BlockSteps.Nearest(MomentKind.Trace, LaneWidths.Widest);
        labels.AsSpan().Clear();
        for (var first = 0; first < labels.Length; first += LabelPoints)
        {
            var count = Math.Min(LabelPoints, labels.Length - first);
            var padded = BlockShape.Pad<double>(count);
            var block = BlockPacker.Pack(sample.Read(first, count, default), dimension, columns.Pointer, padded, padded);
            step.Distances(block, parameters, columns.Pointer, distances.Pointer);
            for (var k = 1; k < components; k++)
            {
                var column = distances.Pointer + (nint)k * padded;
                for (var i = 0; i < count; i++)
                {
                    if (column[i] < distances.Pointer[(nint)labels[first + i] * padded + i]) labels[first + i] = k;
                }
            }
        }
    }
}
