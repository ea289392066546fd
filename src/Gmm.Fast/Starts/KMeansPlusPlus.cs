using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Starts from k-means: greedy k-means++ seeds (Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007, section 2 and the
/// greedy variant of its section 7), then Lloyd's iteration, then the M-step with whole points assigned to their nearest center.
/// Seeds and iteration use an eighth of the points, drawn at random, at least 2,000 + 250 K and at most 20,000 + 250 K. On a sample they make at most
/// 12 iterations, since more cost more than the EM iterations that they save. The last assignment uses all points. Weighted points are drawn by
/// weight, and centers are weighted means.
/// </summary>
internal sealed unsafe class KMeansPlusPlus : IStart
{
    private const int MinSampleRows = 2_000;
    private const int MaxSampleRows = 20_000;
    private const int SampleRowsPerComponent = 250;
    private const int SampledPart = 8;
    private const int MaxIterations = 50;
    private const int MaxSampleIterations = 12;

    // Iteration stops when the sum of squared moves of the centers is below this part of the mean variance of a dimension, as in scikit-learn.
    private const double RelativeTolerance = 1e-4;

    public SampleRequest Sample(StartRequest request, Xoshiro256 random, int restart, bool isWeighted)
    {
        var (total, dimension) = (request.Survey.Ranks.TotalCount, request.Survey.Dimension);
        var count = SampleSize(request);
        if (isWeighted) return new KeyedSample(new PointKeys(request.Seed, restart, estimatesSums: true), count, dimension);
        if (count == total) return new NumberedSample(null, count, dimension);
        var indices = StartRequest.Draw(random, count, total);
        Array.Sort(indices);
        return new NumberedSample(indices, count, dimension);
    }

    public Factored? Start(StartRequest request, Sample sample, Xoshiro256 random)
    {
        fixed (double* rows = sample.Rows, weights = sample.Weights)
        {
            var points = new MemoryPoints<double>(rows, sample.Count, sample.Dimension, sample.Dimension, weights);
            double[]? centers = null;
            Exception? failure = null;
            try
            {
                centers = Seed(request, points, weights, random);
                if (centers is null || !Iterate(request, points, centers, RelativeTolerance * MeanVariance(request.Pooled))) centers = null;
            }
            catch (Exception e)
            {
                failure = e;
            }
            if (!request.Survey.Ranks.Agree(centers is null && failure is null, failure)) return null;
            if (request.Survey.Cluster(centers, request.Family.Moments) is not { } clusters) return null;
            var start = new Parameters(request.Family, request.Components, sample.Dimension);
            centers.CopyTo(start.Means);
            start.FillCovariances(request.Pooled);
            Maximization.Estimate(clusters, start, request.Regularization);
            return request.Factor(start);
        }
    }

    private static int SampleSize(StartRequest request)
    {
        var total = request.Survey.Ranks.TotalCount;
        return (int)Math.Min(total, Math.Clamp(total / SampledPart, MinSampleRows, MaxSampleRows) + SampleRowsPerComponent * (long)request.Components);
    }

    private static double MeanVariance(Parameters pooled)
    {
        double sum = 0;
        var count = pooled.CovarianceOf(0).Length == 1 ? 1 : pooled.Dimension;
        for (var j = 0; j < count; j++) sum += pooled.Variance(0, j);
        return sum / count;
    }

    // Draws seeds, or returns null when canceled. Each next seed is the best of a few points drawn with probability by weight times squared distance
    // to the nearest seed before.
    private static double[]? Seed(StartRequest request, MemoryPoints<double> sample, double* weights, Xoshiro256 random)
    {
        var (rows, dimension, components) = ((int)sample.PointCount, sample.Dimension, request.Components);
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
            if (request.Survey.Cancellation.IsCancellationRequested) return null;
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

    // Runs Lloyd's iteration; a center without points stays. Returns false when canceled.
    private static bool Iterate(StartRequest request, MemoryPoints<double> sample, double[] centers, double tolerance)
    {
        var statistics = new SufficientStatistics(MomentKind.Trace, request.Components, sample.Dimension);
        var plan = ShardPlan.Alone<double>(sample.PointCount, sample.Dimension);
        using var store = new BlockStore<double>(sample, plan.Shape, long.MaxValue, sample.HasWeights);
        var sweep = new Sweep<double>(store, plan, statistics, new RankGroup(null), request.Survey.Team, request.Survey.Cancellation);
        using var expectation = new Expectation<double>(
            sweep, BlockSteps.Centroids(LaneWidths.Widest), DensityForm.Spherical, request.Components, sample.Dimension);
        var moved = new double[centers.Length];
        var iterations = request.Survey.Ranks.TotalCount == SampleSize(request) ? MaxIterations : MaxSampleIterations;
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
}
