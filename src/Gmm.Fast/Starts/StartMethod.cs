namespace Gmm.Fast;

/// <summary>Names the starts of a fit without an initial model.</summary>
public enum StartMethod
{
    /// <summary>
    /// k-means in the units of the data from greedy k-means++ seeds (Arthur and Vassilvitskii 2007), then weights, means and covariances of the
    /// clusters. A column with large numbers decides where it looks. Seeds and k-means use a random eighth of the points, at least 2,000 + 250 K and at
    /// most 20,000 + 250 K.
    /// </summary>
    KMeansPlusPlus,

    /// <summary>K different random points as means, the covariance of all points for every component, equal weights.</summary>
    RandomPoints,

    /// <summary>
    /// The default: the best of several short runs of EM (Biernacki, Celeux and Govaert 2003) on a random sample of 1,000 + 200 K points, in many
    /// dimensions more. They start from partitions of small within-cluster determinant (Friedman and Rubin 1967), from small clusters joined by
    /// likelihood (Fraley 1998) and from random points. The start does not depend on the units of the columns. With full and tied covariances it
    /// follows any invertible linear map too, unless k-means in columns divided by their deviations, the last candidate, ends at a better optimum than
    /// the others, or points are too few for the others. The search costs about three iterations of a large fit, six with hundreds of components, and a
    /// few milliseconds of a small one.
    /// </summary>
    SmallEm,
}
