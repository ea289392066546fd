using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Lists what a user should know before trusting a fit: one line each.</summary>
internal static class FitWarnings
{
    // Weights of rows that count less than this on average are shares, or another unit.
    private const double LeastWeight = 0.5;

    // Weights that count more are counts where they are whole, and so is their sum.
    private const double LargestWeight = 10;

    /// <param name="fit">The fit.</param>
    /// <param name="maxIterations">What it was allowed.</param>
    /// <param name="streams">Where the lines go.</param>
    /// <param name="mayBeFlat">Whether components and columns that only regularization keeps from collapsing are what the data are like.</param>
    public static void Write(FitResult fit, int maxIterations, StandardStreams streams, bool mayBeFlat = false)
    {
        if (fit.Status == FitStatus.MaxIterations && fit.Stop.Kind != StopKind.FixedCount)
            streams.Warn($"not converged in {DataInput.Count(maxIterations, "iteration")}; raise --max-iter or --tol");
        if (fit.Status == FitStatus.TimeBudget)
            streams.Warn($"out of time after {DataInput.Count(fit.Iterations, "iteration")}; --resume goes on from a checkpoint, --continue from the model");

        if (fit.TotalWeight < LeastWeight * fit.Points || (fit.TotalWeight > LargestWeight * fit.Points && fit.TotalWeight != Math.Round(fit.TotalWeight)))
        {
            streams.Warn(FormattableString.Invariant(
                $"the weights sum to {fit.TotalWeight:g6} over {DataInput.Count(fit.Points, "row")}, and BIC and AIC take that for the number of rows; scale them to sum to {fit.Points}"));
        }

        foreach (var warning in fit.Warnings)
        {
            if (!mayBeFlat || !IsFlat(warning.Kind)) streams.Warn(warning.Message);
        }
    }

    private static bool IsFlat(FitWarningKind kind) => kind is FitWarningKind.HeldByRegularization or FitWarningKind.RepeatedValues
        or FitWarningKind.ConstantColumn or FitWarningKind.DeterminedColumn;
}
