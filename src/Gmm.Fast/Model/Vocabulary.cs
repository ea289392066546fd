namespace Gmm.Fast;

/// <summary>
/// Holds the words in which the messages of a fit speak of columns and options. A program with options of its own gives their names here, so that
/// its users read what they can act on.
/// </summary>
public sealed record Vocabulary
{
    /// <summary>The words of the library: dimensions, counted from 0, and its own names of options.</summary>
    public static Vocabulary Library { get; } = new();

    /// <summary>The word for a dimension of the points.</summary>
    public string Column { get; init; } = "dimension";

    /// <summary>What stands before the number of a column without a name.</summary>
    public string NamelessPrefix { get; init; } = "dimension ";

    /// <summary>The number of the first column: 0 or 1.</summary>
    public int FirstColumn { get; init; }

    /// <summary>The name of the option that adds to variances.</summary>
    public string Regularization { get; init; } = "Regularization";
}
