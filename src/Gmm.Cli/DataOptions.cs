using Gmm.Data;

namespace Gmm.Cli;

/// <summary>Holds how DATA is read.</summary>
/// <param name="Table">What the user said.</param>
/// <param name="SaysMissing">Whether that includes missing values; otherwise a model may know what they mean.</param>
internal sealed record DataOptions(TableOptions Table, bool SaysMissing)
{
    /// <summary>The most bytes that the user allows; null where the user does not say.</summary>
    public long? Memory { get; init; }

    /// <summary>The folder of a table that does not fit; null for the system's temporary one.</summary>
    public string? Cache { get; init; }
}
