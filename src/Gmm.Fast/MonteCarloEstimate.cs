namespace Gmm.Fast;

/// <summary>Holds the mean of many random draws as an estimate.</summary>
/// <param name="Value">The estimate; infinite where some draw was.</param>
/// <param name="StandardError">The standard deviation of the estimate: about two thirds of the estimates lie within it. NaN where the estimate is infinite.</param>
public readonly record struct MonteCarloEstimate(double Value, double StandardError);
