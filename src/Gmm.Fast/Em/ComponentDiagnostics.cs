namespace Gmm.Fast;

/// <summary>Describes the quality of one component after a fit.</summary>
/// <param name="EffectiveCount">N_k: the sum of its responsibilities, times the points' weights, under the final parameters.</param>
/// <param name="ConditionNumber">
/// The largest over the smallest eigenvalue of its covariance; beyond about 1e12 its density has few correct digits.
/// </param>
/// <param name="RegularizationShare">
/// The part of its smallest eigenvalue that is regularization, from 0 to 1. Near 1 the component collapses without regularization.
/// </param>
public readonly record struct ComponentDiagnostics(double EffectiveCount, double ConditionNumber, double RegularizationShare);
