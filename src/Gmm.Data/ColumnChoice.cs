using System.Globalization;

namespace Gmm.Data;

/// <summary>
/// Finds the columns of a file that are wanted. What a column of the file is named is a name; otherwise digits are a 1-based number, and two of either
/// with '-' between them a range.
/// </summary>
/// <param name="width">The number of columns in the file.</param>
/// <param name="header">The names in the file, or null when it has none.</param>
/// <param name="place">The start of an error message.</param>
/// <param name="whyNameless">Why there are no names, for the error message.</param>
internal sealed class ColumnChoice(int width, IReadOnlyList<string>? header, string place, string whyNameless)
{
    private readonly List<string> _doubts = [];

    /// <summary>What was ambiguous, and how it was taken.</summary>
    internal IReadOnlyList<string> Doubts => _doubts;

    /// <summary>Finds the columns that the options want, in their order, and the one that holds the weights.</summary>
    /// <param name="options">The choice.</param>
    /// <param name="isMatch">Whether the columns are those of <see cref="TableOptions.Match"/>.</param>
    /// <returns>The 0-based indices, and that of the weights, -1 for none.</returns>
    internal (int[] Wanted, int Weights) Resolve(TableOptions options, out bool isMatch)
    {
        isMatch = false;
        var weight = options.Weights is null ? -1 : One(options.Weights);
        var left = options.Exclude is null ? [] : new HashSet<int>(options.Exclude.SelectMany(Several));
        if (options.Columns is not null)
        {
            return (InPlace(Chosen(options.Columns, left, weight), options, out isMatch), weight);
        }

        if (options.Match is not null && Match(options.Match, Enumerable.Range(0, width)) is { } matched)
        {
            isMatch = true;
            foreach (var column in matched)
            {
                if (left.Contains(column))
                {
                    throw new TableFormatException(
                        $"{place}: column {column + 1} ({ErrorText.Short(header![column])}) is left out by {options.Words.ExcludeOption}, and {options.Words.Match} needs it");
                }

                CheckIsNoWeight(column, weight, $"is a column of {options.Words.Match}");
            }

            return (matched, weight);
        }

        int[] others = [.. Enumerable.Range(0, width).Where(column => column != weight && !left.Contains(column))];
        return others.Length > 0 ? (others, weight)
            : throw new TableFormatException(left.Count > 0 ? $"{place}: every column is left out; at least one is required"
                : $"{place}: the only column holds the weights; another one is required");
    }

    /// <summary>Finds names, each in its own case where the file has it, or in another one that the file has once; null where one is not there.</summary>
    /// <param name="names">The names.</param>
    /// <param name="among">The columns that may have them.</param>
    private int[]? Match(IReadOnlyList<string> names, IEnumerable<int> among)
    {
        if (header is null)
        {
            return null;
        }

        var exact = Places(StringComparer.Ordinal, among);
        var folded = Places(StringComparer.OrdinalIgnoreCase, among);
        var result = new int[names.Count];
        for (var i = 0; i < result.Length; i++)
        {
            if (!(exact.TryGetValue(names[i], out var column) && column >= 0) && !(folded.TryGetValue(names[i], out column) && column >= 0))
            {
                return null;
            }

            result[i] = column;
        }

        return result.Distinct().Count() == result.Length ? result : null;
    }

    private Dictionary<string, int> Places(StringComparer comparer, IEnumerable<int> among)
    {
        var places = new Dictionary<string, int>(comparer);
        foreach (var i in among)
        {
            places[header![i]] = places.ContainsKey(header[i]) ? -1 : i;
        }

        return places;
    }

    /// <summary>
    /// Gives the columns that were chosen for <see cref="TableOptions.Match"/>: by their names where they were chosen by number and have all of these, and
    /// otherwise as they were chosen. Says so where a name of one place stands in another.
    /// </summary>
    private int[] InPlace(int[] chosen, TableOptions options, out bool isMatch)
    {
        isMatch = false;
        if (header is null || options.Match is not { } match || chosen.Length != match.Count)
        {
            return chosen;
        }

        var matched = Match(match, chosen);
        if (matched is not null && matched.SequenceEqual(chosen))
        {
            return chosen;
        }

        // Who writes all names says their order; a number says only where a column stands.
        if (matched is not null && options.Columns!.All(IsName))
        {
            return chosen;
        }

        if (matched is not null && !options.Columns!.Any(IsName))
        {
            isMatch = true;
            _doubts.Add($"the columns that {options.Words.Columns} chooses have the names of {options.Words.Match}, and are taken by these and not in their order");
            return matched;
        }

        var places = match.Select((name, place) => (name, place)).ToLookup(pair => pair.name, pair => pair.place, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < chosen.Length; i++)
        {
            var name = header[chosen[i]];
            if (places[name].Any() && !places[name].Contains(i))
            {
                _doubts.Add($"column {ErrorText.Quoted(name)} takes the place of {ErrorText.Quoted(match[i])} in {options.Words.Match}, as {options.Words.Columns} says, "
                    + $"and {options.Words.Match} has a {ErrorText.Quoted(name)} of its own");
                break;
            }
        }

        return chosen;
    }

    private void CheckIsNoWeight(int column, int weight, string why)
    {
        if (column == weight)
        {
            throw new TableFormatException($"{place}: column {weight + 1} {why} and holds the weights; it cannot be both");
        }
    }

    private int[] Chosen(IReadOnlyList<string> columns, HashSet<int> left, int weight)
    {
        var taken = new HashSet<int>();
        var result = new List<int>();
        foreach (var column in columns.SelectMany(Several))
        {
            CheckIsNoWeight(column, weight, "is chosen");
            if (!taken.Add(column))
            {
                // The same column twice makes every covariance matrix singular.
                throw new TableFormatException($"{place}: column {column + 1} is chosen twice");
            }

            if (!left.Contains(column))
            {
                result.Add(column);
            }
        }

        return result.Count > 0 ? [.. result] : throw new TableFormatException($"{place}: every chosen column is left out; at least one is required");
    }

    private IEnumerable<int> Several(string entry)
    {
        for (var hyphen = entry.IndexOf('-'); hyphen >= 0 && !IsName(entry); hyphen = entry.IndexOf('-', hyphen + 1))
        {
            var (from, to) = (entry[..hyphen].Trim(), entry[(hyphen + 1)..].Trim());
            if ((!IsName(from) && !IsNumber(from)) || (!IsName(to) && !IsNumber(to)))
            {
                continue;
            }

            var (first, last) = (One(from), One(to));
            return first <= last ? Enumerable.Range(first, last - first + 1)
                : throw new TableFormatException($"{place}: the columns {ErrorText.Quoted(entry)} end before they begin");
        }

        return [One(entry)];
    }

    private bool IsName(string text) => header is not null && header.Contains(text);

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private int One(string column)
    {
        if (!IsNumber(column))
        {
            return ByName(column);
        }

        if (!IsName(column))
        {
            return ByNumber(column);
        }

        var named = ByName(column);
        if (int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= width && number - 1 != named)
        {
            _doubts.Add($"{ErrorText.Quoted(column)} is taken for the column of that name, column {named + 1} of the file");
        }

        return named;
    }

    private int ByNumber(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= width)
        {
            return number - 1;
        }

        var range = width == 1 ? "the only column is 1" : $"the columns are 1 to {width}";
        throw new TableFormatException($"{place}: there is no column {ErrorText.Quoted(text)}; {range}");
    }

    private int ByName(string name)
    {
        if (header is null)
        {
            throw new TableFormatException($"{place}: no column is named {ErrorText.Quoted(name)}: {whyNameless}; choose columns by number");
        }

        var found = -1;
        for (var i = 0; i < header.Count; i++)
        {
            if (header[i] != name)
            {
                continue;
            }

            if (found >= 0)
            {
                throw new TableFormatException($"{place}: columns {found + 1} and {i + 1} are both named {ErrorText.Quoted(name)}; choose by number");
            }

            found = i;
        }

        if (found >= 0)
        {
            return found;
        }

        var near = NearName.Of(name, header) is { } other ? $"; is {ErrorText.Quoted(other)} meant?" : "";
        throw new TableFormatException($"{place}: no column is named {ErrorText.Quoted(name)}; the columns are {ErrorText.List(header)}{near}");
    }
}
