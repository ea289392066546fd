using Gmm.Fast.Covariance;

namespace Gmm.Fast.Em;

/// <summary>The M-step (Bishop, PRML, equations 9.24 to 9.27) from sufficient statistics. No epsilon is added to any sum.</summary>
internal static class Maximization
{
    /// <summary>
    /// Weights, means, covariances and factors of <paramref name="next"/>. A component that lost all its points keeps its mean and covariance of
    /// <paramref name="current"/> with weight 0. False where a covariance is not positive definite; <paramref name="next"/> is then of no use.
    /// </summary>
    public static bool TryRun(
        SufficientStatistics statistics, MixtureParameters current, MixtureParameters next, double regularization, out FactorFailure failure)
    {
        for (var k = 0; k < statistics.Components; k++) next.Weights[k] = statistics.EffectiveCount(k) / statistics.RowCount;
        Means(statistics, next.Means);
        next.Covariance.Maximize(statistics, current, next, regularization);
        return next.Covariance.TryFactor(next, out failure);
    }

    /// <summary>The means [K x D]: centre plus displacement.</summary>
    public static void Means(SufficientStatistics statistics, Span<double> means)
    {
        var dimension = statistics.Dimension;
        for (var k = 0; k < statistics.Components; k++)
        {
            var lost = statistics.EffectiveCount(k) == 0;
            for (var j = 0; j < dimension; j++)
                means[k * dimension + j] = statistics.Centers[k * dimension + j] + (lost ? 0 : statistics.Delta(k, j));
        }
    }
}
