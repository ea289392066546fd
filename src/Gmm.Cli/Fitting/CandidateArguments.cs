using System.CommandLine;
using System.Globalization;
using Gmm.Fast;

namespace Gmm.Cli.Fitting;

/// <summary>Defines <c>-k</c> and <c>--covariance</c>: one of each, or several to choose among.</summary>
internal static class CandidateArguments
{
    private const int MostCandidates = 10_000;
    private const string All = "all";

    /// <summary>Defines the number of components, or several.</summary>
    public static Option<IReadOnlyList<int>?> Components(FitDefaults defaults) => new("-k")
    {
        Arity = ArgumentArity.ExactlyOne,
        Description = defaults.Selects ? "Numbers of components to try (default: 1-9)."
            : "Number of components; may be left out with --init MODEL.json."
                + (defaults.HasRanges ? " Of several, as 1-9, the one with the smallest BIC is taken, as gmm select does, with its defaults of --tol and --max-iter." : ""),
        HelpName = defaults.Selects || defaults.HasRanges ? "K|1-9|1,2,4" : "K",
        CustomParser = defaults.Selects || defaults.HasRanges
            ? result => Arguments.Parse(result, text => Complaint(text)!, Numbers)
            : result => Arguments.Parse(result, "a whole number of at least 1 is required", One),
    };

    /// <summary>Defines the form of the covariances, or several.</summary>
    public static Option<IReadOnlyList<CovarianceType>?> Covariances(FitDefaults defaults)
    {
        var names = ModelReport.TypeNames;
        var known = $"{string.Join(", ", names[..^1])} or {names[^1]}";
        return new("--covariance")
        {
            Arity = ArgumentArity.ExactlyOne,
            Description = defaults.Selects ? "Forms of the covariances to try (default: all)." : "Form of the covariances (default: full, or that of --init MODEL.json).",
            HelpName = defaults.Selects ? "all|full,diag,..." : string.Join('|', names),
            CustomParser = defaults.Selects
                ? result => Arguments.Parse(result, $"{All}, or some of {known} with commas between, is required", Types)
                : result => Arguments.Parse(result, $"{known} is required", text => Type(text) is { } type ? (IReadOnlyList<CovarianceType>)[type] : null),
        };
    }

    private static IReadOnlyList<int>? One(string text) => Number(text, NumberStyles.AllowLeadingSign) is { } number ? [number] : null;

    // Numbers and ranges of them.
    private static IReadOnlyList<int>? Numbers(string text) => Complaint(text) is null ? Listed(Ranges(text)!) : null;

    // Says what a text should be that gives no numbers; null for one that does.
    private static string? Complaint(string text)
    {
        if (Ranges(text) is not { } ranges) return "a whole number of at least 1, or several as 1-9 or 1,2,4-6, is required";
        if (ranges.Find(range => range.First > range.Last) is { First: > 0 } turned)
            return Invariant($"a range goes up, so {turned.Last}-{turned.First} is required");
        if (ranges.Sum(range => (long)range.Last - range.First + 1) is > MostCandidates and var count)
            return Invariant($"at most {MostCandidates} numbers are allowed, and these are {count}");
        return Listed(ranges).GroupBy(number => number).FirstOrDefault(group => group.Count() > 1) is { Key: var repeated }
            ? Invariant($"{repeated} is there twice, and different numbers are required") : null;
    }

    private static List<(int First, int Last)>? Ranges(string text)
    {
        var ranges = new List<(int, int)>();
        foreach (var part in text.Split(','))
        {
            if (part.Split('-') is not { Length: 1 or 2 } ends || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last) return null;
            ranges.Add((first, last));
        }
        return ranges;
    }

    private static List<int> Listed(List<(int First, int Last)> ranges) =>
        [.. ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))];

    private static int? Number(string text, NumberStyles style = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite) =>
        int.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : null;

    private static IReadOnlyList<CovarianceType>? Types(string text)
    {
        if (text == All) return Enum.GetValues<CovarianceType>();
        var types = text.Split(',').Select(Type).ToArray();
        return types.Contains(null) || types.Distinct().Count() < types.Length ? null : [.. types.Select(type => type!.Value)];
    }

    private static CovarianceType? Type(string text) =>
        Array.IndexOf(ModelReport.TypeNames, text.Trim()) is var index and >= 0 ? Enum.GetValues<CovarianceType>()[index] : null;
}
