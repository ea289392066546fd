namespace Gmm.Fast;

/// <summary>Holds one of many fits, or the reason why there is none.</summary>
/// <param name="Result">The fit; null where it failed.</param>
/// <param name="Failure">What its points or the options brought about; null where there is a fit.</param>
public sealed record FitAttempt(FitResult? Result, Exception? Failure);
