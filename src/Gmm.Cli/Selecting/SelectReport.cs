using Gmm.Fast;

namespace Gmm.Cli.Selecting;

/// <summary>Shows a selection for a reader: the criterion of all candidates, the best, the second, and how clear the choice is.</summary>
internal static class SelectReport
{
    /// <summary>Describes a selection.</summary>
    public static string Of(SelectionResult selection)
    {
        var criterion = selection.Criterion;
        var isValidation = criterion == SelectionCriterion.CrossValidation;
        CovarianceType[] types = [.. selection.Candidates.Select(candidate => candidate.CovarianceType).Distinct()];

        // Cells end with their marks, or with spaces in their places.
        var (isOpen, isUnsupported) = (selection.Candidates.Any(IsOpen), selection.Candidates.Any(candidate => IsUnsupported(candidate, selection)));
        var blank = new string(' ', selection.Candidates.Max(candidate => Math.Max(1, Marks(candidate, selection).Length)));
        List<string[]> lines = [["components", .. types.Select(type => CovarianceNames.Of(type) + blank)]];
        foreach (var row in selection.Candidates.GroupBy(candidate => candidate.Components))
            lines.Add([Invariant($"{row.Key}"), .. row.Select(candidate => Cell(candidate, selection) + Marks(candidate, selection).PadRight(blank.Length))]);
        List<string[]> choice = [["best", Name(selection.Best), Value(selection.Best, criterion)]];
        if (selection.RunnerUp is { } second) choice.Add(["runner-up", Name(second), Value(second, criterion)]);
        var legend = (isOpen ? "; ! is canceled, or stopped at --max-iter" : "") + (isUnsupported ? "; ? has components on too few points or on repeated values, and is chosen last" : "");
        return $"{SelectionNames.Of(criterion)}{(isValidation ? " per point, larger" : ", smaller")} is better; * is the best{legend}\n\n"
            + $"{TextTable.Format(lines)}\n{TextTable.Format(choice, leftColumns: 3)}{selection.Verdict}\n";
    }

    /// <summary>Names a candidate.</summary>
    public static string Name(SelectionCandidate candidate) =>
        $"{DataInput.Count(candidate.Components, "component")}, {CovarianceNames.Of(candidate.CovarianceType)} covariance";

    private static string Cell(SelectionCandidate candidate, SelectionResult selection)
    {
        if (candidate.Failure is not null) return "failed";
        var value = candidate.Value(selection.Criterion);
        if (double.IsNaN(value)) return "-";
        return selection.Criterion == SelectionCriterion.CrossValidation ? Invariant($"{value:f4}") : Invariant($"{value:f2}");
    }

    private static string Marks(SelectionCandidate candidate, SelectionResult selection) =>
        (candidate == selection.Best ? "*" : "") + (IsOpen(candidate) ? "!" : "") + (IsUnsupported(candidate, selection) ? "?" : "");

    // Whether the value means nothing, as likelihood is as large as regularization allows. Densities of rows held out show that themselves.
    private static bool IsUnsupported(SelectionCandidate candidate, SelectionResult selection) =>
        selection.Criterion != SelectionCriterion.CrossValidation && candidate is { Failure: null, Fit: not null, UnsupportedComponents: > 0 };

    // Whether the fit has not converged, so that its value could still be better.
    private static bool IsOpen(SelectionCandidate candidate) =>
        candidate is { Failure: null, Fit: { Status: FitStatus.MaxIterations or FitStatus.Cancelled, Stop.Kind: not StopKind.FixedCount } };

    private static string Value(SelectionCandidate candidate, SelectionCriterion criterion)
    {
        if (criterion != SelectionCriterion.CrossValidation) return Invariant($"{SelectionNames.Of(criterion)} {candidate.Value(criterion):f2}");
        var error = candidate.HeldOutStandardError;
        return Invariant($"{candidate.HeldOutLogDensity:f4} (standard error {(double.IsNaN(error) ? "unknown: it takes two rows" : Invariant($"{error:f4}"))})");
    }
}
