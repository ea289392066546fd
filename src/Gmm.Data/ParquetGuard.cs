using System.Buffers.Binary;

namespace Gmm.Data;

/// <summary>
/// Looks at the headers of a Parquet file before the library does. Its stack overflows on headers that are nested without end. It takes each field for what
/// it should be, whatever is written, and then reads beyond the end without end. And it takes memory for a page before it looks whether the file is that
/// long. Headers are structures of Thrift's compact protocol.
/// </summary>
internal sealed class ParquetGuard(Stream stream)
{
    private const int Deepest = 32;
    private const int UnpackedSizeField = 2;
    private const int SizeField = 3;
    private const int LongestVarint = 10;

    private readonly byte[] _buffer = new byte[1024];
    private long _position;
    private int _at;
    private int _length;

    /// <summary>Checks the description at the end of the file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal void CheckFooter()
    {
        const int Tail = 8, Signature = 28;
        Span<byte> tail = stackalloc byte[Tail];
        if (stream.Length < Tail)
        {
            throw new InvalidDataException("it is cut short");
        }

        stream.Position = stream.Length - Tail;
        stream.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > stream.Length - Tail)
        {
            throw new InvalidDataException("its last bytes are not those of a Parquet file");
        }

        // A signed file has its signature after the description. One that ends elsewhere is no description: the library would read on without end.
        MoveTo(stream.Length - Tail - length);
        ReadStruct(ParquetShapes.Footer, 0);
        if (stream.Length - Tail - Offset is not (0 or Signature))
        {
            throw new InvalidDataException("its description does not end where it should");
        }
    }

    /// <summary>Checks the headers of the pages of a column.</summary>
    /// <param name="offset">Where the first page begins.</param>
    /// <param name="length">The bytes of all pages.</param>
    /// <exception cref="InvalidDataException">One is damaged.</exception>
    internal void CheckPages(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > stream.Length - length)
        {
            throw new InvalidDataException("a column lies beyond the end of the file");
        }

        for (var end = offset + length; offset < end;)
        {
            MoveTo(offset);
            var (unpacked, size) = ReadStruct(ParquetShapes.Page, 0);
            offset = Offset + (size ?? throw new InvalidDataException("a page has no size"));
            if (size < 0 || offset > stream.Length || !UnpackedLimit.Allows(unpacked ?? 0, stream.Length))
            {
                throw new InvalidDataException("a page is longer than the file");
            }
        }
    }

    private long Offset => _position - _length + _at;

    // Reads a structure, null for one that is not known; gives the numbers of its fields 2 and 3, which are the sizes of a page in the header of one.
    private (long? Unpacked, long? Size) ReadStruct(string? structure, int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("its headers are nested too deeply");
        }

        (long? unpacked, long? size) = (null, null);
        short field = 0;
        while (Next() is var head && head != 0)
        {
            field = (short)(head >> 4 is var step and > 0 ? field + step : Zigzag(ReadVarint()));
            var (kind, known) = ((ThriftKind)(head & 15), ParquetShapes.Find(structure, field));
            if (known is not null && !ParquetField.Fits(kind, known.Kind))
            {
                throw new InvalidDataException($"field {field} of {structure} is of the kind {kind}; {known.Kind} is required");
            }

            switch (field)
            {
                case UnpackedSizeField when kind == ThriftKind.Int: unpacked = Zigzag(ReadVarint()); break;
                case SizeField when kind == ThriftKind.Int: size = Zigzag(ReadVarint()); break;
                default: Skip(kind, known, depth); break;
            }
        }

        return (unpacked, size);
    }

    private void Skip(ThriftKind kind, ParquetField? known, int depth)
    {
        switch (kind)
        {
            case ThriftKind.True or ThriftKind.False: break;
            case ThriftKind.Byte: Skip(1); break;
            case ThriftKind.Short or ThriftKind.Int or ThriftKind.Long: ReadVarint(); break;
            case ThriftKind.Double: Skip(sizeof(double)); break;
            case ThriftKind.Binary: Skip(ReadVarint()); break;
            case ThriftKind.List: SkipList(known, depth + 1); break;
            case ThriftKind.Struct: ReadStruct(known?.Structure, depth + 1); break;

            // Sets and maps, which Parquet does not have in its headers.
            default: throw new InvalidDataException($"a field of its headers is of the unknown kind {(int)kind}");
        }
    }

    private void SkipList(ParquetField? known, int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("its headers are nested too deeply");
        }

        var head = Next();
        var (count, kind) = (head >> 4 is var few and < 15 ? few : ReadVarint(), (ThriftKind)(head & 15));

        // The library skips truth values of a list as those of a field, which have no byte.
        if (count > 0 && (kind is ThriftKind.True or ThriftKind.False || (known is not null && !ParquetField.Fits(kind, known.Item))))
        {
            throw new InvalidDataException($"a list of its headers has items of the kind {kind}");
        }

        for (; count > 0; count--)
        {
            Skip(kind, known, depth);
        }
    }

    private long ReadVarint()
    {
        ulong value = 0;
        for (var i = 0; i < LongestVarint; i++)
        {
            var part = Next();
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return (long)value;
            }
        }

        throw new InvalidDataException("a number of its headers has no end");
    }

    private static long Zigzag(long value) => (long)((ulong)value >> 1) ^ -(value & 1);

    private void Skip(long count)
    {
        if (count < 0 || count > stream.Length - Offset)
        {
            throw new InvalidDataException("a header ends after the file");
        }

        if (count <= _length - _at)
        {
            _at += (int)count;
        }
        else
        {
            MoveTo(Offset + count);
        }
    }

    private void MoveTo(long offset) => (_position, stream.Position, _at, _length) = (offset, offset, 0, 0);

    private int Next()
    {
        if (_at == _length)
        {
            stream.Position = _position;
            (_at, _length) = (0, stream.Read(_buffer));
            _position += _length;
            if (_length == 0)
            {
                throw new InvalidDataException("a header ends after the file");
            }
        }

        return _buffer[_at++];
    }
}
