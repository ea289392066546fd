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
            return (Chosen(options.Columns, left, weight), weight);
        }

        if (options.Match is not null && Match(options.Match) is { } matched)
        {
            isMatch = true;
            return (matched, weight);
        }

        int[] others = [.. Enumerable.Range(0, width).Where(column => column != weight && !left.Contains(column))];
        return others.Length > 0 ? (others, weight)
            : throw new TableFormatException(left.Count > 0 ? $"{place}: every column is left out; at least one is required"
                : $"{place}: the only column holds the weights; another one is required");
    }

    /// <summary>Finds names, each in its own case where the file has it, or in another one that the file has once; null where one is not there.</summary>
    internal int[]? Match(IReadOnlyList<string> names)
    {
        if (header is null)
        {
            return null;
        }

        var exact = Places(StringComparer.Ordinal);
        var folded = Places(StringComparer.OrdinalIgnoreCase);
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

    private Dictionary<string, int> Places(StringComparer comparer)
    {
        var places = new Dictionary<string, int>(width, comparer);
        for (var i = 0; i < header!.Count; i++)
        {
            places[header[i]] = places.ContainsKey(header[i]) ? -1 : i;
        }

        return places;
    }

    private int[] Chosen(IReadOnlyList<string> columns, HashSet<int> left, int weight)
    {
        var taken = new HashSet<int>();
        var result = new List<int>();
        foreach (var column in columns.SelectMany(Several))
        {
            if (column == weight)
            {
                throw new TableFormatException($"{place}: column {weight + 1} is chosen and holds the weights; it cannot be both");
            }

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
