using System.Diagnostics;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Says what was done about components that collapsed or lost their points.</summary>
internal static class RecoveryWords
{
    /// <summary>Gives one warning per component and action, in the order of first use.</summary>
    /// <param name="recoveries">The recoveries of a fit.</param>
    /// <param name="isRenumbered">Whether the components of the model have other numbers than those of the start.</param>
    public static IEnumerable<FitWarning> Of(IReadOnlyList<Recovery> recoveries, bool isRenumbered) =>
        recoveries.GroupBy(r => (r.Component, r.Action)).Select(group => Of(group, isRenumbered));

    private static FitWarning Of(IGrouping<(int? Component, CollapsePolicy Action), Recovery> group, bool isRenumbered)
    {
        var done = group.Key.Action switch
        {
            CollapsePolicy.Keep when group.Key.Component is null => "the one before stays",
            CollapsePolicy.Reseed => "it was put into half of another component",
            CollapsePolicy.Drop => "it was taken out of the mixture",
            CollapsePolicy.Keep or CollapsePolicy.Fail => "it keeps the mean and covariance it had before",
            _ => throw new UnreachableException($"collapse policy {group.Key.Action}"),
        };
        var times = group.Count() > 1 ? Wording.Text($"; {group.Count()} times in all") : "";
        var numbers = isRenumbered && group.Key.Component is not null ? "; its number is that of the start" : "";
        return new FitWarning(FitWarningKind.Recovered, group.Key.Component is { } k ? [k] : [], [], $"{group.First().Cause}: {done}{times}{numbers}");
    }
}
