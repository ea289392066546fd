namespace Gmm.Fast;

/// <summary>Tells what a number that is NaN means.</summary>
public enum MissingValues
{
    /// <summary>A wrong number, which ends the call with its place.</summary>
    Error,

    /// <summary>
    /// A value that is not known. The point counts with the marginal density of its other dimensions (Little and Rubin, Statistical Analysis with
    /// Missing Data, chapters 8 and 11), which is right where whether a value is missing does not depend on the value itself. An infinite number
    /// remains an error.
    /// </summary>
    Marginalize,
}
