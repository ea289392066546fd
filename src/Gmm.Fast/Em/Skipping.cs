namespace Gmm.Fast;

/// <summary>
/// Says whether passes over the points leave out components that have no share of any point of a tile. A responsibility more than 64.5 bits below the
/// largest of its point is exactly 0 by definition, so leaving it out changes no bit. More can be left out where neighbors in the order of the points
/// have the same components. So a large fit of points in memory of one process may put them in order, by their components. Its sums are then added
/// in that order, which changes their last bits; results come in the order in which the points are given.
/// </summary>
public enum Skipping
{
    /// <summary>Components are left out, and points put in order, where that pays.</summary>
    Auto,

    /// <summary>Components are left out where that pays. Points keep their order, as they do over several processes.</summary>
    InOrder,

    /// <summary>All pairs are computed, over points in the order of <see cref="Auto"/>: its bits, for comparison.</summary>
    None,
}
