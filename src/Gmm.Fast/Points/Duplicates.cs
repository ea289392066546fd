namespace Gmm.Fast;

/// <summary>
/// Says what a fit does with equal points. Points that are equal in all dimensions have the same responsibilities, so one of them with the sum of
/// their weights stands for all. The log-likelihood is that of all points, up to the rounding of its sum. Counts, weights, criteria and warnings are
/// those of all points.
/// </summary>
public enum Duplicates
{
    /// <summary>
    /// Equal points in memory are fitted as one where that leaves at most a quarter of many, as pixels, integers and grids do. Other points, those of a
    /// <see cref="PointSource{T}"/>, of several processes and with missing values are fitted as they are given.
    /// </summary>
    Auto,

    /// <summary>Every point is fitted for itself.</summary>
    Keep,
}
