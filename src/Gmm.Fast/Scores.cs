namespace Gmm.Fast;

/// <summary>Names the scores to compute for the points of a source.</summary>
[Flags]
public enum Scores
{
    /// <summary>No scores.</summary>
    None = 0,

    /// <summary>The component with the largest responsibility.</summary>
    Labels = 1,

    /// <summary>ln p(x).</summary>
    LogDensities = 2,

    /// <summary>The probabilities of the components.</summary>
    Responsibilities = 4,

    /// <summary>ln N(x | mu_k, Sigma_k).</summary>
    ComponentLogDensities = 8,

    /// <summary>The Mahalanobis distances from the components.</summary>
    MahalanobisDistances = 16,
}
