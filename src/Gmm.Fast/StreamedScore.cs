namespace Gmm.Fast;

/// <summary>Holds the scores of one point of a stream.</summary>
/// <param name="Index">The number of the point in the stream, from 0.</param>
/// <param name="Label">The component with the largest responsibility, from 0, the first of equals.</param>
/// <param name="LogDensity">ln p(x), in nats.</param>
/// <param name="Responsibilities">[K]: the responsibilities.</param>
public readonly record struct StreamedScore(long Index, int Label, double LogDensity, ReadOnlyMemory<double> Responsibilities);
