namespace Gmm.Fast;

/// <summary>Holds the caller's memory for the scores of N points, any set of them. Scores of empty spans are not computed.</summary>
public ref struct ScoreOutputs
{
    /// <summary>[N], receives the component with the largest responsibility, from 0, the first of equals.</summary>
    public Span<int> Labels { get; set; }

    /// <summary>[N], receives ln p(x), in nats (Bishop, PRML, equation 9.7).</summary>
    public Span<double> LogDensities { get; set; }

    /// <summary>[N x K], receives the responsibilities (Bishop, PRML, equation 9.13).</summary>
    public Span<double> Responsibilities { get; set; }

    /// <summary>[N x K], receives ln N(x | mu_k, Sigma_k), in nats, or with <see cref="Weighted"/> ln (w_k N(x | mu_k, Sigma_k)).</summary>
    public Span<double> ComponentLogDensities { get; set; }

    /// <summary>[N x K], receives Mahalanobis distances, in standard deviations (Bishop, PRML, equation 2.44).</summary>
    public Span<double> MahalanobisDistances { get; set; }

    /// <summary>Whether log-densities of components contain the logarithm of their weights.</summary>
    public bool Weighted { get; set; }
}
