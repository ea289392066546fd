namespace Gmm.Data;

/// <summary>
/// Holds what the first record says: the width of the table, the names, and which columns are wanted. <see cref="CsvTable"/> states the rule.
/// </summary>
internal sealed class CsvHeader
{
    private CsvHeader(int width, (int[] Wanted, int Weights) columns, string[]? names, bool atEnd)
    {
        Width = width;
        (Wanted, Weights) = columns;
        Names = names;
        AtEnd = atEnd;
    }

    /// <summary>The number of cells that every record must have.</summary>
    internal int Width { get; }

    /// <summary>0-based columns in the order wanted.</summary>
    internal int[] Wanted { get; }

    /// <summary>The 0-based column of the weights, or -1 for none.</summary>
    internal int Weights { get; }

    /// <summary>The names of all columns of the file, or null without a header.</summary>
    internal string[]? Names { get; }

    internal bool HasNames => Names is not null;

    /// <summary>Nothing follows the header.</summary>
    internal bool AtEnd { get; }

    internal string[]? WantedNames() => Names is null ? null : [.. Wanted.Select(column => Names[column])];

    /// <summary>Decides with <paramref name="rows"/> on the first record and leaves it on the first record of numbers.</summary>
    internal static CsvHeader Decide(CsvRows rows, IReadOnlyList<string>? columns, string? weights)
    {
        var texts = rows.Texts();
        var width = texts.Length;
        var byName = ColumnChoice.AsksForNames(columns, weights);
        var nameless = byName && texts.All(CsvCell.IsNumber);
        var found = ColumnChoice.Resolve(columns, weights, width, nameless ? null : texts, rows.Place, "there is no header row");
        if (byName)
        {
            return new CsvHeader(width, found, texts, !rows.Next());
        }

        int[] wanted = found.Weights < 0 ? found.Wanted : [.. found.Wanted, found.Weights];
        var kinds = Array.ConvertAll(wanted, column => CsvCell.KindOf(texts[column]));
        if (!kinds.Contains(CsvCell.Kind.Name))
        {
            return new CsvHeader(width, found, null, false);
        }

        if (!kinds.Contains(CsvCell.Kind.Number))
        {
            return new CsvHeader(width, found, texts, !rows.Next());
        }

        // The error is made while its record is still the current one.
        var asData = rows.CellError(wanted[Array.IndexOf(kinds, CsvCell.Kind.Name)], null);
        var couldBeNames = wanted.All(column => !CsvCell.IsNumber(texts[column]) || CsvCell.IsWholeNumber(texts[column]));
        return couldBeNames && rows.Next() && rows.Reader.FieldCount == width && wanted.All(column => IsNumber(rows, column))
            ? new CsvHeader(width, found, texts, false)
            : throw asData;
    }

    private static bool IsNumber(CsvRows rows, int column) => rows.Reader.TryParse(column, out double value) && double.IsFinite(value);
}
