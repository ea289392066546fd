namespace Gmm.Fast;

/// <summary>Describes how far a selection is.</summary>
/// <param name="Done">The number of fits done. A candidate takes one or two, and as many for each fold of a cross-validation.</param>
/// <param name="Total">The number of fits in all.</param>
/// <param name="Elapsed">Time since the selection began.</param>
/// <param name="Remaining">An estimate of the time that is left, from the time so far and the sizes of the models.</param>
public readonly record struct SelectionProgress(int Done, int Total, TimeSpan Elapsed, TimeSpan Remaining);
