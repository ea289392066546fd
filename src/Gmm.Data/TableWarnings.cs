using System.Globalization;

namespace Gmm.Data;

/// <summary>Warns of rows and columns of numbers that are hardly meant to be points: sums, codes, counts of the rows, identifiers.</summary>
internal static class TableWarnings
{
    /// <summary>Adds warnings about a table whose columns nobody chose.</summary>
    /// <param name="notes">Receives them.</param>
    /// <param name="values">Row-major; NaN for missing values.</param>
    /// <param name="d">The number of columns.</param>
    /// <param name="records">The number of rows with those that were left out.</param>
    /// <param name="columns">[D]: the column of the file of each column.</param>
    /// <param name="names">[D]: their names, or null.</param>
    /// <param name="place">The start of a message.</param>
    /// <param name="words">Names the options.</param>
    /// <returns>Whether the last row is the sum of the others.</returns>
    internal static bool Add(
        List<TableNote> notes, ReadOnlySpan<double> values, int d, long records, IReadOnlyList<int> columns, IReadOnlyList<string>? names, string place,
        OptionWords words)
    {
        var endsInSum = TableColumns.EndsInSum(values, d);
        if (endsInSum)
        {
            notes.Add(new TableNote(TableNoteKind.Warning, $"{place}: the last row is the sum of those above in every column, and is used; take it out if it is no row of its own"));
        }

        for (var i = 0; i < d; i++)
        {
            var name = names?[i];
            var number = FormattableString.Invariant($"{columns[i] + 1}");
            var (called, entry) = string.IsNullOrEmpty(name) ? ($"column {number}", number) : (ErrorText.Short(name), name);
            if (TableColumns.Code(values, d, i) is var (code, count))
            {
                var text = code.ToString("r", CultureInfo.InvariantCulture);
                notes.Add(new TableNote(TableNoteKind.Warning,
                    $"{place}: {called} is {text} in {ErrorText.Count(count, "row")}, far from all others; {words.Marker(text)} makes it a missing value"));
            }

            if (TableColumns.Range(values, d, i, records) is var (least, largest))
            {
                notes.Add(new TableNote(TableNoteKind.Warning, FormattableString.Invariant(
                    $"{place}: {called} counts the rows from {least} to {largest}, as a number of the row does; {words.Exclude(entry)} leaves it out")));
            }
            else if (name is not null && IsIdentifier(name) && TableColumns.AreDifferentWholeNumbers(values, d, i))
            {
                notes.Add(new TableNote(TableNoteKind.Warning,
                    $"{place}: {called} has another whole number in each row, as an identifier has; {words.Exclude(entry)} leaves it out"));
            }
            else if (name is { Length: 0 })
            {
                notes.Add(new TableNote(TableNoteKind.Warning, $"{place}: {called} has no name and is used; {words.Exclude(entry)} leaves it out"));
            }
        }

        return endsInSum;
    }

    private static bool IsIdentifier(string name) =>
        name.Equals("id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_id", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(" id", StringComparison.OrdinalIgnoreCase) || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("ID", StringComparison.Ordinal);
}
