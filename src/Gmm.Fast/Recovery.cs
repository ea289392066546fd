namespace Gmm.Fast;

/// <summary>One component that collapsed or lost its points, and what was done.</summary>
/// <param name="Iteration">The iteration whose M-step it was, from 1.</param>
/// <param name="Component">Its number in the mixture that the fit started from.</param>
/// <param name="Action">What was done; <see cref="CollapsePolicy.Keep"/> for a component without points under <see cref="CollapsePolicy.Fail"/>.</param>
/// <param name="Cause">In words, from "component" on.</param>
public readonly record struct Recovery(int Iteration, int Component, CollapsePolicy Action, string Cause);
