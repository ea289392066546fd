using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>
/// Greedy k-means++ seeds (Arthur and Vassilvitskii, k-means++: the advantages of careful seeding, SODA 2007, section 2 and the greedy variant of
/// its section 7), then Lloyd's iteration, then the M-step with whole points assigned to their nearest center.
/// Seeds and iteration see an eighth of the points drawn at random, at least 2,000 + 250 K and at most 20,000 + 250 K, and of a sample at most 12
/// iterations: more costs more than the EM iterations it saves. The assignment that gives the parameters sees all points.
/// </summary>
internal sealed unsafe class KMeansPlusPlus : IInitializer
{
    private const int MinSampleRows = 2_000;
    private const int MaxSampleRows = 20_000;
    private const int SampleRowsPerComponent = 250;
    private const int SampledPart = 8;
    private const int MaxIterations = 50;
    private const int MaxSampleIterations = 12;

    // Stop when the centers moved, in squares summed, by less than this part of the mean variance of a feature, as scikit-learn does.
    private const double RelativeTolerance = 1e-4;

    public MixtureParameters? Start(StartRequest request)
    {
        var dimension = request.Source.ColumnCount;
        if (request.Pooled() is not { } pooled) return null;

        using var sampled = Sample(request, out var sampleRows);
        if (sampled is null) return null;
        var sample = new MemoryBlockSource<double>(sampled.Pointer, sampleRows, dimension, dimension);
        var centers = Seed(request, sample);
        if (centers is null || !Iterate(request, sample, centers, RelativeTolerance * MeanVariance(pooled))) return null;

        if (request.Cluster(request.Source, centers, request.Options.CovarianceType) is not { } clusters) return null;
        var start = new MixtureParameters(request.Covariance, request.Options.Components, dimension);
        centers.CopyTo(start.Means, 0);
        for (var offset = 0; offset < start.Covariances.Length; offset += pooled.Covariances.Length)
            pooled.Covariances.CopyTo(start.Covariances, offset);
        Maximization.Estimate(clusters, start, request.Options.Regularization);
        return request.Factor(start, pooled);
    }

    // Null when cancelled.
    private static AlignedBuffer<double>? Sample(StartRequest request, out int rows)
    {
        var (total, dimension) = (request.Source.RowCount, request.Source.ColumnCount);
        rows = (int)Math.Min(total, Math.Clamp(total / SampledPart, MinSampleRows, MaxSampleRows) + SampleRowsPerComponent * (long)request.Options.Components);
        var buffer = new AlignedBuffer<double>((long)rows * dimension);
        var indices = rows == total ? null : request.Draw(rows, total);
        if (indices is not null) Array.Sort(indices);
        for (var i = 0; i < rows; i++)
        {
            if (request.Cancellation.IsCancellationRequested)
            {
                buffer.Dispose();
                return null;
            }
            request.Row(indices?[i] ?? i, new Span<double>(buffer.Pointer + (nint)i * dimension, dimension));
        }
        return buffer;
    }

    private static double MeanVariance(MixtureParameters pooled)
    {
        // The diagonal of the compact form: every number, or one in D + 1.
        var step = pooled.Covariance.Type is CovarianceType.Full or CovarianceType.Tied ? pooled.Dimension + 1 : 1;
        double sum = 0;
        var count = 0;
        for (var j = 0; j < pooled.Covariances.Length; j += step, count++) sum += pooled.Covariances[j];
        return sum / count;
    }

    // Null when cancelled. Each next seed is the best of a few points drawn with probability proportional to the squared distance to the nearest seed so far.
    private static double[]? Seed(StartRequest request, MemoryBlockSource<double> sample)
    {
        var (rows, dimension, components) = ((int)sample.RowCount, sample.ColumnCount, request.Options.Components);
        var trials = 2 + (int)Math.Log(components);
        var padded = BlockShape.Pad<double>(rows);
        using var columns = new AlignedBuffer<double>((long)padded * dimension);
        using var distances = new AlignedBuffer<double>((long)padded * trials);
        var points = sample.GetRows(0, rows, default);
        var block = BlockPacker.Pack(points, dimension, columns.Pointer, padded, padded);
        var nearest = new double[rows];
        nearest.AsSpan().Fill(double.PositiveInfinity);
        var runningSums = new double[rows];
        var centers = new double[components * dimension];
        var candidates = new double[trials * dimension];
        var step = BlockSteps.Nearest(CovarianceType.Spherical, LaneWidths.Widest);
        using var parameters = new KernelParameters<double>(StartRequest.UnitSpheres(candidates, dimension));

        for (var k = 0; k < components; k++)
        {
            if (request.Cancellation.IsCancellationRequested) return null;
            for (var t = 0; t < trials; t++)
            {
                var pick = k == 0 ? (int)request.Random.NextBelow(rows) : Pick(runningSums, request.Random);
                points.Slice(pick * dimension, dimension).CopyTo(candidates.AsSpan(t * dimension));
            }

            // Unit spheres: the kernel of spherical covariances gives squared distances, and has no use for the scratch it is offered.
            var spheres = StartRequest.UnitSpheres(candidates, dimension);
            parameters.Load(spheres);
            step.Distances(block, parameters, columns.Pointer, distances.Pointer);
            var best = Best(nearest, distances.Pointer, padded, k == 0 ? 1 : trials);
            Approach(nearest, distances.Pointer + (nint)best * padded, runningSums);
            candidates.AsSpan(best * dimension, dimension).CopyTo(centers.AsSpan(k * dimension));
        }
        return centers;
    }

    // An index drawn with probability proportional to what the running sums grow by there.
    private static int Pick(double[] runningSums, Xoshiro256 random)
    {
        // All points coincide with seeds: any point will do.
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

    // Takes over the distances to a new seed where they are smaller.
    private static void Approach(double[] nearest, double* distances, double[] runningSums)
    {
        TensorPrimitives.Min(nearest, new ReadOnlySpan<double>(distances, nearest.Length), nearest);
        double sum = 0;
        for (var i = 0; i < nearest.Length; i++) runningSums[i] = sum += nearest[i];
    }

    // The candidate that leaves the smallest sum of squared distances; the first of equals.
    private static int Best(double[] nearest, double* distances, int stride, int candidates)
    {
        var (best, smallest) = (0, double.PositiveInfinity);
        fixed (double* pinned = nearest)
        {
            for (var t = 0; t < candidates; t++)
            {
                var sum = DenseRows.SumOfSmaller(pinned, distances + (nint)t * stride, nearest.Length);
                if (sum < smallest) (best, smallest) = (t, sum);
            }
        }
        return best;
    }

    // Lloyd's iteration; a center without points stays where it is. False when cancelled.
    private static bool Iterate(StartRequest request, IBlockSource<double> sample, double[] centers, double tolerance)
    {
        var statistics = new SufficientStatistics(CovarianceType.Spherical, request.Options.Components, sample.ColumnCount);
        var step = BlockSteps.Centroids(LaneWidths.Widest);
        using var sweep = new Sweep<double>(sample, step, statistics, request.Team, null, request.Cancellation);
        var moved = new double[centers.Length];
        var iterations = sample.RowCount == request.Source.RowCount ? MaxIterations : MaxSampleIterations;
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            if (!sweep.Run(StartRequest.UnitSpheres(centers, sample.ColumnCount))) return false;
            Maximization.Means(statistics, moved);
            double shift = 0;
            for (var i = 0; i < moved.Length; i++) shift += (moved[i] - centers[i]) * (moved[i] - centers[i]);
            moved.CopyTo(centers, 0);
            if (shift <= tolerance) break;
        }
        return true;
    }
}
