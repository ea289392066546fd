using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace Gmm.Data;

/// <summary>Reads and writes tables as Parquet files, one row group at a time.</summary>
internal static class ParquetTable
{
    private const string Kind = "Parquet";
    private const int NumbersOfGroup = 1 << 22;

    /// <summary>Reads a table, one row group at a time.</summary>
    /// <param name="stream">Left open. One that cannot seek is held in memory as it is.</param>
    /// <param name="name">The name of the input in errors, usually the path.</param>
    /// <param name="options">What is known of the table.</param>
    /// <exception cref="TableFormatException">The file is damaged, or no table of numbers.</exception>
    internal static IEnumerable<NumericTable> ReadPieces(Stream stream, string name, TableOptions options)
    {
        var place = ErrorText.OneLine(name);
        using var held = stream.CanSeek ? null : Held(stream);
        var content = held ?? stream;
        var guard = new ParquetGuard(content);
        var reader = Try(place, Kind, () =>
        {
            guard.CheckFooter();
            return ParquetReader.CreateAsync(new EndlessStream(content), leaveStreamOpen: true).GetAwaiter().GetResult();
        });
        try
        {
            // Fields of several levels have no column of numbers.
            var fields = Try<DataField[]>(place, Kind, () => [.. reader.Schema.DataFields]);
            var counts = fields.CountBy(field => field.Path.ToString()).ToDictionary();
            ColumnarColumn[] columns = [.. fields.Select(field => new ColumnarColumn(field.Path.ToString(), Other(field))
            {
                IsAmbiguous = counts[field.Path.ToString()] > 1,
            })];
            foreach (var piece in ColumnarTable.ReadPieces(columns, Groups(reader, guard, fields, place), place, options))
            {
                yield return piece;
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Writes a table, in row groups of some megabytes.</summary>
    internal static void Write(Stream stream, RowStream table)
    {
        string[] names = [.. table.ColumnNames ?? Enumerable.Range(1, table.Columns).Select(column => FormattableString.Invariant($"x{column}"))];
        DataField[] fields = [.. names.Select(name => table.IsSingle ? new DataField<float>(name) : (DataField)new DataField<double>(name))];
        var writer = ParquetWriter.CreateAsync(new ParquetSchema(fields), stream).GetAwaiter().GetResult();
        try
        {
            var most = Math.Max(1, NumbersOfGroup / table.Columns);
            RowGroups.Send(table, most, rows =>
            {
                using var group = writer.CreateRowGroup();
                for (var i = 0; i < fields.Length; i++)
                {
                    if (table.IsSingle)
                    {
                        Write(group, fields[i], RowGroups.Column<float>(rows, table.Columns, i));
                    }
                    else
                    {
                        Write(group, fields[i], RowGroups.Column<double>(rows, table.Columns, i));
                    }
                }

                group.CompleteValidate();
            });
        }
        finally
        {
            writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static void Write<T>(ParquetRowGroupWriter group, DataField field, T[] column)
        where T : struct => group.WriteAsync<T>(field, column.AsMemory()).GetAwaiter().GetResult();

    internal static MemoryStream Held(Stream stream)
    {
        var held = new MemoryStream();
        stream.CopyTo(held);
        held.Position = 0;
        return held;
    }

    private static string? Other(DataField field) => field switch
    {
        { IsArray: true } or { MaxRepetitionLevel: > 0 } => "lists",
        _ when field.Path.Length > 1 => "fields of fields",
        _ => Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.DateTime => "dates or times",
            TypeCode.String => "text",
            >= TypeCode.SByte and <= TypeCode.Decimal => null,
            _ => field.ClrType == typeof(TimeSpan) || field.ClrType == typeof(DateOnly) || field.ClrType == typeof(TimeOnly) ? "dates or times" : "no numbers",
        },
    };

    private static IEnumerable<IColumnarPart> Groups(ParquetReader reader, ParquetGuard guard, DataField[] fields, string place)
    {
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            var number = i;
            yield return new Group(Try(place, Kind, () => reader.OpenRowGroupReader(number)), guard, fields, place);
        }
    }

    /// <summary>Runs a step of the library; the exceptions that a damaged file makes become one error.</summary>
    internal static T Try<T>(string place, string kind, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (OutOfMemoryException e)
        {
            throw new TableFormatException($"{place}: the {kind} file is damaged, or a part of it needs more memory than there is", e);
        }
        catch (Exception e) when (e is not (TableFormatException or UnauthorizedAccessException) && !(e is IOException and not EndOfStreamException))
        {
            throw new TableFormatException($"{place}: the {kind} file is damaged, or of a kind that is not known: {ErrorText.OneLine(e.Message)}", e);
        }
    }

    private sealed class Group(ParquetRowGroupReader reader, ParquetGuard guard, DataField[] fields, string place) : IColumnarPart
    {
        public int Rows { get; } = Try(place, Kind, () => checked((int)reader.RowCount));

        public void Check(int column)
        {
            var chunk = Try(place, Kind, () => reader.GetMetadata(fields[column])?.MetaData);
            if (chunk is null)
            {
                return;
            }

            // The table is made before its numbers are read: a row group that claims more rows than its columns have must not decide its size.
            if (chunk.NumValues != Rows)
            {
                throw new TableFormatException(string.Create(CultureInfo.InvariantCulture,
                    $"{place}: the Parquet file is damaged: a row group has {Rows} rows, and its column {column + 1} has {chunk.NumValues} values"));
            }

            var first = chunk.DictionaryPageOffset is { } dictionary && dictionary > 0 ? Math.Min(dictionary, chunk.DataPageOffset) : chunk.DataPageOffset;
            Try(place, Kind, () =>
            {
                guard.CheckPages(first, chunk.TotalCompressedSize);
                return true;
            });
        }

        public void Read(int column, Span<double> into, int step)
        {
            var field = fields[column];
            switch (Type.GetTypeCode(field.ClrType))
            {
                case TypeCode.Double: Read<double>(field, into, step); break;
                case TypeCode.Single: Read<float>(field, into, step); break;
                case TypeCode.Int64: Read<long>(field, into, step); break;
                case TypeCode.Int32: Read<int>(field, into, step); break;
                case TypeCode.Int16: Read<short>(field, into, step); break;
                case TypeCode.SByte: Read<sbyte>(field, into, step); break;
                case TypeCode.UInt64: Read<ulong>(field, into, step); break;
                case TypeCode.UInt32: Read<uint>(field, into, step); break;
                case TypeCode.UInt16: Read<ushort>(field, into, step); break;
                case TypeCode.Byte: Read<byte>(field, into, step); break;
                default: Read<decimal>(field, into, step); break;
            }
        }

        public void Dispose() => reader.Dispose();

        private void Read<T>(DataField field, Span<double> into, int step)
            where T : struct, INumberBase<T>
        {
            if (!field.IsNullable)
            {
                var numbers = new T[Rows];
                Try(place, Kind, () => Wait(reader.ReadAsync<T>(field, numbers.AsMemory())));
                for (var i = 0; i < numbers.Length; i++)
                {
                    into[i * step] = double.CreateTruncating(numbers[i]);
                }

                return;
            }

            var values = new T?[Rows];
            Try(place, Kind, () => Wait(reader.ReadAsync<T>(field, values.AsMemory())));
            for (var i = 0; i < values.Length; i++)
            {
                into[i * step] = values[i] is { } value ? double.CreateTruncating(value) : double.NaN;
            }
        }

        private static bool Wait(ValueTask task)
        {
            task.AsTask().GetAwaiter().GetResult();
            return true;
        }
    }
}
