namespace Gmm.Fast;

/// <summary>Sums what a model says of the points of a source, point by point in their order, so that no bit depends on threads.</summary>
internal static class ModelSums
{
    /// <summary>Sums weight times the entropy of the responsibilities, in nats.</summary>
    public static double Entropy(GaussianMixture model, PointSource<double> points, int threads, CancellationToken cancellation)
    {
        double sum = 0;
        if (model.ComponentCount == 1) return sum;
        model.ScoreWeighted(points, Scores.Responsibilities, (scored, weights) =>
        {
            var k = model.ComponentCount;
            for (var i = 0; i < scored.Count; i++)
            {
                double entropy = 0;
                foreach (var share in scored.Responsibilities.Slice(i * k, k))
                {
                    if (share is > 0 and < 1) entropy -= share * Math.Log(share);
                }
                sum += (weights.IsEmpty ? 1 : weights[i]) * entropy;
            }
        }, threads, cancellation);
        return sum;
    }

    /// <summary>Sums weights, weight times log-density, and weight times its square.</summary>
    public static DensitySums LogDensities(GaussianMixture model, PointSource<double> points, int threads, CancellationToken cancellation)
    {
        var sums = default(DensitySums);
        model.ScoreWeighted(points, Scores.LogDensities, (scored, weights) =>
        {
            for (var i = 0; i < scored.Count; i++)
            {
                var weight = weights.IsEmpty ? 1 : weights[i];
                if (weight > 0) sums = sums.With(weight, scored.LogDensities[i]);
            }
        }, threads, cancellation);
        return sums;
    }
}
