using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Gives the names of statuses in model files and in the tool's list of candidates: converged, maxIterations, cancelled, collapsed, timeBudget.</summary>
public static class FitStatusNames
{
    /// <summary>Gives the name of a status.</summary>
    /// <param name="status">The status.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such status.</exception>
    public static string Of(FitStatus status) => status switch
    {
        FitStatus.Converged => "converged",
        FitStatus.MaxIterations => "maxIterations",
        FitStatus.Cancelled => "cancelled",
        FitStatus.Collapsed => "collapsed",
        FitStatus.TimeBudget => "timeBudget",
        _ => throw Throw.OutOfRangeError(nameof(status), status, "there is no such status"),
    };
}
