namespace Gmm.Data;

/// <summary>Finds the name that somebody meant who typed another one.</summary>
internal static class NearName
{
    private const int LongestName = 64;

    /// <summary>Gives the nearest name: another case, or at most one letter in three that is added, left out or changed; null where none is near.</summary>
    internal static string? Of(string name, IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } same)
        {
            return same;
        }

        const int LettersPerError = 3;
        var best = names
            .Where(other => other.Length is > 0 and <= LongestName && name.Length <= LongestName)
            .Select(other => (Name: other, Distance: Distance(name.ToUpperInvariant(), other.ToUpperInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(pair => pair.Distance);
        return best.Distance <= name.Length / LettersPerError ? best.Name : null;
    }

    /// <summary>Counts the edits between two texts (Levenshtein 1966).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
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
