using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Starts from <see cref="KMeans"/> in the units of the data, then the M-step with whole points assigned to their nearest center.
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
            using var store = new BlockStore<double>(points, BlockShape.For<double>(sample.Count, sample.Dimension), long.MaxValue, points.HasWeights);
            double[]? centers = null;
            SketchMap? map = null;
            Exception? failure = null;
            try
            {
                using var nearest = new NearestCenters(store, request.Components, request.Survey.Team, request.Survey.Cancellation);
                nearest.Renew();
                map = nearest.Sketches?.Map;
                centers = KMeans.Seed(nearest, sample.Weights, random);
                if (centers is not null && !Iterate(request, nearest, centers)) centers = null;
            }
            catch (Exception e)
            {
                failure = e;
            }
            if (!request.Survey.Ranks.Agree(centers is null && failure is null, failure)) return null;
            if (request.Survey.Cluster(centers, request.Family.Moments, map) is not { } clusters) return null;
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

    private static bool Iterate(StartRequest request, NearestCenters points, double[] centers)
    {
        var iterations = request.Survey.Ranks.TotalCount == SampleSize(request) ? MaxIterations : MaxSampleIterations;
        return KMeans.Iterate(points, centers, iterations, KMeans.RelativeTolerance * MeanVariance(request.Pooled));
    }

    private static double MeanVariance(Parameters pooled)
    {
        double sum = 0;
        var count = pooled.CovarianceOf(0).Length == 1 ? 1 : pooled.Dimension;
        for (var j = 0; j < count; j++) sum += pooled.Variance(0, j);
        return sum / count;
    }
}
