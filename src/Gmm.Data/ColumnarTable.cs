using System.Globalization;

namespace Gmm.Data;

/// <summary>Describes a column of a file that holds its columns one after the other.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Other">What it holds instead of numbers; null for numbers.</param>
internal sealed record ColumnarColumn(string Name, string? Other)
{
    /// <summary>Whether the file finds its columns by name, and has this name more than once: then it cannot be read.</summary>
    internal bool IsAmbiguous { get; init; }
}

/// <summary>Reads one part of the rows of such a file: a row group, a record batch.</summary>
internal interface IColumnarPart : IDisposable
{
    /// <summary>N of the part.</summary>
    int Rows { get; }

    /// <summary>Refuses a column that has not as many values as the part has rows, as far as that is known without reading it.</summary>
    /// <param name="column">The column of the file.</param>
    /// <exception cref="TableFormatException">It has not.</exception>
    void Check(int column);

    /// <summary>Reads a column of numbers; NaN where there is none.</summary>
    /// <param name="column">The column of the file.</param>
    /// <param name="into">Receives one number at every <paramref name="step"/>, to its end.</param>
    /// <param name="step">Places between two numbers.</param>
    void Read(int column, Span<double> into, int step);
}

/// <summary>Makes tables of files that hold their columns one after the other.</summary>
internal static class ColumnarTable
{
    /// <summary>Reads a table part by part. What was left out is told with every part.</summary>
    /// <param name="columns">The columns of the file.</param>
    /// <param name="parts">Its parts; each is disposed when the next one is asked for.</param>
    /// <param name="place">The start of an error message.</param>
    /// <param name="options">What is known of the table.</param>
    /// <exception cref="TableFormatException">The file is not a table of numbers, or not the one that the options describe.</exception>
    internal static IEnumerable<NumericTable> ReadPieces(
        IReadOnlyList<ColumnarColumn> columns, IEnumerable<IColumnarPart> parts, string place, TableOptions options)
    {
        string[] names = [.. columns.Select(column => column.Name)];
        var choice = new ColumnChoice(names.Length, names, place, "the file has no names");
        var (wanted, weight) = choice.Resolve(options, out var isMatch);
        var notes = choice.Doubts.Select(doubt => new TableNote(TableNoteKind.Guess, $"{place}: {doubt}")).ToList();
        if (options.Columns is null && !isMatch)
        {
            wanted = Numbers(columns, wanted, notes, place);
        }

        foreach (var column in weight < 0 ? wanted : [.. wanted, weight])
        {
            if (columns[column].Other is { } other)
            {
                throw new TableFormatException($"{place}: column {column + 1} ({ErrorText.Short(names[column])}) holds {other}; numbers are required");
            }

            if (columns[column].IsAmbiguous)
            {
                throw new TableFormatException($"{place}: column {column + 1} has the name {ErrorText.Quoted(names[column])}, as another column has, and such columns "
                    + $"cannot be told apart; {options.Words.Columns} chooses others, or give each a name of its own");
            }
        }

        string[] kept = [.. wanted.Select(column => names[column])];
        var fileColumns = TablePieces.FileColumns(wanted, weight, names);
        var (row, points, dropped, counts) = (0L, 0L, 0L, new MissingCounts());
        foreach (var part in parts)
        {
            if (part.Rows > Array.MaxLength / wanted.Length)
            {
                throw new TableFormatException(string.Create(CultureInfo.InvariantCulture,
                    $"{place}: {part.Rows} rows lie together; at most {Array.MaxLength / wanted.Length} of {ErrorText.Count(wanted.Length, "column")} can be read at a time"));
            }

            foreach (var column in weight < 0 ? wanted : [.. wanted, weight])
            {
                part.Check(column);
            }

            var (values, weights) = (new double[part.Rows * wanted.Length], weight < 0 ? null : new double[part.Rows]);
            for (var i = 0; i < wanted.Length && part.Rows > 0; i++)
            {
                part.Read(wanted[i], values.AsSpan(i), wanted.Length);
            }

            if (weights is { Length: > 0 })
            {
                part.Read(weight, weights, 1);
            }

            var first = row;
            row += part.Rows;
            part.Dispose();
            string Place(int at, int column) => string.Create(
                CultureInfo.InvariantCulture, $"{place}: row {first + at + 1}, column {column + 1} ({ErrorText.Short(names[column])})");
            var piece = TablePieces.Settled(values, wanted, kept, weights, weight, options, Place, notes, isMatch, fileColumns);
            points += piece.Rows;
            dropped += piece.Dropped;
            counts.Add(piece.Values, wanted.Length);
            var missing = dropped > 0 ? $"{dropped} of {ErrorText.Count(points + dropped, "row")} left out for missing values" : counts.Any ? $"{counts}" : "";
            yield return missing.Length == 0 ? piece : piece.WithNotes([.. notes, new TableNote(TableNoteKind.LeftOut,
                $"{place}: {ErrorText.Count(points, "point")} of {ErrorText.Count(wanted.Length, "column")}; {missing}")]);
        }
    }

    private static int[] Numbers(IReadOnlyList<ColumnarColumn> columns, int[] chosen, List<TableNote> notes, string place)
    {
        int[] all = [.. chosen.Where(column => columns[column].Other is null)];

        // The index of a frame counts, or says what its rows are.
        int[] numbers = [.. all.Where(column => !IsIndex(columns[column].Name))];
        numbers = numbers.Length == 0 ? all : numbers;
        var left = string.Join(", ", chosen.Except(numbers).Select(column =>
            $"{ErrorText.Short(columns[column].Name)} ({columns[column].Other ?? "index of the rows, without a name"})"));
        if (numbers.Length == 0)
        {
            throw new TableFormatException($"{place}: no column holds numbers: {left}");
        }

        if (left.Length > 0)
        {
            notes.Add(new TableNote(TableNoteKind.LeftOut, $"{place}: left out: {left}"));
        }

        return numbers;
    }

    // What pandas calls an index that has no name.
    private static bool IsIndex(string name) =>
        name.StartsWith("__index_level_", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal);
}
