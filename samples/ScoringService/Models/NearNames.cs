namespace ScoringService.Models;

/// <summary>Finds the names that somebody may have meant who wrote another one.</summary>
internal static class NearNames
{
    private const int Most = 3;
    private const int LongestName = 64;
    private const int LettersPerError = 3;

    /// <summary>Gives up to three names, the nearest first: another case, or at most one letter in three that is added, left out or changed.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names)
    {
        if (name.Length > LongestName) return [];
        var limit = name.Length / LettersPerError;
        return [.. names.Where(other => other.Length <= LongestName)
            .Select(other => (Name: other, Distance: Distance(name.ToUpperInvariant(), other.ToUpperInvariant())))
            .Where(pair => pair.Distance <= limit)
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .Take(Most).Select(pair => pair.Name)];
    }

    // Counts the edits between two texts (Levenshtein 1966).
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
