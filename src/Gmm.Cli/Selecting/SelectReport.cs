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

        // Cells end with the mark of the best, or with a space in its place.
        List<string[]> lines = [["components", .. types.Select(type => CovarianceNames.Of(type) + " ")]];
        foreach (var row in selection.Candidates.GroupBy(candidate => candidate.Components))
            lines.Add([Invariant($"{row.Key}"), .. row.Select(candidate => Cell(candidate, selection))]);
        List<string[]> choice = [["best", Name(selection.Best), Value(selection.Best, criterion)]];
        if (selection.RunnerUp is { } second) choice.Add(["runner-up", Name(second), Value(second, criterion)]);
        return $"{SelectionNames.Of(criterion)}{(isValidation ? " per point, larger" : ", smaller")} is better; * is the best\n\n"
            + $"{TextTable.Format(lines)}\n{TextTable.Format(choice, leftColumns: 3)}{selection.Verdict}\n";
    }

    /// <summary>Names a candidate.</summary>
    public static string Name(SelectionCandidate candidate) =>
        $"{DataInput.Count(candidate.Components, "component")}, {CovarianceNames.Of(candidate.CovarianceType)} covariance";

    private static string Cell(SelectionCandidate candidate, SelectionResult selection)
    {
        var mark = candidate == selection.Best ? "*" : " ";
        if (candidate.Failure is not null) return "failed ";
        var value = candidate.Value(selection.Criterion);
        if (double.IsNaN(value)) return "- ";
        return (selection.Criterion == SelectionCriterion.CrossValidation ? Invariant($"{value:f4}") : Invariant($"{value:f2}")) + mark;
    }

    private static string Value(SelectionCandidate candidate, SelectionCriterion criterion) => criterion == SelectionCriterion.CrossValidation
        ? Invariant($"{candidate.HeldOutLogDensity:f4} (standard error {candidate.HeldOutStandardError:f4})")
        : Invariant($"{SelectionNames.Of(criterion)} {candidate.Value(criterion):f2}");
}
