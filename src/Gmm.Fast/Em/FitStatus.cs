namespace Gmm.Fast;

/// <summary>How a fit ended. In every case the result holds the best model so far.</summary>
public enum FitStatus
{
    /// <summary>The stop rule was met.</summary>
    Converged,

    /// <summary>The largest allowed number of iterations was reached first.</summary>
    MaxIterations,

    /// <summary>The caller cancelled; the model is that of the last complete iteration.</summary>
    Cancelled,

    /// <summary>A covariance lost its positive definiteness; the model is that of the iteration before, <see cref="FitResult.Failure"/> names the place.</summary>
    Collapsed,
}
