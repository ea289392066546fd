namespace Gmm.Reference;

/// <summary>Which covariance matrices a mixture may have.</summary>
public enum ReferenceCovariance
{
    /// <summary>Every component has a covariance matrix of its own.</summary>
    Full,

    /// <summary>All components share one covariance matrix.</summary>
    Tied,

    /// <summary>Every component has a diagonal matrix of its own.</summary>
    Diagonal,

    /// <summary>Every component has a multiple of the identity of its own.</summary>
    Spherical,

    /// <summary>
    /// All components share one diagonal matrix: D free numbers, model [lambda B] of Celeux and Govaert, "Gaussian parsimonious clustering
    /// models", Pattern Recognition 28 (1995).
    /// </summary>
    TiedDiagonal,

    /// <summary>All components share one multiple of the identity: one free number, model [lambda I] there.</summary>
    TiedSpherical,
}

/// <summary>
/// The parameters of p(x) = sum_k pi_k N(x | mu_k, Sigma_k), equation 9.7 of Bishop, "Pattern Recognition and Machine Learning" (2006).
/// A value: nothing in this assembly changes the arrays, and two mixtures are equal only if they hold the same arrays.
/// </summary>
/// <param name="CovarianceType">The restriction that an M-step puts on the covariances.</param>
/// <param name="Weights">pi: K mixing coefficients, not negative, summing to 1 (9.8, 9.9).</param>
/// <param name="Means">mu: K x D, in the unit of the data.</param>
/// <param name="Covariances">
/// Sigma: K x D x D, in squared units of the data, written out in full for every type (tied: the same matrix K times). Symmetric; the lower
/// triangle is what the density reads.
/// </param>
public sealed record ReferenceMixture(ReferenceCovariance CovarianceType, double[] Weights, double[][] Means, double[][][] Covariances)
{
    /// <summary>K, the number of components.</summary>
    public int Components => Weights.Length;

    /// <summary>D, the number of columns of the data.</summary>
    public int Dimension => Means[0].Length;

    /// <summary>Refuses parameters unless the shapes agree, all numbers are finite, and the weights are a distribution.</summary>
    /// <exception cref="ArgumentException">What is wrong, and where.</exception>
    public void Validate()
    {
        Require(Weights.Length > 0, "A mixture needs at least one component.");
        Require(Weights.All(w => w >= 0) && Math.Abs(Weights.Sum() - 1) <= 1e-6,
            $"Weights must be at least 0 and sum to 1; they are [{string.Join(", ", Weights)}].");
        Require(Means.Length == Components, $"There are {Means.Length} means for {Components} weights.");
        Require(Dimension > 0, "A mean needs at least one coordinate.");
        Require(Covariances.Length == Components, $"There are {Covariances.Length} covariances for {Components} weights.");

        for (var k = 0; k < Components; k++)
        {
            Require(IsVector(Means[k]), $"The mean of component {k} must be {Dimension} finite numbers.");
            Require(Covariances[k].Length == Dimension && Covariances[k].All(IsVector),
                $"The covariance of component {k} must be {Dimension} x {Dimension} finite numbers.");
        }

        bool IsVector(double[] v) => v.Length == Dimension && v.All(double.IsFinite);
    }

    internal static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException(message);
    }
}
