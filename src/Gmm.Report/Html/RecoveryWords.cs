using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>What became of components that collapsed or lost their points, in clauses.</summary>
public static class RecoveryWords
{
    /// <summary>One line per component and action, in the order of their first time; without a full stop.</summary>
    public static IReadOnlyList<string> Lines(FitResult fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return [.. fit.Recoveries.GroupBy(r => (r.Component, r.Action)).Select(group =>
        {
            var times = group.Count();
            return $"{group.First().Cause}: {Done(group.Key.Component, group.Key.Action)}{(times > 1 ? $"; {times} times in all" : "")}";
        })];
    }

    private static string Done(int? component, CollapsePolicy action) => action switch
    {
        CollapsePolicy.Keep when component is null => "the one before stays",
        CollapsePolicy.Reseed => "it was put into half of another component",
        CollapsePolicy.Drop => "it was taken out of the mixture",
        _ => "it keeps the mean and covariance it had before",
    };
}
