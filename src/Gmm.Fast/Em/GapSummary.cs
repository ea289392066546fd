using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Describes what is missing in the points of a fit with <see cref="MissingValues.Marginalize"/>.</summary>
public sealed record GapSummary
{
    internal GapSummary()
    {
    }

    /// <summary>The number of values that are missing, without those of empty points.</summary>
    public required long MissingValues { get; init; }

    /// <summary>The number of points with some values missing and some present.</summary>
    public required long IncompletePoints { get; init; }

    /// <summary>The number of points without a value. They are left out of the fit and of all its counts.</summary>
    public required long EmptyPoints { get; init; }

    /// <summary>
    /// The number of different patterns, sets of dimensions that are present in a point. Past 65,536 it is that. Of several processes, the largest
    /// number of one.
    /// </summary>
    public required long Patterns { get; init; }

    /// <summary>
    /// A rough estimate of the time that an iteration spends on patterns, as a multiple of its time for the points: 100 G / N for completing the sums
    /// of G groups, which are points of one pattern in one range, and with off-diagonal entries 10 D F / N for F sets of K factors. Well above 1, it is
    /// patterns that make the fit slow. Leaving out columns with many gaps helps, and so does a covariance without off-diagonal entries.
    /// </summary>
    public required double PatternWork { get; init; }

    /// <summary>
    /// The pairs of dimensions that are never present in the same point. The data say nothing about their covariance given the
    /// other dimensions, and the fit keeps that of its start. Empty without off-diagonal entries.
    /// </summary>
    public required IReadOnlyList<(int First, int Second)> PairsNeverTogether { get; init => field = ReadOnlyList.Of(value); }

    /// <summary>The same for a fit without off-diagonal entries.</summary>
    internal GapSummary WithoutPairs => this with
    {
        PatternWork = WorkWithoutPairs,
        PairsNeverTogether = [],
    };

    /// <summary><see cref="PatternWork"/> of a fit without off-diagonal entries.</summary>
    internal double WorkWithoutPairs { get; init; }
}
