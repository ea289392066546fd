using System.Globalization;
using Gmm.Data.Text;

namespace Gmm.Data;

/// <summary>Opens files of any format for <see cref="PointFiles"/>: as arrays where they are some, or some rows at a time.</summary>
internal static class PointPieces
{
    private const string Cannot = "cannot be read";
    private const int Numbers = 1 << 20;

    /// <summary>Opens an array, unpacked where it is compressed; null for a table of another format.</summary>
    internal static NpyFile? OpenArray(string path, TableOptions options, string? folder)
    {
        if (PointFiles.IsArray(path))
        {
            return options.Array is null ? NpyFile.Open(path) : throw new TableFormatException(
                $"{ErrorText.OneLine(path)}: the file is no .npz archive, of which {options.Words.Array} could choose an array");
        }

        var place = ErrorText.OneLine(path);
        return FileFailure.Guard(place, Cannot, () =>
        {
            using var stream = Open(path);
            using var content = TableContent.Of(stream, path, place, options);
            return content.Kind switch
            {
                FileKind.Content.Npy => CacheFile.Unpack(content.Stream, folder, place),
                FileKind.Content.Zip => NpzTable.Unpack(content.Stream, path, options, folder),
                _ => null,
            };
        });
    }

    /// <summary>Reads a file some rows at a time.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What is known of the table.</param>
    /// <param name="folder">Where an array lies that is unpacked.</param>
    /// <param name="notes">Receives what was left out or guessed.</param>
    internal static IEnumerable<NumericTable> Of(string path, TableOptions options, string? folder, List<TableNote> notes)
    {
        IReadOnlyList<TableNote> told = [];
        using var pieces = (OpenArray(path, options, folder) is { } array ? OfArray(array, options) : OfTable(path, options)).GetEnumerator();
        while (FileFailure.Guard(ErrorText.OneLine(path), Cannot, pieces.MoveNext))
        {
            told = pieces.Current.Notes;
            yield return pieces.Current;
        }

        notes.AddRange(told);
    }

    /// <summary>Warns of columns by the first rows of an array.</summary>
    internal static void Warn(List<TableNote> notes, NpyFile array, int[] wanted, TableOptions options)
    {
        var rows = (int)Math.Min(array.Rows, Math.Max(1, Numbers / wanted.Length));
        var values = new double[rows * wanted.Length];
        array.Read(0, wanted, values.AsSpan());
        ReadPiece.Forget();
        var markers = NumberMarkers.Of(options);
        for (var i = 0; markers.Any && i < values.Length; i++)
        {
            values[i] = markers.Has(values[i]) ? double.NaN : values[i];
        }

        string[]? names = array.Names is { } all ? [.. wanted.Select(column => all[column])] : null;
        TableWarnings.Add(notes, values, wanted.Length, array.Rows, wanted, names, array.Place, options.Words);
    }

    private static IEnumerable<NumericTable> OfTable(string path, TableOptions options)
    {
        using var stream = Open(path);
        using var content = TableContent.Of(stream, path, ErrorText.OneLine(path), options);
        var pieces = content.Kind switch
        {
            FileKind.Content.Parquet => ParquetTable.ReadPieces(content.Stream, path, options),
            FileKind.Content.Arrow => ArrowTable.ReadPieces(content.Stream, path, options),
            _ => CsvTable.ReadPieces(content.Stream, path, options),
        };
        List<TableNote>? warnings = content.Kind is FileKind.Content.Parquet or FileKind.Content.Arrow ? null : [];
        foreach (var piece in pieces)
        {
            // Text warns by itself.
            warnings ??= TablePieces.Warnings(piece, ErrorText.OneLine(path), options);
            yield return warnings.Count == 0 ? piece : piece.WithNotes([.. warnings, .. piece.Notes]);
        }
    }

    // Leaves rows out of an array.
    private static IEnumerable<NumericTable> OfArray(NpyFile array, TableOptions options)
    {
        using (array)
        {
            var choice = new ColumnChoice(array.Columns, array.Names, array.Place, "a .npy file has no names");
            var (wanted, weight) = choice.Resolve(options, out var isMatch);
            List<TableNote> notes = [.. choice.Doubts.Select(doubt => new TableNote(TableNoteKind.Guess, $"{array.Place}: {doubt}"))];
            if (options.Columns is null && !isMatch)
            {
                Warn(notes, array, wanted, options);
            }

            string[]? names = array.Names is { } all ? [.. wanted.Select(column => all[column])] : null;
            var fileColumns = TablePieces.FileColumns(wanted, weight, array.Names);
            var together = Math.Max(1, Numbers / wanted.Length);
            long left = 0;
            for (long first = 0; first < array.Rows; first += together)
            {
                var count = (int)Math.Min(together, array.Rows - first);
                var (values, weights, begin) = (new double[count * wanted.Length], weight < 0 ? null : new double[count], first);
                array.Read(first, wanted, values.AsSpan());
                if (weights is not null)
                {
                    array.Read(first, [weight], weights.AsSpan());
                }

                string Place(int row, int column) => string.Create(CultureInfo.InvariantCulture, $"{array.Place}: row {begin + row + 1}, column {column + 1}");
                var piece = TablePieces.Settled(values, wanted, names, weights, weight, options, Place, notes, isMatch, fileColumns);
                left += count - piece.Rows;
                if (first + count == array.Rows && left > 0)
                {
                    piece = piece.WithNotes(
                        [.. notes, new TableNote(TableNoteKind.LeftOut, $"{array.Place}: {left} of {ErrorText.Count(array.Rows, "row")} left out")]);
                }

                yield return piece;
            }
        }
    }

    private static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new TableFormatException($"{ErrorText.OneLine(path)}: is a folder; a file is required");
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        if (stream.CanSeek)
        {
            return stream;
        }

        stream.Dispose();
        throw new TableFormatException(
            $"{ErrorText.OneLine(path)}: is a pipe, which can be read only once, and alone; where there are several files, each must be one that stays");
    }
}
