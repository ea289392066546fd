namespace Gmm.Fast;

/// <summary>Receives the scores of consecutive points, in their order, on the calling thread.</summary>
/// <param name="scores">The scores, valid until the receiver returns.</param>
public delegate void ScoreReceiver(ScoredPoints scores);
