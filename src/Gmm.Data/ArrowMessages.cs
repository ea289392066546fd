using System.Buffers;
using System.Buffers.Binary;
using Apache.Arrow.Memory;

namespace Gmm.Data;

/// <summary>
/// Finds the messages of an Arrow file or stream, and looks at their lengths before the library does, which takes memory for a message before it looks
/// whether the file is that long. A file is a stream of messages between its first bytes and a footer.
/// </summary>
internal static class ArrowMessages
{
    private const int Continuation = -1;
    private const int FileStart = 8;

    // Of Arrow's format/Message.fbs: kinds of messages, places of fields in their tables, and bytes of an item of their lists.
    private const int Schema = 1;
    private const int DictionaryBatch = 2;
    private const int RecordBatch = 3;
    private const int MessageHeaderKind = 1;
    private const int MessageHeader = 2;
    private const int MessageBodyLength = 3;
    private const int DictionaryData = 1;
    private const int BatchNodes = 1;
    private const int BatchBuffers = 2;
    private const int NodeLength = 16;

    private static readonly byte[] s_magic = [.. "ARROW1"u8];

    /// <summary>Gives the messages as a stream.</summary>
    /// <param name="stream">Read from its current position, and left open; it must be able to seek.</param>
    /// <exception cref="InvalidDataException">The file is damaged or cut short.</exception>
    internal static Stream Of(Stream stream)
    {
        var (start, end) = (stream.Position, stream.Length);
        Span<byte> first = stackalloc byte[FileStart];
        if (stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.StartsWith(s_magic))
        {
            (start, end) = (start + FileStart, Footer(stream));
        }

        Check(stream, start, end);
        stream.Position = start;
        return new PartStream(stream, end);
    }

    /// <summary>Gives an allocator for what is read of a file.</summary>
    /// <param name="length">The bytes of the file.</param>
    internal static MemoryAllocator Allocator(long length) => new BoundedAllocator(length);

    // Gives where the footer begins: its length and the magic bytes are the last ones.
    private static long Footer(Stream stream)
    {
        Span<byte> tail = stackalloc byte[sizeof(int) + s_magic.Length];
        if (stream.Length < FileStart + tail.Length)
        {
            throw new InvalidDataException("it is cut short");
        }

        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        var footer = stream.Length - tail.Length - BinaryPrimitives.ReadInt32LittleEndian(tail);
        return tail.EndsWith(s_magic) && footer >= FileStart && footer <= stream.Length - tail.Length
            ? footer : throw new InvalidDataException("its last bytes are not those of an Arrow file; it may be cut short");
    }

    private static void Check(Stream stream, long at, long end)
    {
        Span<byte> word = stackalloc byte[sizeof(int)];
        while (at + sizeof(int) <= end)
        {
            stream.Position = at;
            stream.ReadExactly(word);
            at += sizeof(int);
            var length = BinaryPrimitives.ReadInt32LittleEndian(word);
            if (length == Continuation && at + sizeof(int) <= end)
            {
                stream.ReadExactly(word);
                at += sizeof(int);
                length = BinaryPrimitives.ReadInt32LittleEndian(word);
            }

            if (length == 0)
            {
                return;
            }

            if (length < 0 || length > end - at)
            {
                throw new InvalidDataException($"a message is said to have {length} bytes, and {end - at} are there");
            }

            var message = ArrayPool<byte>.Shared.Rent(length);
            stream.ReadExactly(message, 0, length);
            var body = BodyLength(message.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(message);
            at += length;
            if (body < 0 || body > end - at)
            {
                throw new InvalidDataException($"the numbers of a message are said to have {body} bytes, and {end - at} are there");
            }

            at += body;
        }
    }

    // The library takes room for as many arrays as a batch claims to have nodes.
    private static long BodyLength(ReadOnlySpan<byte> bytes)
    {
        var message = FlatTable.Root(bytes);
        var kind = message.Field(MessageHeaderKind) is var place and > 0 ? message.At(place, 1)[0] : 0;
        var length = message.Field(MessageBodyLength) is var body and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(message.At(body, sizeof(long))) : 0;
        switch (kind)
        {
            case DictionaryBatch: CheckBatch(message.Table(MessageHeader).Table(DictionaryData)); break;
            case RecordBatch: CheckBatch(message.Table(MessageHeader)); break;

            // Only batches have numbers; the library looks for the next message directly behind others.
            case Schema when length == 0: break;
            default: throw new InvalidDataException("a message is neither a schema nor a batch, or a schema with numbers");
        }

        return length;
    }

    private static void CheckBatch(FlatTable batch)
    {
        batch.CheckVector(BatchNodes, NodeLength);
        batch.CheckVector(BatchBuffers, NodeLength);
    }

    /// <summary>
    /// Reads a table of a FlatBuffer: it begins with its distance from the list of the places of its fields, counted from the table, 0 for none. The list
    /// begins with its own length and that of the table.
    /// </summary>
    private readonly ref struct FlatTable
    {
        private const int ListStart = 2 * sizeof(ushort);

        private readonly ReadOnlySpan<byte> _bytes;
        private readonly int _place;
        private readonly int _fields;

        private FlatTable(ReadOnlySpan<byte> bytes, long place)
        {
            _bytes = bytes;
            _place = Inside(place);
            _fields = Inside(_place - (long)BinaryPrimitives.ReadInt32LittleEndian(At(_place, sizeof(int))));
        }

        internal static FlatTable Root(ReadOnlySpan<byte> bytes) =>
            new(bytes, bytes.Length < sizeof(uint) ? bytes.Length : BinaryPrimitives.ReadUInt32LittleEndian(bytes));

        /// <summary>Gives the place of a field, 0 where it is left out.</summary>
        internal int Field(int number)
        {
            // Signed, as the library has it: a length beyond 32,767 is damage, and would be none to it.
            var at = ListStart + (number * sizeof(ushort));
            if (BinaryPrimitives.ReadInt16LittleEndian(At(_fields, sizeof(short))) < at + sizeof(ushort))
            {
                return 0;
            }

            var offset = BinaryPrimitives.ReadUInt16LittleEndian(At(_fields + at, sizeof(ushort)));
            return offset == 0 ? 0 : Inside((long)_place + offset);
        }

        internal FlatTable Table(int number) => Field(number) is var field and > 0
            ? new(_bytes, field + (long)BinaryPrimitives.ReadUInt32LittleEndian(At(field, sizeof(uint)))) : throw new InvalidDataException("a message has no content");

        /// <summary>Refuses a list that claims more items than the message has bytes for.</summary>
        internal void CheckVector(int number, int itemLength)
        {
            if (Field(number) is not (var field and > 0))
            {
                return;
            }

            var place = Inside(field + (long)BinaryPrimitives.ReadUInt32LittleEndian(At(field, sizeof(uint))));
            if (BinaryPrimitives.ReadUInt32LittleEndian(At(place, sizeof(uint))) is var count && (long)count * itemLength > _bytes.Length - place)
            {
                throw new InvalidDataException($"a batch is said to have {count} columns, and its message has {_bytes.Length} bytes");
            }
        }

        internal ReadOnlySpan<byte> At(int place, int count) =>
            place <= _bytes.Length - count ? _bytes.Slice(place, count) : throw new InvalidDataException("a message is cut short");

        private int Inside(long place) =>
            place >= 0 && place < _bytes.Length ? (int)place : throw new InvalidDataException("a message has no such place as it says");
    }

    /// <summary>Gives memory, but refuses what a file of some length cannot hold.</summary>
    private sealed class BoundedAllocator(long fileLength) : MemoryAllocator
    {
        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            if (!UnpackedLimit.Allows(length, fileLength))
            {
                throw new InvalidDataException($"a column is said to have {length} bytes, in a file of {fileLength}");
            }

            // The library fills it with zeros.
            bytesAllocated = length;
            return new ArrayOwner(GC.AllocateUninitializedArray<byte>(length));
        }
    }

    private sealed class ArrayOwner(byte[] array) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => array;

        public void Dispose()
        {
        }
    }

    /// <summary>Gives the bytes of a stream from its position to an end.</summary>
    private sealed class PartStream(Stream stream, long end) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => stream.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - stream.Position))]);
    }
}
