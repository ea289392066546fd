namespace Gmm.Fast;

/// <summary>Names the number that a <see cref="StopRule"/> compares with its tolerance.</summary>
public enum StopKind
{
    /// <summary>The change of the mean log-likelihood between two E-steps.</summary>
    MeanChange,

    /// <summary>The rise of the total log-likelihood by one iteration.</summary>
    TotalRise,

    /// <summary>No number: the fit runs all its iterations.</summary>
    FixedCount,

    /// <summary>The gain of the total log-likelihood that is left, estimated, beside the number of free parameters.</summary>
    Statistical,
}
