using System.Buffers.Binary;

namespace Gmm.Data;

/// <summary>
/// Looks at the headers of a Parquet file before the library does, whose stack overflows on headers that are nested without end, and which takes memory
/// for a page before it looks whether the file is that long. Headers are structures of Thrift's compact protocol.
/// </summary>
internal sealed class ParquetGuard(Stream stream)
{
    private const int Deepest = 32;
    private const int UnpackedSizeField = 2;
    private const int SizeField = 3;

    // More than any compression makes of columns of numbers.
    private const long MostPerByte = 4096;
    private const int LongestVarint = 10;

    private readonly byte[] _buffer = new byte[1024];
    private long _position;
    private int _at;
    private int _length;

    /// <summary>The kinds of Thrift's compact protocol.</summary>
    private enum Kind
    {
        Stop = 0,
        True = 1,
        False = 2,
        Byte = 3,
        Short = 4,
        Int = 5,
        Long = 6,
        Double = 7,
        Binary = 8,
        List = 9,
        Set = 10,
        Map = 11,
        Struct = 12,
    }

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
        ReadStruct(0);
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
            var (unpacked, size) = ReadStruct(0);
            offset = Offset + (size ?? throw new InvalidDataException("a page has no size"));
            if (size < 0 || offset > stream.Length || unpacked < 0 || unpacked / MostPerByte > stream.Length)
            {
                throw new InvalidDataException("a page is longer than the file");
            }
        }
    }

    private long Offset => _position - _length + _at;

    // Reads a structure; gives the numbers of its fields 2 and 3, which are the sizes of a page in the header of one.
    private (long? Unpacked, long? Size) ReadStruct(int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("its headers are nested too deeply");
        }

        (long? unpacked, long? size) = (null, null);
        long field = 0;
        while (Next() is var head && head != 0)
        {
            field = head >> 4 is var step and > 0 ? field + step : Zigzag(ReadVarint());
            var kind = (Kind)(head & 15);
            switch (field)
            {
                case UnpackedSizeField when kind == Kind.Int: unpacked = Zigzag(ReadVarint()); break;
                case SizeField when kind == Kind.Int: size = Zigzag(ReadVarint()); break;
                default: Skip(kind, depth, isElement: false); break;
            }
        }

        return (unpacked, size);
    }

    private void Skip(Kind kind, int depth, bool isElement)
    {
        switch (kind)
        {
            case Kind.True or Kind.False when !isElement: break;
            case Kind.Byte: Skip(1); break;
            case Kind.Short or Kind.Int or Kind.Long: ReadVarint(); break;
            case Kind.Double: Skip(sizeof(double)); break;
            case Kind.Binary: Skip(ReadVarint()); break;
            case Kind.List: SkipList(depth); break;
            case Kind.Struct: ReadStruct(depth + 1); break;
            // Parquet has no sets, maps and lists of truth values in its headers, and the library does not find their ends.
            default: throw new InvalidDataException($"a field of its headers is of the unknown kind {(int)kind}");
        }
    }

    private void SkipList(int depth)
    {
        if (depth > Deepest)
        {
            throw new InvalidDataException("its headers are nested too deeply");
        }

        var head = Next();
        var count = head >> 4 is var few and < 15 ? few : ReadVarint();
        for (; count > 0; count--)
        {
            Skip((Kind)(head & 15), depth + 1, isElement: true);
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
