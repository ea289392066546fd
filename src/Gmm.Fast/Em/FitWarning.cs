using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Describes a doubt about a fit: one cause, with all components and columns that it concerns.</summary>
/// <param name="Kind">The cause.</param>
/// <param name="Components">The components, ascending, from 0; empty where the cause lies in the data, or in the covariance that all share.</param>
/// <param name="Columns">The columns, ascending, from 0; empty where it is a matter of no column.</param>
/// <param name="Message">The doubt in words: one line without a full stop that starts with a small letter.</param>
public sealed record FitWarning(FitWarningKind Kind, IReadOnlyList<int> Components, IReadOnlyList<int> Columns, string Message)
{
    /// <summary>The components, ascending, from 0; empty where the cause lies in the data, or in the covariance that all share.</summary>
    public IReadOnlyList<int> Components { get; init => field = ReadOnlyList.Of(value); } = ReadOnlyList.Of(Components);

    /// <summary>The columns, ascending, from 0; empty where it is a matter of no column.</summary>
    public IReadOnlyList<int> Columns { get; init => field = ReadOnlyList.Of(value); } = ReadOnlyList.Of(Columns);

    /// <inheritdoc/>
    public bool Equals(FitWarning? other) =>
        other is not null && Kind == other.Kind && Message == other.Message && Components.SequenceEqual(other.Components)
        && Columns.SequenceEqual(other.Columns);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Message);
}
