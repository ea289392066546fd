namespace Gmm.Fast;

/// <summary>One iteration of a running fit.</summary>
/// <param name="Restart">Number of the start, from 0.</param>
/// <param name="Iteration">Number of the iteration, from 0 for the initial parameters.</param>
/// <param name="TotalLogLikelihood">Under the parameters after this iteration.</param>
/// <param name="Change">Difference from the iteration before; NaN for iteration 0.</param>
/// <param name="Elapsed">Time since this start began to iterate.</param>
/// <param name="Recoveries">Components that collapsed or lost their points in this iteration; null for none.</param>
public readonly record struct IterationInfo(
    int Restart, int Iteration, double TotalLogLikelihood, double Change, TimeSpan Elapsed, IReadOnlyList<Recovery>? Recoveries = null);
