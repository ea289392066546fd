using System.Globalization;
using Gmm.Fast;
using Gmm.Report.Html;

namespace Gmm.Cli.Fitting;

/// <summary>What a user should know before trusting a fit: one line each.</summary>
internal static class FitWarnings
{
    private const double WorstCondition = 1e12;
    private const double LargeShare = 0.9;
    private const double FewestPoints = 1;

    /// <param name="fit">The fit.</param>
    /// <param name="maxIterations">What it was allowed.</param>
    /// <param name="streams">Where the lines go.</param>
    /// <param name="mayBeFlat">Whether a component that only regularisation keeps from collapsing is what the data are like.</param>
    public static void Write(FitResult fit, int maxIterations, StandardStreams streams, bool mayBeFlat = false)
    {
        if (fit.Status == FitStatus.MaxIterations && fit.Stop.Kind != StopKind.FixedCount)
            streams.Warn($"not converged in {DataInput.Count(maxIterations, "iteration")}; raise --max-iter or --tol");

        foreach (var line in RecoveryWords.Lines(fit)) streams.Warn(line);

        // A shared covariance says the same of every component.
        var shared = fit.Model.CovarianceType == CovarianceType.Tied;
        for (var k = 0; k < fit.Components.Count; k++)
        {
            var component = fit.Components[k];
            var lost = component.EffectiveCount < FewestPoints;
            if (lost) streams.Warn(Invariant($"component {k} has lost its points: its effective count is {component.EffectiveCount:g3}"));
            if (shared && k > 0) continue;
            var whose = shared ? "the shared covariance" : $"the covariance of component {k}";
            if (component.ConditionNumber > WorstCondition)
            {
                streams.Warn(Invariant(
                    $"{whose} has the condition number {component.ConditionNumber:g3}; beyond 1e12 its density has few correct digits"));
            }
            if (component.RegularizationShare > LargeShare && !lost && !mayBeFlat)
            {
                var share = Invariant($"{component.RegularizationShare:p1} of its smallest variance");
                streams.Warn(Invariant($"{whose} would have collapsed: {share} is --reg-covar {fit.Regularization}"));
            }
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
