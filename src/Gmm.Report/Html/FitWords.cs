using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>How a fit ended and what to know before trusting it, in sentences.</summary>
public static class FitWords
{
    /// <summary>How the fit ended, in one sentence.</summary>
    public static string Status(FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var iterations = Numbers.Count(fit.Iterations, "iteration");
        return fit.Status switch
        {
            FitStatus.Converged => $"Converged after {iterations}: {Rule(fit.Stop)}.",
            FitStatus.MaxIterations when fit.Stop.Kind == StopKind.FixedCount => $"Ran the {iterations} asked for.",
            FitStatus.MaxIterations =>
                $"Not converged: the allowed {iterations} were used up before the stop rule was met ({Rule(fit.Stop)}). "
                + "More iterations would improve the fit.",
            FitStatus.TimeBudget => $"Out of time after {iterations}: the model is the best until then, not a converged one.",
            FitStatus.Cancelled => $"Canceled after {iterations}: the model is the best until then, not a converged one.",
            _ => $"Collapsed in iteration {Numbers.Count(fit.Iterations + 1)}: "
                + $"{Sentence(fit.Failure ?? "a covariance lost its positive definiteness")}"
                + $" The model is that after {iterations}.",
        };
    }

    /// <summary>Whether the fit ended as it was meant to.</summary>
    public static bool IsGood(FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit.Converged || fit.Status == FitStatus.MaxIterations && fit.Stop.Kind == StopKind.FixedCount;
    }

    /// <summary>What is wrong or doubtful with the components, one sentence each; empty where nothing is.</summary>
    public static IReadOnlyList<string> Warnings(FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return [.. fit.Warnings.Select(warning => char.ToUpperInvariant(warning.Message[0]) + Sentence(warning.Message[1..]))];
    }

    private static string Rule(StopRule stop) => stop.Kind switch
    {
        StopKind.MeanChange => $"the mean log-likelihood changed by less than {Numbers.Short(stop.Tolerance)}",
        StopKind.TotalRise => $"the log-likelihood rose by less than {Numbers.Short(stop.Tolerance)}",
        StopKind.Statistical => $"less than {Numbers.Short(stop.Tolerance)} of half the number of parameters, in nats, was left to gain",
        _ => "a fixed number of iterations",
    };

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
