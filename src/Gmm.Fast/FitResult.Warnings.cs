using System.Diagnostics;
using System.Globalization;
using Gmm.Fast.Model;

namespace Gmm.Fast;

public sealed partial class FitResult
{
    private const double WorstCondition = 1e12;
    private const double LargeShare = 0.9;
    private const double FewestPoints = 1;

    private const string FewDigits =
        "beyond 1e12 its density has few correct digits: columns that repeat each other, or a component on a line or plane, do this";

    private readonly Lazy<IReadOnlyList<FitWarning>> _warnings;

    /// <summary>
    /// Warnings about components that are wrong or doubtful; empty if there are none. Computed when first read, from <see cref="Recoveries"/> and
    /// <see cref="Components"/>. The end of the fit is not among them: see <see cref="Status"/>.
    /// </summary>
    public IReadOnlyList<FitWarning> Warnings => _warnings.Value;

    private List<FitWarning> Warn(Precision precision)
    {
        var warnings = Recoveries.GroupBy(r => (r.Component, r.Action)).Select(Recovered).ToList();

        // A shared covariance gives the same warning for every component.
        var shared = Model.SharesCovariance;
        for (var k = 0; k < Components.Count; k++)
        {
            var component = Components[k];

            // Counts of points: weights may have any scale.
            var lost = component.EffectiveCount * (Points / TotalWeight) < FewestPoints;
            if (lost)
            {
                Add(FitWarningKind.NoPoints, k,
                    $"component {k} has lost its points: its effective count is {component.EffectiveCount:g3}; it describes nothing in these data");
            }
            if (shared && k > 0) continue;
            var (which, whose) = shared ? ((int?)null, "the shared covariance") : (k, $"the covariance of component {k}");
            if (component.ConditionNumber > WorstCondition)
            {
                Add(FitWarningKind.IllConditioned, which, $"{whose} has the condition number {component.ConditionNumber:g3}; {FewDigits}");
            }
            if (component.RegularizationShare > LargeShare && !lost)
            {
                var reason = precision.Explain(Model.Mixture.Parameters, k, Regularization, null, Model.ColumnNames)
                    ?? "such a component often sits on repeated or nearly equal points";
                Add(FitWarningKind.HeldByRegularization, which,
                    $"{whose} would have collapsed: {component.RegularizationShare:p1} of its smallest variance is the regularization {Regularization}; {reason}");
            }
        }
        return warnings;

        void Add(FitWarningKind kind, int? which, FormattableString message) =>
            warnings.Add(new FitWarning(kind, which, message.ToString(CultureInfo.InvariantCulture)));
    }

    // Gives one warning per component and action, in the order of first use.
    private static FitWarning Recovered(IGrouping<(int? Component, CollapsePolicy Action), Recovery> group)
    {
        var done = group.Key.Action switch
        {
            CollapsePolicy.Keep when group.Key.Component is null => "the one before stays",
            CollapsePolicy.Reseed => "it was put into half of another component",
            CollapsePolicy.Drop => "it was taken out of the mixture",
            CollapsePolicy.Keep or CollapsePolicy.Fail => "it keeps the mean and covariance it had before",
            _ => throw new UnreachableException($"collapse policy {group.Key.Action}"),
        };
        var times = group.Count();
        return new FitWarning(FitWarningKind.Recovered, group.Key.Component,
            string.Create(CultureInfo.InvariantCulture, $"{group.First().Cause}: {done}{(times > 1 ? $"; {times} times in all" : "")}"));
    }
}
