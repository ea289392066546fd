namespace ScoringService.Problems;

/// <summary>Makes text of a request fit for one line of a message.</summary>
internal static class Shown
{
    private const int Longest = 40;

    /// <summary>Cuts a text after 40 characters and replaces control characters by blanks.</summary>
    public static string Of(string text)
    {
        var cut = text.Length > Longest ? string.Concat(text.AsSpan(0, Longest), "...") : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
