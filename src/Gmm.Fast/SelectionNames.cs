using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Gives the names of criteria, grades and statuses.</summary>
public static class SelectionNames
{
    /// <summary>Gives the name of a criterion: "BIC", "AIC", "ICL" or "held-out log-density".</summary>
    public static string Of(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Bic => "BIC",
        SelectionCriterion.Aic => "AIC",
        SelectionCriterion.Icl => "ICL",
        SelectionCriterion.CrossValidation => "held-out log-density",
        _ => throw Throw.OutOfRangeError(nameof(criterion), criterion, "Bic, Aic, Icl or CrossValidation is required"),
    };

    /// <summary>Gives the name of a status in documents: "completed", or "cancelled" as of a fit.</summary>
    public static string Of(SelectionStatus status) => status switch
    {
        SelectionStatus.Completed => "completed",
        SelectionStatus.Cancelled => FitStatusNames.Of(FitStatus.Cancelled),
        _ => throw Throw.OutOfRangeError(nameof(status), status, "there is no such status"),
    };

    /// <summary>Gives a grade in words: "not worth mentioning", "positive", "strong" or "very strong".</summary>
    public static string Of(SelectionEvidence evidence) => evidence switch
    {
        SelectionEvidence.NotWorthMentioning => "not worth mentioning",
        SelectionEvidence.Positive => "positive",
        SelectionEvidence.Strong => "strong",
        SelectionEvidence.VeryStrong => "very strong",
        _ => throw Throw.OutOfRangeError(nameof(evidence), evidence, "a grade is required"),
    };
}
