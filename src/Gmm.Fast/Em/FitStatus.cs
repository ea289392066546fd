namespace Gmm.Fast;

/// <summary>Names the reasons for the end of a fit. In every case the result holds the best model so far.</summary>
public enum FitStatus
{
    /// <summary>The stop rule was met.</summary>
    Converged,

    /// <summary>The largest allowed number of iterations was reached first.</summary>
    MaxIterations,

    /// <summary>The caller canceled the fit; the model is that of the last complete iteration.</summary>
    Cancelled,

    /// <summary>
    /// A covariance is no longer positive definite. The model is that of the iteration before; <see cref="FitResult.Failure"/> names the component.
    /// </summary>
    Collapsed,

    /// <summary><see cref="FitOptions.TimeBudget"/> was used up first.</summary>
    TimeBudget,
}
