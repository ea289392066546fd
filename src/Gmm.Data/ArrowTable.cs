using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Gmm.Data;

/// <summary>Reads and writes tables as Arrow files (Feather version 2), and reads Arrow streams, one record batch at a time.</summary>
internal static class ArrowTable
{
    private const int NumbersOfBatch = 1 << 19;
    private const int BitsOfByte = 8;

    /// <summary>Reads a table, one record batch at a time.</summary>
    /// <param name="stream">Read from its current position, and left open. A file that cannot seek is held in memory as it is.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <param name="options">What is known of the table.</param>
    /// <exception cref="TableFormatException">The file is damaged, or no table of numbers.</exception>
    internal static IEnumerable<NumericTable> ReadPieces(Stream stream, string name, TableOptions options)
    {
        var place = ErrorText.OneLine(name);
        using var held = stream.CanSeek ? null : ParquetTable.Held(stream);
        var content = held ?? stream;
        using var reader = Try(place, () => new ArrowStreamReader(
            ArrowMessages.Of(content), ArrowMessages.Allocator(content.Length), new CompressionCodecFactory(), leaveOpen: true));
        var columns = Try(place, () => Columns(reader.Schema));
        foreach (var piece in ColumnarTable.ReadPieces(columns, Batches(reader, place), place, options))
        {
            yield return piece;
        }
    }

    /// <summary>Copies a record batch, which stays with its owner.</summary>
    internal static NumericTable Read(RecordBatch batch, string place, TableOptions options)
    {
        var table = ColumnarTable.ReadPieces(Columns(batch.Schema), [new Batch(batch, place, isOwner: false)], place, options).Single();
        return table.WithNotes([.. TablePieces.Warnings(table, place, options), .. table.Notes]);
    }

    /// <summary>Writes a table as an Arrow file, in record batches of some megabytes.</summary>
    internal static void Write(Stream stream, RowStream table)
    {
        string[] names = [.. table.ColumnNames ?? Enumerable.Range(1, table.Columns).Select(column => FormattableString.Invariant($"x{column}"))];
        IArrowType type = table.IsSingle ? FloatType.Default : DoubleType.Default;
        var schema = new Schema(names.Select(column => new Field(column, type, nullable: false)), metadata: null);
        using var writer = new ArrowFileWriter(stream, schema, leaveOpen: true);
        writer.WriteStart();
        RowGroups.Send(table, Math.Max(1, NumbersOfBatch / table.Columns), rows =>
        {
            var arrays = new IArrowArray[table.Columns];
            for (var i = 0; i < arrays.Length; i++)
            {
                arrays[i] = table.IsSingle
                    ? new FloatArray.Builder().Append(RowGroups.Column<float>(rows, table.Columns, i).AsSpan()).Build()
                    : new DoubleArray.Builder().Append(RowGroups.Column<double>(rows, table.Columns, i).AsSpan()).Build();
            }

            using var batch = new RecordBatch(schema, arrays, rows.Length / table.Columns);
            writer.WriteRecordBatch(batch);
        });
        writer.WriteEnd();
    }

    private static ColumnarColumn[] Columns(Schema schema) => [.. schema.FieldsList.Select(field => new ColumnarColumn(field.Name, Other(field.DataType)))];

    private static string? Other(IArrowType type) => type.TypeId switch
    {
        ArrowTypeId.Double or ArrowTypeId.Float or ArrowTypeId.HalfFloat or ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64
            or ArrowTypeId.UInt8 or ArrowTypeId.UInt16 or ArrowTypeId.UInt32 or ArrowTypeId.UInt64 => null,
        ArrowTypeId.Boolean => "true or false",
        ArrowTypeId.String or ArrowTypeId.LargeString or ArrowTypeId.StringView or ArrowTypeId.Dictionary => "text",
        ArrowTypeId.Date32 or ArrowTypeId.Date64 or ArrowTypeId.Timestamp or ArrowTypeId.Time32 or ArrowTypeId.Time64 or ArrowTypeId.Duration
            or ArrowTypeId.Interval => "dates or times",
        _ => "no numbers",
    };

    private static IEnumerable<IColumnarPart> Batches(ArrowStreamReader reader, string place)
    {
        while (Try(place, reader.ReadNextRecordBatch) is { } batch)
        {
            yield return new Batch(batch, place, isOwner: true);
        }
    }

    /// <summary>Runs a step of the library; the exceptions that a damaged file makes become one error.</summary>
    private static T Try<T>(string place, Func<T> step) => ParquetTable.Try(place, "Arrow", step);

    private sealed class Batch(RecordBatch batch, string place, bool isOwner) : IColumnarPart
    {
        public int Rows => batch.Length;

        public void Check(int column)
        {
            if (column >= batch.ColumnCount || batch.Column(column) is not { } array || array.Length != Rows)
            {
                throw new TableFormatException($"{place}: the Arrow data are damaged: their columns have different lengths");
            }

            // The first buffer tells which values are there, by bits, and is left out where all are.
            var (data, last) = (array.Data, (long)array.Offset + Rows);
            if (data.DataType is FixedWidthType type && (data.Buffers.Length < 2 || data.Buffers[1].Length < last * (type.BitWidth / BitsOfByte)
                || (array.NullCount > 0 && data.Buffers[0].Length * (long)BitsOfByte < last)))
            {
                throw new TableFormatException($"{place}: the Arrow data are damaged: column {column + 1} is shorter than its batch");
            }
        }

        public void Read(int column, Span<double> into, int step)
        {
            var array = batch.Column(column);
            switch (array)
            {
                case DoubleArray doubles: Copy(doubles.Values, array, into, step); break;
                case FloatArray floats: Copy(floats.Values, array, into, step); break;
                case HalfFloatArray halves: Copy(halves.Values, array, into, step); break;
                case Int8Array numbers: Copy(numbers.Values, array, into, step); break;
                case Int16Array numbers: Copy(numbers.Values, array, into, step); break;
                case Int32Array numbers: Copy(numbers.Values, array, into, step); break;
                case Int64Array numbers: Copy(numbers.Values, array, into, step); break;
                case UInt8Array numbers: Copy(numbers.Values, array, into, step); break;
                case UInt16Array numbers: Copy(numbers.Values, array, into, step); break;
                case UInt32Array numbers: Copy(numbers.Values, array, into, step); break;
                case UInt64Array numbers: Copy(numbers.Values, array, into, step); break;
                default: throw new TableFormatException($"{place}: column {column + 1} holds {array.Data.DataType.Name}; numbers are required");
            }
        }

        public void Dispose()
        {
            if (isOwner)
            {
                batch.Dispose();
            }
        }

        private void Copy<T>(ReadOnlySpan<T> values, IArrowArray array, Span<double> into, int step)
            where T : struct, INumberBase<T>
        {
            for (var i = 0; i < Rows; i++)
            {
                into[i * step] = array.IsNull(i) ? double.NaN : double.CreateTruncating(values[i]);
            }
        }
    }
}
