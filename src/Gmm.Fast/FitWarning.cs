namespace Gmm.Fast;

/// <summary>Describes a doubt about a component.</summary>
/// <param name="Kind">The kind of the doubt.</param>
/// <param name="Component">The component, from 0; null for the covariance that all components share, and for an empty rank.</param>
/// <param name="Message">The doubt in words: one line without a full stop that starts with a small letter.</param>
public readonly record struct FitWarning(FitWarningKind Kind, int? Component, string Message);
