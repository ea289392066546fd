namespace Gmm.Fast;

/// <summary>What a <see cref="FitWarning"/> is about.</summary>
public enum FitWarningKind
{
    /// <summary>A component collapsed or lost its points on the way, and something was done about it.</summary>
    Recovered,

    /// <summary>The effective count of a component is below 1.</summary>
    NoPoints,

    /// <summary>The condition number of a covariance is beyond 1e12.</summary>
    IllConditioned,

    /// <summary>More than 90 % of the smallest variance of a covariance is regularization.</summary>
    HeldByRegularization,
}

/// <summary>What to know before trusting a component.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Component">The component, from 0; null for the covariance that all components share.</param>
/// <param name="Message">In words: one line without a full stop that starts with a small letter.</param>
public readonly record struct FitWarning(FitWarningKind Kind, int? Component, string Message);
