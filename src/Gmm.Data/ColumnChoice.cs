using System.Globalization;

namespace Gmm.Data;

/// <summary>
/// Finds the columns of a file that are wanted. An entry of digits only is always a 1-based number, so that the same command means the same columns
/// whatever the header says; everything else is a name, case-sensitive.
/// </summary>
internal static class ColumnChoice
{
    internal static void Check(IReadOnlyList<string>? columns)
    {
        if (columns is null)
        {
            return;
        }

        if (columns.Count == 0)
        {
            throw new ArgumentException("columns is empty; at least one name or number is required, or null for all columns.", nameof(columns));
        }

        if (columns.Contains(null!))
        {
            throw new ArgumentException("columns has a null entry; a name or a number is required.", nameof(columns));
        }
    }

    internal static bool AsksForNames(IReadOnlyList<string>? columns, string? weights) =>
        (columns is not null && !columns.All(IsNumber)) || (weights is not null && !IsNumber(weights));

    /// <summary>Finds the columns of a file that are wanted, and the one that holds the weights.</summary>
    /// <param name="columns">Names and 1-based numbers; null for all but that of the weights.</param>
    /// <param name="weights">The column of the weights; null for none.</param>
    /// <param name="width">The number of columns in the file.</param>
    /// <param name="header">The names in the file, or null when it has none.</param>
    /// <param name="place">The start of an error message.</param>
    /// <param name="whyNameless">Why there are no names, for the error message.</param>
    /// <returns>The 0-based indices, in the order wanted, and that of the weights, -1 for none.</returns>
    internal static (int[] Wanted, int Weights) Resolve(
        IReadOnlyList<string>? columns, string? weights, int width, IReadOnlyList<string>? header, string place, string whyNameless)
    {
        var weight = weights is null ? -1 : Find(weights, width, header, place, whyNameless);
        if (columns is null)
        {
            int[] others = [.. Enumerable.Range(0, width).Where(column => column != weight)];
            return others.Length > 0
                ? (others, weight)
                : throw new TableFormatException($"{place}: the only column holds the weights; another one is required");
        }

        var taken = new HashSet<int>();
        var result = new int[columns.Count];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Find(columns[i], width, header, place, whyNameless);
            if (result[i] == weight)
            {
                throw new TableFormatException($"{place}: column {weight + 1} is chosen and holds the weights; it cannot be both");
            }

            if (!taken.Add(result[i]))
            {
                // The same column twice makes every covariance matrix singular.
                throw new TableFormatException($"{place}: column {result[i] + 1} is chosen twice");
            }
        }

        return (result, weight);
    }

    private static int Find(string column, int width, IReadOnlyList<string>? header, string place, string whyNameless) =>
        IsNumber(column) ? ByNumber(column, width, place) : ByName(column, header, place, whyNameless);

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static int ByNumber(string text, int width, string place)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= width)
        {
            return number - 1;
        }

        var range = width == 1 ? "the only column is 1" : $"the columns are 1 to {width}";
        throw new TableFormatException($"{place}: there is no column {ErrorText.Quoted(text)}; {range}");
    }

    private static int ByName(string name, IReadOnlyList<string>? header, string place, string whyNameless)
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

        return found >= 0
            ? found
            : throw new TableFormatException($"{place}: no column is named {ErrorText.Quoted(name)}; the columns are {ErrorText.List(header)}");
    }
}
