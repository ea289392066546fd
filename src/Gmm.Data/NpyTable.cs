using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Gmm.Data;

/// <summary>
/// Reads and writes tables as NumPy's .npy files. Read: versions 1.0 to 3.0, one dimension (a single column) or two, row-major or column-major, f4,
/// f8 and integers of 1 to 8 bytes in either byte order (integers beyond 2^53 become the nearest double). Written: version 1.0, little-endian f8,
/// row-major.
/// </summary>
public static class NpyTable
{
    private const int ChunkBytes = 1 << 18;

    private delegate void Converter(ReadOnlySpan<byte> bytes, Span<double> into);

    /// <summary>Reads a table. Memory is taken only for data that are there, whatever the header claims.</summary>
    /// <param name="stream">Read from its current position to its end, and left open.</param>
    /// <param name="name">What errors call the input, usually the path.</param>
    /// <param name="columns">1-based numbers in the order wanted; null for all. Columns not wanted may hold NaN.</param>
    /// <param name="weights">
    /// The 1-based number of the column of the rows' weights, numbers of at least 0; null for none. It is none of the table's columns, and a row of
    /// weight 0 is left out, whatever it holds.
    /// </param>
    /// <exception cref="TableFormatException">The file is not an array of finite numbers with one or two dimensions.</exception>
    public static NumericTable Read(Stream stream, string name, IReadOnlyList<string>? columns = null, string? weights = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        ColumnChoice.Check(columns);

        var place = ErrorText.OneLine(name);
        var header = NpyHeader.Read(stream, place);
        (int[] Wanted, int Weights)? chosen = columns is null ? null : Wanted(columns, weights, header, place);
        var (size, swap, convert) = Element(header.Descr, place);
        var values = ReadItems(stream, header, size, swap, convert, place);

        // All columns are listed only now that they are known to be there: a header of 100 bytes may claim two thousand million.
        var (wanted, weight) = chosen ?? Wanted(null, weights, header, place);
        var (kept, rowWeights) = weight < 0 ? (null, null) : Weights(values, header, weight, place);
        var isWhole = columns is null && weight < 0 && !header.FortranOrder;
        var table = isWhole ? values : Arrange(values, header, wanted, kept);
        CheckFinite(table, wanted, kept, place);
        return new NumericTable(table, wanted.Length, null, rowWeights);
    }

    /// <summary>Writes a table.</summary>
    /// <param name="stream">The destination, left open.</param>
    /// <param name="values">Row-major [rows x columns].</param>
    /// <param name="rows">N.</param>
    /// <param name="columns">D.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public static void Write(Stream stream, ReadOnlySpan<double> values, int rows, int columns)
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

    private static (int[] Wanted, int Weights) Wanted(IReadOnlyList<string>? columns, string? weights, NpyHeader header, string place) =>
        ColumnChoice.Resolve(columns, weights, header.Columns, null, place, "a .npy file has no names");

    private static (int Size, bool Swap, Converter Convert) Element(string descr, string place)
    {
        (int Size, Converter Convert)? type = descr.Length == 3 ? descr[1..] switch
        {
            "f8" => (8, Convert<double>),
            "f4" => (4, Convert<float>),
            "i8" => (8, Convert<long>),
            "i4" => (4, Convert<int>),
            "i2" => (2, Convert<short>),
            "i1" => (1, Convert<sbyte>),
            "u8" => (8, Convert<ulong>),
            "u4" => (4, Convert<uint>),
            "u2" => (2, Convert<ushort>),
            "u1" => (1, Convert<byte>),
            _ => null,
        }
        : null;
        if (type is not var (size, convert) || !(descr[0] is '<' or '>' || (descr[0] == '|' && size == 1)))
        {
            throw new TableFormatException(
                $"{place}: dtype {ErrorText.Quoted(descr)}{Meaning(descr)} is not supported; f4, f8 or an integer is required");
        }

        return (size, size > 1 && descr[0] == '<' != BitConverter.IsLittleEndian, convert);
    }

    private static string Meaning(string descr) => (descr.Length > 1 ? descr[1] : '\0') switch
    {
        'O' => " (Python objects)",
        'c' => " (complex)",
        'b' => " (bool)",
        'S' or 'U' or 'a' => " (text)",
        'V' => " (raw bytes)",
        'M' or 'm' => " (time)",
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
    private static double[] ReadItems(Stream stream, NpyHeader header, int size, bool swap, Converter convert, string place)
    {
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
    private static (int[] Kept, double[] Weights) Weights(double[] values, NpyHeader header, int column, string place)
    {
        var (rowStep, columnStep) = Steps(header);
        var (kept, weights) = (new List<int>(), new RowWeights(column, place));
        for (var row = 0; row < header.Rows; row++)
        {
            var weight = values[(row * rowStep) + (column * columnStep)];
            if (!double.IsFinite(weight))
            {
                throw NotFinite(row, column, weight, place);
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

    private static void CheckFinite(double[] table, int[] wanted, int[]? kept, string place)
    {
        for (var i = 0; i < table.Length; i++)
        {
            if (!double.IsFinite(table[i]))
            {
                var row = i / wanted.Length;
                throw NotFinite(kept?[row] ?? row, wanted[i % wanted.Length], table[i], place);
            }
        }
    }

    private static TableFormatException NotFinite(int row, int column, double value, string place) =>
        CellError(row, column, $"{value.ToString(CultureInfo.InvariantCulture)} is not finite", place);

    private static TableFormatException CellError(int row, int column, string problem, string place) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{place}: row {row + 1}, column {column + 1}: {problem}"));
}
