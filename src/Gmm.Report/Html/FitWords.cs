using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>How a fit ended and what to know before trusting it, in sentences.</summary>
public static class FitWords
{
    private const double WorstCondition = 1e12;
    private const double LargeShare = 0.9;
    private const double FewestPoints = 1;

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
            FitStatus.Cancelled => $"Cancelled after {iterations}: the model is the best until then, not a converged one.",
            _ => $"Collapsed in iteration {Numbers.Count(fit.Iterations + 1)}: {Sentence(fit.Failure ?? "a covariance lost its positive definiteness")}"
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
        var warnings = RecoveryWords.Lines(fit).Select(line => char.ToUpperInvariant(line[0]) + Sentence(line[1..])).ToList();
        for (var k = 0; k < fit.Components.Count; k++)
        {
            var component = fit.Components[k];
            var lost = component.EffectiveCount < FewestPoints;
            if (lost)
            {
                warnings.Add($"Component {k} has lost its points: its effective count is {Numbers.Short(component.EffectiveCount)}. "
                    + "It describes nothing in these data.");
            }

            // A shared covariance says the same of every component.
            var shared = fit.Model.CovarianceType == CovarianceType.Tied;
            if (shared && k > 0) continue;
            var whose = shared ? "The shared covariance" : $"The covariance of component {k}";
            if (component.ConditionNumber > WorstCondition)
            {
                warnings.Add($"{whose} has the condition number {Numbers.Short(component.ConditionNumber)}; beyond 1e12 densities have few correct digits. "
                    + "Columns that repeat each other, or a component on a line or plane, do this.");
            }
            if (component.RegularizationShare > LargeShare && !lost)
            {
                warnings.Add($"{whose} would have collapsed: {Numbers.Percent(component.RegularizationShare)} of its smallest variance is the regularisation "
                    + $"{Numbers.Short(fit.Regularization)}. Such a component often sits on repeated or nearly equal points.");
            }
        }
        return warnings;
    }

    /// <summary>The covariance type as an adjective.</summary>
    internal static string Name(CovarianceType type) => type.ToString().ToLowerInvariant();

    private static string Rule(StopRule stop) => stop.Kind switch
    {
        StopKind.MeanChange => $"the mean log-likelihood changed by less than {Numbers.Short(stop.Tolerance)}",
        StopKind.TotalRise => $"the log-likelihood rose by less than {Numbers.Short(stop.Tolerance)}",
        _ => "a fixed number of iterations",
    };

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
