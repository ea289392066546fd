namespace Gmm.Fast;

/// <summary>One component that collapsed or lost its points, or the covariance that all of them share, and what was done.</summary>
/// <param name="Iteration">The iteration whose M-step it was, from 1.</param>
/// <param name="Component">Its number in the mixture that the fit started from; null for the covariance that all components share.</param>
/// <param name="Action">What was done; <see cref="CollapsePolicy.Keep"/> for a component without points under <see cref="CollapsePolicy.Fail"/>.</param>
/// <param name="Cause">In words.</param>
public readonly record struct Recovery(int Iteration, int? Component, CollapsePolicy Action, string Cause);
