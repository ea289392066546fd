namespace Gmm.Fast;

/// <summary>
/// Says whether passes over the points leave out components that have no share of any point of a tile. A responsibility more than 64.5 bits below the
/// largest of its point is exactly 0 by definition, so leaving it out changes no bit.
/// </summary>
public enum Skipping
{
    /// <summary>Components are left out where that pays.</summary>
    Auto,

    /// <summary>All pairs are computed, over points in the same order: for comparison.</summary>
    None,
}
