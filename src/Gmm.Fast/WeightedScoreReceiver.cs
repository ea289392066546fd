namespace Gmm.Fast;

/// <summary>Receives the scores of consecutive points with their weights, in their order, on the calling thread.</summary>
/// <param name="scores">The scores, valid until the receiver returns.</param>
/// <param name="weights">[Count], or empty where all are 1.</param>
internal delegate void WeightedScoreReceiver(ScoredPoints scores, ReadOnlySpan<double> weights);
