namespace Gmm.Fast;

/// <summary>Holds the scores of consecutive points, valid while a <see cref="ScoreReceiver"/> runs. Other scores are empty.</summary>
public readonly ref struct ScoredPoints
{
    /// <summary>The number of the first point, from 0.</summary>
    public long First { get; init; }

    /// <summary>The number of points.</summary>
    public int Count { get; init; }

    /// <summary>[Count]: the component with the largest responsibility, from 0, the first of equals.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>[Count]: ln p(x), in nats.</summary>
    public ReadOnlySpan<double> LogDensities { get; init; }

    /// <summary>[Count x K]: the responsibilities.</summary>
    public ReadOnlySpan<double> Responsibilities { get; init; }

    /// <summary>[Count x K]: the log-densities of the components, in nats.</summary>
    public ReadOnlySpan<double> ComponentLogDensities { get; init; }

    /// <summary>[Count x K]: the Mahalanobis distances, in standard deviations.</summary>
    public ReadOnlySpan<double> MahalanobisDistances { get; init; }
}
