using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Gmm.Data;

/// <summary>
/// Reads and writes tables as NumPy's .npy files. Read: versions 1.0 to 3.0, one dimension (a single column) or two, row-major or column-major, floats
/// of 2, 4 and 8 bytes, bool and integers of 1 to 8 bytes in either byte order (integers beyond 2^53 become the nearest double), and records of such
/// fields, whose names are kept. Written: version 1.0, little-endian f8, row-major.
/// </summary>
internal static class NpyTable
{
    private const int ChunkBytes = 1 << 18;
    private const string Required = "a float of 2, 4 or 8 bytes, an integer or bool is required";

    private delegate void Converter(ReadOnlySpan<byte> bytes, Span<double> into);

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
        var missing = CheckFinite(table, choice.Wanted, kept, place);
        var rows = missing.Any ? missing.Settle(table, [.. Enumerable.Range(0, d)], weights, options, (row, column) => Place((int)row, column, place)) : records;
        if (rows == 0)
        {
            throw new TableFormatException($"{place}: every row has a missing value; {options.Words.MissingKeep}");
        }

        if (rows < records)
        {
            (table, weights) = (table[..(rows * d)], weights?[..rows]);
        }

        var names = layout?.Names;
        var isAuto = options.Columns is null && !choice.IsMatch;
        for (var i = 0; isAuto && i < d; i++)
        {
            if (TableColumns.Range(table, d, i, header.Rows) is var (least, largest))
            {
                var called = names is null ? FormattableString.Invariant($"column {choice.Wanted[i] + 1}") : ErrorText.Short(names[choice.Wanted[i]]);
                var entry = names is null ? FormattableString.Invariant($"{choice.Wanted[i] + 1}") : names[choice.Wanted[i]];
                notes.Add(new TableNote(TableNoteKind.Warning, FormattableString.Invariant(
                    $"{place}: {called} counts the rows from {least} to {largest}, as a number of the row does; {options.Words.Exclude(entry)} leaves it out")));
            }
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
            parts.Add(MissingCells.Describe(table, d));
        }

        if (parts.Count > 0)
        {
            notes.Add(new TableNote(TableNoteKind.LeftOut,
                $"{place}: {ErrorText.Count(rows, "point")} of {ErrorText.Count(d, "column")}; {string.Join("; ", parts)}"));
        }

        return new NumericTable(table, d, names is null ? null : [.. choice.Wanted.Select(column => names[column])], weights)
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
        stream.Write(NpyHeader.Write(table.Rows, table.Columns));
        table.Send(values => Write(stream, values));
    }

    private static void Write(Stream stream, ReadOnlySpan<double> values)
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

    private static Choice Choose(NpyHeader header, IReadOnlyList<string>? names, TableOptions options, string place)
    {
        var choice = new ColumnChoice(header.Columns, names, place, "a .npy file has no names");
        var (wanted, weight) = choice.Resolve(options, out var isMatch);
        return new Choice(wanted, weight, isMatch, [.. choice.Doubts.Select(doubt => new TableNote(TableNoteKind.Guess, $"{place}: {doubt}"))]);
    }

    private static (int Size, bool Swap, Converter Convert) Element(string descr, string place) =>
        TryElement(descr) ?? throw new TableFormatException(
            $"{place}: dtype {ErrorText.Quoted(descr)}{Meaning(descr)} is not supported; {Required}");

    /// <summary>Finds how a number is read; null where a dtype is none.</summary>
    private static (int Size, bool Swap, Converter Convert)? TryElement(string descr)
    {
        (int Size, Converter Convert)? type = descr.Length == 3 ? descr[1..] switch
        {
            "f8" => (8, Convert<double>),
            "f4" => (4, Convert<float>),
            "f2" => (2, Convert<Half>),
            "i8" => (8, Convert<long>),
            "i4" => (4, Convert<int>),
            "i2" => (2, Convert<short>),
            "i1" => (1, Convert<sbyte>),
            "u8" => (8, Convert<ulong>),
            "u4" => (4, Convert<uint>),
            "u2" => (2, Convert<ushort>),
            "u1" => (1, Convert<byte>),
            "b1" => (1, Convert<byte>),
            _ => null,
        }
        : null;
        return type is not var (size, convert) || !(descr[0] is '<' or '>' || (descr[0] == '|' && size == 1)) ? null
            : (size, size > 1 && descr[0] == '<' != BitConverter.IsLittleEndian, convert);
    }

    private static string Meaning(string descr) => (descr.Length > 1 ? descr[1] : '\0') switch
    {
        'O' => " (Python objects)",
        'c' => " (complex)",
        'b' => " (bool)",
        'S' or 'U' or 'a' => " (text)",
        'V' => " (raw bytes)",
        'M' or 'm' => " (time)",
        'f' when descr[2..] is "12" or "16" => " (long double)",
        _ => "",
    };

    private static void Convert<T>(ReadOnlySpan<byte> bytes, Span<double> into)
        where T : unmanaged, INumberBase<T>
    {
        var items = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < items.Length; i++)
        {
            into[i] = double.CreateTruncating(items[i]);
        }
    }

    /// <summary>Reads all items in the order of the file.</summary>
    private static double[] ReadPlain(Stream stream, NpyHeader header, string place)
    {
        var (size, swap, convert) = Element(header.Descr!, place);
        var total = header.Rows * header.Columns;
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

            for (var i = 0; swap && i < bytes.Length; i += size)
            {
                bytes.Slice(i, size).Reverse();
            }

            convert(bytes, values.Add(items));
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
        var needed = (long)header.Rows * layout.Size;
        if (stream.CanSeek)
        {
            CheckLength(stream.Length - stream.Position, needed, place);
        }

        var columns = layout.Names.Count;
        var values = new GrowingArray(Math.Max(columns, (int)Math.Min((long)header.Rows * columns, stream.CanSeek ? Array.MaxLength : ChunkBytes)), place);
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
        for (var row = 0; row < header.Rows; row++)
        {
            var weight = values[(row * rowStep) + (column * columnStep)];
            if (double.IsNaN(weight) && options.Missing == TableMissing.Drop)
            {
                continue;
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

    private static (int Row, int Column) Steps(NpyHeader header) => header.FortranOrder ? (1, header.Rows) : (header.Columns, 1);

    private static double[] Arrange(double[] values, NpyHeader header, int[] wanted, int[]? kept)
    {
        var (rowStep, columnStep) = Steps(header);
        var rows = kept?.Length ?? header.Rows;
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

    /// <summary>Finds the missing values, which are NaN; refuses infinite ones.</summary>
    private static MissingCells CheckFinite(double[] table, int[] wanted, int[]? kept, string place)
    {
        var missing = new MissingCells(wanted.Length);
        for (var i = 0; i < table.Length; i++)
        {
            if (double.IsFinite(table[i]))
            {
                continue;
            }

            var (row, column) = (i / wanted.Length, i % wanted.Length);
            if (!double.IsNaN(table[i]))
            {
                throw CellError(kept?[row] ?? row, wanted[column], NotFinite(table[i]), place);
            }

            if (!missing.Has(column))
            {
                missing.Add(column, row, kept?[row] ?? row, wanted[column], "NaN stands for a missing value");
            }
        }

        return missing;
    }

    private static string NotFinite(double value) => $"{value.ToString(CultureInfo.InvariantCulture)} is not finite";

    private static TableFormatException CellError(int row, int column, string problem, string place) => new($"{Place(row, column, place)}: {problem}");

    private static string Place(int row, int column, string place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place}: row {row + 1}, column {column + 1}");

    /// <summary>Says which columns are read, and which one holds the weights.</summary>
    private sealed record Choice(int[] Wanted, int Weight, bool IsMatch, List<TableNote> Notes);

    /// <summary>Says where the numbers of a record stand.</summary>
    private sealed class NpyRecord
    {
        private const int LargestRecord = 1 << 24;
        private const int WidestCharacter = 4;

        private readonly List<(int Offset, int Size, bool Swap, Converter Convert)> _numbers = [];
        private readonly List<string> _names = [];
        private readonly List<string> _leftOut = [];

        /// <summary>The bytes of a record.</summary>
        internal int Size { get; private set; }

        /// <summary>The names of the columns: of the fields that are numbers.</summary>
        internal IReadOnlyList<string> Names => _names;

        /// <summary>The other fields, and what they hold.</summary>
        internal IReadOnlyList<string> LeftOut => _leftOut;

        internal static NpyRecord Of(IReadOnlyList<NpyField> fields, string place)
        {
            var record = new NpyRecord();
            foreach (var field in fields)
            {
                record.Add(field, place);
            }

            return record._numbers.Count > 0 && record.Size > 0 ? record
                : throw new TableFormatException($"{place}: no field of the records is a number; {Required}");
        }

        /// <summary>Reads the numbers of a record.</summary>
        internal void Read(Span<byte> record, Span<double> into)
        {
            for (var i = 0; i < _numbers.Count; i++)
            {
                var (offset, size, swap, convert) = _numbers[i];
                var bytes = record.Slice(offset, size);
                if (swap)
                {
                    bytes.Reverse();
                }

                convert(bytes, into.Slice(i, 1));
            }
        }

        private void Add(NpyField field, string place)
        {
            var element = TryElement(field.Descr);
            var size = element?.Size ?? OtherSize(field.Descr);
            if (size is not { } known)
            {
                throw new TableFormatException(
                    $"{place}: field {ErrorText.Quoted(field.Name)}: dtype {ErrorText.Quoted(field.Descr)}{Meaning(field.Descr)} is not supported; {Required}");
            }

            if (field.Items > LargestRecord || Size + (known * field.Items) > LargestRecord)
            {
                throw new TableFormatException($"{place}: a record is longer than {LargestRecord >> 20} MiB");
            }

            for (var i = 0; element is { } number && i < field.Items; i++)
            {
                _numbers.Add((Size + (i * number.Size), number.Size, number.Swap, number.Convert));
                _names.Add(field.Items == 1 ? field.Name : FormattableString.Invariant($"{field.Name}[{i}]"));
            }

            if (element is null && field.Name.Length > 0)
            {
                _leftOut.Add($"{ErrorText.Short(field.Name)} ({Meaning(field.Descr).Trim(' ', '(', ')')})");
            }

            Size += (int)(known * field.Items);
        }

        /// <summary>Gives the bytes of an item that is no number and can be passed over; null where that is not known.</summary>
        private static long? OtherSize(string descr)
        {
            var digits = descr.Length > 2 ? descr[2..].Split('[')[0] : "";
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= LargestRecord
                ? descr[1] switch
                {
                    'S' or 'a' or 'V' or 'M' or 'm' or 'c' => size,
                    'U' => (long)size * WidestCharacter,
                    _ => null,
                }
                : null;
        }
    }
}
