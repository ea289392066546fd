namespace Gmm.Reference;

/// <summary>
/// Draws from a mixture by its generative story (Bishop, section 9.2): first a component z with probabilities pi, then x from N(mu_z, Sigma_z).
/// </summary>
public static class ReferenceSampling
{
    /// <summary>Draws rows from a mixture; the same seed gives the same rows.</summary>
    /// <param name="count">N, at least 0.</param>
    /// <param name="mixture">What to draw from.</param>
    /// <param name="seed">The seed of a <see cref="Random"/>.</param>
    /// <returns>N x D rows and, for each, the component that it came from.</returns>
    public static (double[][] Data, int[] Labels) Draw(int count, ReferenceMixture mixture, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        mixture.Validate();
        var random = new Random(seed);
        var factors = mixture.Covariances.Select(ReferenceCholesky.Factor).ToArray();
        var data = new double[count][];
        var labels = new int[count];
        for (var n = 0; n < count; n++)
        {
            var k = labels[n] = DrawComponent(mixture.Weights, random);

            // x = mu + L z has covariance L E[z z^T] L^T = Sigma for standard normal z.
            var z = mixture.Means[k].Select(_ => StandardNormal(random)).ToArray();
            data[n] = mixture.Means[k].Select((mean, i) => mean + Enumerable.Range(0, i + 1).Sum(j => factors[k][i][j] * z[j])).ToArray();
        }

        return (data, labels);
    }

    private static int DrawComponent(double[] weights, Random random)
    {
        var rest = random.NextDouble();
        for (var k = 0; k < weights.Length; k++)
        {
            rest -= weights[k];
            if (rest < 0)
                return k;
        }

        // Weights may sum to a little less than 1 in floating point.
        return Array.FindLastIndex(weights, w => w > 0);
    }

    // Box and Muller: 1 - u lies in (0, 1], so its logarithm is finite.
    private static double StandardNormal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
