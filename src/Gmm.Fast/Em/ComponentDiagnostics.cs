namespace Gmm.Fast;

/// <summary>Describes the quality of one component after a fit.</summary>
/// <param name="EffectiveCount">N_k: the sum of its responsibilities, times the points' weights, under the final parameters.</param>
/// <param name="ConditionNumber">
/// The largest over the smallest eigenvalue of its covariance; beyond about 1e12 its density has few correct digits. Of covariances with
/// off-diagonal entries in more than 64 dimensions an estimate, which is never larger, and seldom smaller by more than some percent.
/// </param>
/// <param name="RegularizationShare">
/// The part of its variance that is regularization, from 0 to 1, in the direction where that is largest; of its smallest eigenvalue where all columns
/// get the same regularization. An estimate where the condition number is one. Near 1 the component collapses without it.
/// </param>
public readonly record struct ComponentDiagnostics(double EffectiveCount, double ConditionNumber, double RegularizationShare);
