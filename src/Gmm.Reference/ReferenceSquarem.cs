namespace Gmm.Reference;

/// <summary>
/// SQUAREM as printed in Varadhan and Roland, "Simple and globally convergent methods for accelerating the convergence of any EM algorithm",
/// Scandinavian Journal of Statistics 35 (2008), scheme S3 with a step of EM after each extrapolation, on weights, means and covariances as they are. An
/// extrapolation that is no mixture, or whose log-likelihood is below that of two steps of EM, gives way to those.
/// </summary>
public static class ReferenceSquarem
{
    /// <summary>Runs cycles until one raises the log-likelihood by less than a threshold.</summary>
    /// <param name="data">N x D.</param>
    /// <param name="initial">theta_0.</param>
    /// <param name="threshold">Nats in total.</param>
    /// <param name="maxSteps">The largest number of EM steps, at least 1; the last cycle may exceed it by two.</param>
    /// <returns>The mixture, its log-likelihood and the number of EM steps.</returns>
    /// <exception cref="InvalidOperationException">A covariance of a step of EM is not positive definite.</exception>
    public static (ReferenceMixture Mixture, double LogLikelihood, int Steps) Fit(
        double[][] data, ReferenceMixture initial, double threshold, int maxSteps)
    {
        var (current, logLikelihood, steps) = (initial, ReferenceEm.LogLikelihood(data, initial), 0);
        var rise = double.PositiveInfinity;
        while (rise >= threshold && steps < maxSteps)
        {
            var first = ReferenceEm.Step(data, current);
            var second = ReferenceEm.Step(data, first);
            var (next, nextLogLikelihood) = (second, ReferenceEm.LogLikelihood(data, second));
            steps += 2;
            if (Extrapolate(current, first, second) is { } proposal && TryStep(data, proposal) is { } stabilized)
            {
                steps++;
                var proposed = ReferenceEm.LogLikelihood(data, stabilized);
                if (proposed >= nextLogLikelihood) (next, nextLogLikelihood) = (stabilized, proposed);
            }
            rise = nextLogLikelihood - logLikelihood;
            (current, logLikelihood) = (next, nextLogLikelihood);
        }
        return (current, logLikelihood, steps);
    }

    // x_0 - 2 a r + a^2 v, with r = x_1 - x_0, v = (x_2 - x_1) - r and a = -|r| / |v|; null where a weight is not positive.
    private static ReferenceMixture? Extrapolate(ReferenceMixture x0, ReferenceMixture x1, ReferenceMixture x2)
    {
        var (a0, a1, a2) = (Numbers(x0), Numbers(x1), Numbers(x2));
        double[] r = [.. a1.Zip(a0, (x, y) => x - y)];
        double[] v = [.. a2.Zip(a1, (x, y) => x - y).Zip(r, (x, y) => x - y)];
        var length = Math.Sqrt(v.Sum(x => x * x));
        if (length == 0) return null;
        var a = -Math.Sqrt(r.Sum(x => x * x)) / length;
        double[] proposal = [.. a0.Select((x, i) => x - 2 * a * r[i] + a * a * v[i])];
        var (k, d) = (x0.Components, x0.Dimension);
        var weights = proposal[..k];
        if (weights.Any(w => w <= 0)) return null;
        return new ReferenceMixture(
            x0.CovarianceType, weights, [.. proposal[k..(k + k * d)].Chunk(d)], [.. proposal[(k + k * d)..].Chunk(d).Chunk(d)]);
    }

    private static double[] Numbers(ReferenceMixture mixture) =>
        [.. mixture.Weights, .. mixture.Means.SelectMany(row => row), .. mixture.Covariances.SelectMany(matrix => matrix).SelectMany(row => row)];

    private static ReferenceMixture? TryStep(double[][] data, ReferenceMixture proposal)
    {
        try
        {
            return ReferenceEm.Step(data, proposal);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
