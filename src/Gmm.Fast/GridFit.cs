namespace Gmm.Fast;

/// <summary>Holds the end of the fit of one candidate.</summary>
/// <param name="Fit">The fit; null where there is no model.</param>
/// <param name="Failure">Why it cannot be chosen; null where it can, or was canceled.</param>
/// <param name="Unsupported">The components that its points do not support.</param>
internal sealed record GridFit(FitResult? Fit, string? Failure, int Unsupported)
{
    /// <summary>Whether the fit ran to its end.</summary>
    public bool IsComplete => Failure is null && Fit is { Status: not FitStatus.Cancelled };

    /// <summary>
    /// Gives the better of two: one that is complete; then the one with fewer components that the points do not support, as likelihood favors these;
    /// then the one with the larger log-likelihood, then the first.
    /// </summary>
    public static GridFit Better(GridFit first, GridFit second)
    {
        if (first.IsComplete != second.IsComplete) return first.IsComplete ? first : second;
        if (!first.IsComplete) return first.Fit is null ? second : first;
        if (first.Unsupported != second.Unsupported) return first.Unsupported < second.Unsupported ? first : second;
        return second.Fit!.TotalLogLikelihood > first.Fit!.TotalLogLikelihood ? second : first;
    }
}
