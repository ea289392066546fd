using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Gmm.Data;

/// <summary>
/// Reads and writes tables as NumPy's .npy files. Read: versions 1.0 to 3.0, one dimension (a single column) or two, row-major or column-major, floats
/// of 2, 4 and 8 bytes, bool and integers of 1 to 8 bytes in either byte order (integers beyond 2^53 become the nearest double), and records of such
/// fields, whose names are kept. Written: version 1.0, little-endian f8 or f4, row-major.
/// </summary>
internal static class NpyTable
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Reads a table. Memory is taken only for data that are there, whatever the header claims.</summary>
    /// <param name="stream">Read from its current position to its end, and left open.</param>
    /// <param name="name">What errors call the input, usually the path.</param>
    /// <param name="options">What is known of the table; columns not wanted may hold NaN.</param>
    /// <exception cref="TableFormatException">The file is not an array of finite numbers with one or two dimensions.</exception>
    internal static NumericTable Read(Stream stream, string name, TableOptions? options = null)
    {
        options ??= TableOptions.Default;
        var place = ErrorText.OneLine(name);
        var header = NpyHeader.Read(stream, place);
        header.CheckFitsTable(place);
        var layout = header.Fields is null ? null : NpyRecord.Of(header.Fields, place);
        if (layout is not null)
        {
            header = header with { Columns = layout.Names.Count, FortranOrder = false };
        }

        // All columns are listed only once they are known to be there: a header of 100 bytes may claim two thousand million.
        var early = options.Columns is null ? null : Choose(header, layout?.Names, options, place);
        var values = layout is null ? ReadPlain(stream, header, place) : ReadRecords(stream, header, layout, place);
        var choice = early ?? Choose(header, layout?.Names, options, place);
        var (kept, weights) = choice.Weight < 0 ? (null, null) : Weights(values, header, choice.Weight, options, place);
        var isWhole = choice.Wanted.Length == header.Columns && choice.Weight < 0 && !header.FortranOrder
            && options is { Columns: null, Match: null };
        var table = isWhole ? values : Arrange(values, header, choice.Wanted, kept);
        return Finish(table, header, choice, kept, weights, layout, options, place);
    }

    private static NumericTable Finish(
        double[] table, NpyHeader header, Choice choice, int[]? kept, double[]? weights, NpyRecord? layout, TableOptions options, string place)
    {
        var (d, notes) = (choice.Wanted.Length, choice.Notes);
        var records = table.Length / d;
        var missing = CheckFinite(table, choice.Wanted, kept, NumberMarkers.Of(options), place);
        var rows = missing.Any ? missing.Settle(table, [.. Enumerable.Range(0, d)], weights, options, (row, column) => Place((int)row, column, place)) : records;
        if (rows == 0)
        {
            throw new TableFormatException($"{place}: every row has a missing value; {options.Words.MissingKeep}");
        }

        if (rows < records)
        {
            (table, weights) = (table[..(rows * d)], weights?[..rows]);
        }

        string[]? names = layout is null ? null : [.. choice.Wanted.Select(column => layout.Names[column])];
        var isAuto = options.Columns is null && !choice.IsMatch;
        if (isAuto)
        {
            TableWarnings.Add(notes, table, d, header.Rows, choice.Wanted, names, place, options.Words);
        }

        List<string> parts = [];
        if (isAuto && layout is { LeftOut.Count: > 0 })
        {
            parts.Add("left out: " + string.Join(", ", layout.LeftOut));
        }

        if (rows < records)
        {
            parts.Add($"{records - rows} of {ErrorText.Count(records, "row")} left out for missing values");
        }
        else if (missing.Any)
        {
            var counts = new MissingCounts();
            counts.Add(table, d);
            parts.Add($"{counts}");
        }

        if (parts.Count > 0)
        {
            notes.Add(new TableNote(TableNoteKind.LeftOut,
                $"{place}: {ErrorText.Count(rows, "point")} of {ErrorText.Count(d, "column")}; {string.Join("; ", parts)}"));
        }

        return new NumericTable(table, d, names, weights)
        {
            Notes = notes,
            IsMatch = choice.IsMatch,
        };
    }

    /// <summary>Writes a table.</summary>
    /// <param name="stream">The destination, left open.</param>
    /// <param name="values">Row-major [rows x columns].</param>
    /// <param name="rows">N.</param>
    /// <param name="columns">D.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    internal static void Write(Stream stream, ReadOnlySpan<double> values, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException(
                $"values has {values.Length} numbers; {rows} x {columns} = {(long)rows * columns} are required.", nameof(values));
        }

        stream.Write(NpyHeader.Write(rows, columns));
        Write(stream, values);
    }

    /// <summary>Writes a table whose rows come some at a time.</summary>
    internal static void Write(Stream stream, RowStream table)
    {
        stream.Write(NpyHeader.Write(table.Rows, table.Columns, table.IsSingle));
        if (table.IsSingle)
        {
            table.Send(values => WriteSingle(stream, values));
        }
        else
        {
            table.Send(values => Write(stream, values));
        }
    }

    /// <summary>Writes numbers as a file holds them.</summary>
    internal static void Write(Stream stream, ReadOnlySpan<double> values)
    {
        const int ChunkItems = ChunkBytes / sizeof(double);
        var swapped = BitConverter.IsLittleEndian ? [] : new long[ChunkItems];
        for (var start = 0; start < values.Length; start += ChunkItems)
        {
            var items = MemoryMarshal.Cast<double, long>(values.Slice(start, Math.Min(ChunkItems, values.Length - start)));
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(items, swapped);
                items = swapped.AsSpan(0, items.Length);
            }

            stream.Write(MemoryMarshal.AsBytes(items));
        }
    }

    private static void WriteSingle(Stream stream, ReadOnlySpan<double> values)
    {
        const int ChunkItems = ChunkBytes / sizeof(float);
        var narrow = new float[Math.Min(ChunkItems, values.Length)];
        for (var start = 0; start < values.Length; start += ChunkItems)
        {
            var part = values.Slice(start, Math.Min(ChunkItems, values.Length - start));
            var items = narrow.AsSpan(0, part.Length);
            TensorPrimitives.ConvertTruncating(part, items);
            var bits = MemoryMarshal.Cast<float, int>(items);
            if (!BitConverter.IsLittleEndian)
            {
                BinaryPrimitives.ReverseEndianness(bits, bits);
            }

            stream.Write(MemoryMarshal.AsBytes(bits));
        }
    }

    private static Choice Choose(NpyHeader header, IReadOnlyList<string>? names, TableOptions options, string place)
    {
        var choice = new ColumnChoice(header.Columns, names, place, "a .npy file has no names");
        var (wanted, weight) = choice.Resolve(options, out var isMatch);
        return new Choice(wanted, weight, isMatch, [.. choice.Doubts.Select(doubt => new TableNote(TableNoteKind.Guess, $"{place}: {doubt}"))]);
    }

    /// <summary>Reads all items in the order of the file.</summary>
    private static double[] ReadPlain(Stream stream, NpyHeader header, string place)
    {
        var element = NpyElement.Of(header.Descr!, place);
        var size = element.Size;
        var total = (int)(header.Rows * header.Columns);
        var needed = (long)total * size;
        if (stream.CanSeek)
        {
            CheckLength(stream.Length - stream.Position, needed, place);
        }

        const int FirstCapacity = ChunkBytes;
        var values = new GrowingArray(stream.CanSeek ? total : Math.Min(total, FirstCapacity), place);
        var chunk = new byte[ChunkBytes];
        while (values.Count < total)
        {
            var items = Math.Min(ChunkBytes / size, total - values.Count);
            var bytes = chunk.AsSpan(0, items * size);
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (read < bytes.Length)
            {
                CheckLength(((long)values.Count * size) + read, needed, place);
            }

            element.Decode(bytes, size, values.Add(items), 1);
        }

        if (stream.ReadByte() >= 0)
        {
            CheckLength(needed + 1, needed, place);
        }

        return values.ToArray();
    }

    /// <summary>Reads the numbers of all records, row-major.</summary>
    private static double[] ReadRecords(Stream stream, NpyHeader header, NpyRecord layout, string place)
    {
        var needed = header.Rows * layout.Size;
        if (stream.CanSeek)
        {
            CheckLength(stream.Length - stream.Position, needed, place);
        }

        var columns = layout.Names.Count;
        var values = new GrowingArray(Math.Max(columns, (int)Math.Min(header.Rows * columns, stream.CanSeek ? Array.MaxLength : ChunkBytes)), place);
        var record = new byte[layout.Size];
        for (long row = 0; row < header.Rows; row++)
        {
            var read = stream.ReadAtLeast(record, record.Length, throwOnEndOfStream: false);
            if (read < record.Length)
            {
                CheckLength((row * layout.Size) + read, needed, place);
            }

            layout.Read(record, values.Add(columns));
        }

        if (stream.ReadByte() >= 0)
        {
            CheckLength(needed + 1, needed, place);
        }

        return values.ToArray();
    }

    private static void CheckLength(long found, long needed, string place)
    {
        if (found < needed)
        {
            throw new TableFormatException(string.Create(CultureInfo.InvariantCulture,
                $"{place}: the data end after {found} bytes; the shape takes {needed}"));
        }

        if (found > needed)
        {
            throw new TableFormatException(string.Create(CultureInfo.InvariantCulture,
                $"{place}: bytes follow the end of the data; the shape takes {needed}"));
        }
    }

    /// <summary>Finds the rows of weight above 0, and their weights.</summary>
    private static (int[] Kept, double[] Weights) Weights(double[] values, NpyHeader header, int column, TableOptions options, string place)
    {
        var (rowStep, columnStep) = Steps(header);
        var (kept, weights) = (new List<int>(), new RowWeights(column, place));
        var markers = NumberMarkers.Of(options);
        for (var row = 0; row < header.Rows; row++)
        {
            var weight = values[(row * rowStep) + (column * columnStep)];
            var isMarker = markers.Has(weight);
            if ((double.IsNaN(weight) || isMarker) && options.Missing == TableMissing.Drop)
            {
                continue;
            }

            if (isMarker)
            {
                throw CellError(row, column, $"{NumberMarkers.Problem(weight)}; a weight is required", place);
            }

            if (!double.IsFinite(weight))
            {
                throw CellError(row, column, NotFinite(weight), place);
            }

            if (!RowWeights.IsWeight(weight))
            {
                throw CellError(row, column, RowWeights.Problem(weight.ToString(CultureInfo.InvariantCulture)), place);
            }

            if (weight > 0)
            {
                kept.Add(row);
                weights.Add(weight);
            }
        }

        return ([.. kept], weights.ToArray(null)!);
    }

    private static (int Row, int Column) Steps(NpyHeader header) => header.FortranOrder ? (1, (int)header.Rows) : (header.Columns, 1);

    private static double[] Arrange(double[] values, NpyHeader header, int[] wanted, int[]? kept)
    {
        var (rowStep, columnStep) = Steps(header);
        var rows = kept?.Length ?? (int)header.Rows;
        var result = GC.AllocateUninitializedArray<double>(checked(rows * wanted.Length));
        for (var row = 0; row < rows; row++)
        {
            var from = kept?[row] ?? row;
            for (var i = 0; i < wanted.Length; i++)
            {
                result[(row * wanted.Length) + i] = values[(from * rowStep) + (wanted[i] * columnStep)];
            }
        }

        return result;
    }

    /// <summary>Finds the missing values, which are NaN or markers, and makes NaN of all; refuses infinite ones.</summary>
    private static MissingCells CheckFinite(double[] table, int[] wanted, int[]? kept, NumberMarkers markers, string place)
    {
        var missing = new MissingCells(wanted.Length);
        for (var i = 0; i < table.Length; i++)
        {
            var isMarker = markers.Has(table[i]);
            if (double.IsFinite(table[i]) && !isMarker)
            {
                continue;
            }

            var (row, column) = (i / wanted.Length, i % wanted.Length);
            if (!double.IsNaN(table[i]) && !isMarker)
            {
                throw CellError(kept?[row] ?? row, wanted[column], NotFinite(table[i]), place);
            }

            if (!missing.Has(column))
            {
                missing.Add(column, row, kept?[row] ?? row, wanted[column], NumberMarkers.Problem(table[i]));
            }

            table[i] = double.NaN;
        }

        return missing;
    }

    private static string NotFinite(double value) => $"{value.ToString(CultureInfo.InvariantCulture)} is not finite";

    private static TableFormatException CellError(int row, int column, string problem, string place) => new($"{Place(row, column, place)}: {problem}");

    private static string Place(int row, int column, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place}: row {row + 1}, column {column + 1}");

    /// <summary>Says which columns are read, and which one holds the weights.</summary>
    private sealed record Choice(int[] Wanted, int Weight, bool IsMatch, List<TableNote> Notes);
}
