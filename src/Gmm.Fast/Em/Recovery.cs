namespace Gmm.Fast;

/// <summary>Describes one recovery: of a component that collapsed or lost its points, or of the covariance that all components share.</summary>
/// <param name="Iteration">The iteration of the M-step, from 1.</param>
/// <param name="Component">The component in the mixture that the fit started from; null for the covariance that all components share.</param>
/// <param name="Action">
/// The policy applied; <see cref="CollapsePolicy.Keep"/> for a component without points under <see cref="CollapsePolicy.Fail"/>.
/// </param>
/// <param name="Cause">The cause, in words.</param>
public readonly record struct Recovery(int Iteration, int? Component, CollapsePolicy Action, string Cause);
