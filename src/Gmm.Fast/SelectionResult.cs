using System.Globalization;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Holds the candidates of a <see cref="ModelSelection"/> and the choice among them.</summary>
public sealed class SelectionResult
{
    internal SelectionResult(
        IReadOnlyList<SelectionCandidate> candidates, SelectionCandidate best, SelectionCandidate? runnerUp, SelectionCriterion criterion, SelectionStatus status)
    {
        (Candidates, Best, RunnerUp, Criterion, Status) = (ReadOnlyList.Of(candidates), best, runnerUp, criterion, status);
    }

    /// <summary>All candidates: by number of components, then in the order of <see cref="SelectionOptions.CovarianceTypes"/>.</summary>
    public IReadOnlyList<SelectionCandidate> Candidates { get; }

    /// <summary>The candidate chosen.</summary>
    public SelectionCandidate Best { get; }

    /// <summary>The fit chosen: that of <see cref="Best"/>, to all points.</summary>
    public FitResult Fit => Best.Fit!;

    /// <summary>
    /// The second best model; null where no other one could be chosen. Candidates that are <see cref="Best"/> by another name do not count: of one
    /// component, full covariances are tied ones, and in one dimension spherical ones. Neither do those with unsupported components, unless the best
    /// has some too (<see cref="SelectionCandidate.UnsupportedComponents"/>).
    /// </summary>
    public SelectionCandidate? RunnerUp { get; }

    /// <summary>
    /// What decided: the criterion asked for, or <see cref="SelectionCriterion.Bic"/> where a selection was canceled before that criterion was known of
    /// all candidates.
    /// </summary>
    public SelectionCriterion Criterion { get; }

    /// <summary>How the selection ended.</summary>
    public SelectionStatus Status { get; }

    /// <summary>
    /// By how much <see cref="Best"/> is better than <see cref="RunnerUp"/>, at least 0: the difference of the criterion, or of the mean log-densities
    /// held out; NaN without a second one.
    /// </summary>
    public double Lead => RunnerUp is null ? double.NaN : Math.Abs(Best.Value(Criterion) - RunnerUp.Value(Criterion));

    /// <summary>
    /// Of a cross-validation, the standard error of <see cref="Lead"/>: the standard deviation over the parts of the differences of their means, over
    /// the root of their number. NaN where fewer than two parts have points, and otherwise.
    /// </summary>
    public double LeadStandardError
    {
        get
        {
            if (RunnerUp is null || Criterion != SelectionCriterion.CrossValidation) return double.NaN;
            double[] differences = [.. Best.FoldMeans.Zip(RunnerUp.FoldMeans, (best, second) => best - second).Where(double.IsFinite)];
            var mean = differences.DefaultIfEmpty(double.NaN).Average();
            return Math.Sqrt(differences.Sum(difference => (difference - mean) * (difference - mean)) / (differences.Length - 1) / differences.Length);
        }
    }

    /// <summary>
    /// How clear the choice is. For a criterion, by the lead: below 2, 6 and 10, and above (Kass and Raftery, Bayes factors, JASA 90, 1995, who say it
    /// of BIC; for AIC and ICL it is a rule of thumb). For a cross-validation, by the lead in its standard errors: up to 1, up to 3, and above. That is strong
    /// at most, as a standard error from a few parts is rough itself. Without a second candidate, <see cref="SelectionEvidence.NotWorthMentioning"/>.
    /// </summary>
    public SelectionEvidence Evidence
    {
        get
        {
            if (Criterion == SelectionCriterion.CrossValidation) return Scale(Lead / LeadStandardError, 1, 3, double.PositiveInfinity);
            return Scale(Lead, 2, 6, 10);
        }
    }

    /// <summary>Says by how much the best is better than the second, and how clear that is, in a sentence without a period.</summary>
    public string Verdict
    {
        get
        {
            if (RunnerUp is null)
            {
                return Rank(Candidates, Criterion).Exists(candidate => candidate != Best)
                    ? "all other candidates have components that their points do not support" : "there is no other candidate to compare with";
            }
            var lead = Text($"its {SelectionNames.Of(Criterion)} is {Lead:f2} smaller");
            if (Criterion == SelectionCriterion.CrossValidation)
            {
                var error = double.IsNaN(LeadStandardError)
                    ? "an unknown standard error, as one part alone has points" : Text($"a standard error of {LeadStandardError:g2}");
                lead = Text($"its held-out log-density is {Lead:g3} per point larger, with {error}");
            }
            return $"{lead}: the evidence is {SelectionNames.Of(Evidence)}";
        }
    }

    /// <summary>Orders the candidates that can be chosen, as <see cref="Order"/> does.</summary>
    internal static List<SelectionCandidate> Rank(IEnumerable<SelectionCandidate> candidates, SelectionCriterion criterion) =>
        Order(candidates.Where(candidate => candidate.IsComplete && !double.IsNaN(candidate.Value(criterion))), criterion);

    /// <summary>
    /// Orders candidates, the best first; of equals the one with fewer parameters, then the first. By criteria of the fitted points, those with
    /// components that the points do not support come last.
    /// </summary>
    internal static List<SelectionCandidate> Order(IEnumerable<SelectionCandidate> candidates, SelectionCriterion criterion)
    {
        var isHeldOut = criterion == SelectionCriterion.CrossValidation;
        return
        [
            .. candidates.OrderBy(candidate => !isHeldOut && candidate.UnsupportedComponents > 0)
                .ThenBy(candidate => (isHeldOut ? -1 : 1) * candidate.Value(criterion)).ThenBy(candidate => candidate.FreeParameters),
        ];
    }

    private static SelectionEvidence Scale(double lead, double positive, double strong, double veryStrong)
    {
        if (lead > veryStrong) return SelectionEvidence.VeryStrong;
        if (lead > strong) return SelectionEvidence.Strong;
        return lead > positive ? SelectionEvidence.Positive : SelectionEvidence.NotWorthMentioning;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
