namespace Gmm.Fast;

/// <summary>Names the kinds of a <see cref="FitWarning"/>.</summary>
public enum FitWarningKind
{
    /// <summary>A component collapsed or lost its points, and the collapse policy went on.</summary>
    Recovered,

    /// <summary>The effective count of a component is below 1.</summary>
    NoPoints,

    /// <summary>The condition number of a covariance is beyond 1e12.</summary>
    IllConditioned,

    /// <summary>More than 90 % of the smallest variance of a covariance is regularization.</summary>
    HeldByRegularization,

    /// <summary>A process of a fit by several holds no points.</summary>
    EmptyRank,
}
