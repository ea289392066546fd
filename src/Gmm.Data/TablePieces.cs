using System.Globalization;

namespace Gmm.Data;

/// <summary>Works on tables that come in pieces: runs of rows, all of the same columns.</summary>
internal static class TablePieces
{
    /// <summary>Puts pieces together, and warns of what their columns hold.</summary>
    /// <exception cref="TableFormatException">There are no rows, or more numbers than an array holds.</exception>
    internal static NumericTable Join(IEnumerable<NumericTable> pieces, string place, TableOptions options)
    {
        NumericTable? last = null;
        long dropped = 0;
        var (values, weights) = (new GrowingArray(0, place), new GrowingArray(0, place));
        foreach (var piece in pieces)
        {
            piece.Values.CopyTo(values.Add(piece.Values.Length));
            piece.Weights?.CopyTo(weights.Add(piece.Rows));
            dropped += piece.Dropped;
            last = piece;
        }

        if (values.Count == 0)
        {
            throw new TableFormatException($"{place}: {NoRows}");
        }

        var table = new NumericTable(values.ToArray(), last!.Columns, last.ColumnNames, last.Weights is null ? null : weights.ToArray())
        {
            IsMatch = last.IsMatch,
            SourceColumns = last.SourceColumns,
            Dropped = dropped,
        };
        return table.WithNotes([.. Warnings(table, place, options), .. last.Notes]);
    }

    /// <summary>Warns of what the columns of a table hold, where nobody chose them.</summary>
    internal static List<TableNote> Warnings(NumericTable table, string place, TableOptions options)
    {
        List<TableNote> notes = [];
        if (options.Columns is null && !table.IsMatch)
        {
            TableWarnings.Add(notes, table.Values, table.Columns, table.Rows + table.Dropped, table.SourceColumns, table.ColumnNames, place, options.Words);
        }

        return notes;
    }

    /// <summary>Names columns of a file, and the one of the weights after them: see <see cref="NumericTable.FileColumns"/>.</summary>
    /// <param name="columns">The columns, from 0.</param>
    /// <param name="weight">That of the weights, or -1.</param>
    /// <param name="header">The names of all columns of the file, or null.</param>
    internal static string[] FileColumns(IEnumerable<int> columns, int weight, IReadOnlyList<string>? header) =>
        [.. (weight < 0 ? columns : columns.Append(weight)).Select(column => header?[column] ?? (column + 1).ToString(CultureInfo.InvariantCulture))];

    internal const string NoRows = "the table has no rows that count; at least one is required";

    /// <summary>Makes a piece of rows as they are in a file: leaves out those of weight 0, and those with a missing value where the options say so.</summary>
    /// <param name="values">Row-major; NaN for missing values. Rows that stay move to the front.</param>
    /// <param name="columns">[D]: the column of the file of each column.</param>
    /// <param name="names">[D], or null.</param>
    /// <param name="weights">[N], or null; as the rows.</param>
    /// <param name="weightColumn">The column of the weights.</param>
    /// <param name="options">What becomes of missing values.</param>
    /// <param name="place">Gives the start of an error message from a row of the piece and a column of the file.</param>
    /// <param name="notes">What was left out.</param>
    /// <param name="isMatch">Whether the columns were found by names.</param>
    /// <param name="fileColumns">See <see cref="NumericTable.FileColumns"/>.</param>
    /// <exception cref="TableFormatException">A number cannot be used; the message names its place.</exception>
    internal static NumericTable Settled(
        double[] values, int[] columns, IReadOnlyList<string>? names, double[]? weights, int weightColumn, TableOptions options, Func<int, int, string> place,
        IReadOnlyList<TableNote> notes, bool isMatch, IReadOnlyList<string> fileColumns)
    {
        var (d, stay, dropped) = (columns.Length, 0, 0);
        var rows = values.Length / d;
        var markers = NumberMarkers.Of(options);
        for (var row = 0; row < rows; row++)
        {
            if (weights is not null && !Counts(weights[row], row))
            {
                continue;
            }

            var numbers = values.AsSpan(row * d, d);
            var isDropped = false;
            for (var i = 0; i < d; i++)
            {
                var isMarker = markers.Has(numbers[i]);
                if (double.IsFinite(numbers[i]) && !isMarker)
                {
                    continue;
                }

                if (!double.IsNaN(numbers[i]) && !isMarker)
                {
                    throw new TableFormatException($"{place(row, columns[i])}: {numbers[i].ToString(CultureInfo.InvariantCulture)} is not finite");
                }

                if (options.Missing == TableMissing.Error)
                {
                    throw new TableFormatException(
                        $"{place(row, columns[i])}: {(isMarker ? NumberMarkers.Problem(numbers[i]) : "a value is missing")}; {options.Words.MissingDrop} leaves such rows out, {options.Words.MissingKeep}");
                }

                numbers[i] = double.NaN;
                isDropped |= options.Missing == TableMissing.Drop;
            }

            if (isDropped)
            {
                dropped++;
                continue;
            }

            if (stay < row)
            {
                numbers.CopyTo(values.AsSpan(stay * d));
                weights?[stay] = weights[row];
            }

            stay++;
        }

        return new NumericTable(stay < rows ? values[..(stay * d)] : values, d, names, stay < rows ? weights?[..stay] : weights)
        {
            Notes = notes,
            IsMatch = isMatch,
            FileColumns = fileColumns,
            SourceColumns = columns,
            Dropped = dropped,
        };

        bool Counts(double weight, int row)
        {
            var isMarker = markers.Has(weight);
            if ((double.IsNaN(weight) || isMarker) && options.Missing == TableMissing.Drop)
            {
                dropped++;
                return false;
            }

            if (isMarker)
            {
                throw new TableFormatException($"{place(row, weightColumn)}: {NumberMarkers.Problem(weight)}; a weight is required");
            }

            if (!double.IsFinite(weight))
            {
                throw new TableFormatException($"{place(row, weightColumn)}: {weight.ToString(CultureInfo.InvariantCulture)} is not finite; a weight is required");
            }

            return RowWeights.IsWeight(weight) ? weight > 0
                : throw new TableFormatException($"{place(row, weightColumn)}: {RowWeights.Problem(weight.ToString(CultureInfo.InvariantCulture))}");
        }
    }
}
