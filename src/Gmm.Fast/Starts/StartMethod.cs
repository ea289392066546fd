namespace Gmm.Fast;

/// <summary>Names the starts of a fit without an initial model.</summary>
public enum StartMethod
{
    /// <summary>
    /// k-means from greedy k-means++ seeds (Arthur and Vassilvitskii 2007), then weights, means and covariances of the clusters. Seeds and k-means
    /// use a random eighth of the points, at least 2,000 + 250 K and at most 20,000 + 250 K.
    /// </summary>
    KMeansPlusPlus,

    /// <summary>K different random points as means, the covariance of all points for every component, equal weights.</summary>
    RandomPoints,
}
