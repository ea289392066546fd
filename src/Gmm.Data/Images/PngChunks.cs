using System.Buffers.Binary;

namespace Gmm.Data.Images;

/// <summary>Reads the chunks of a PNG (ISO/IEC 15948:2004, clause 5) with their checksums, and the data of all IDAT chunks as one stream.</summary>
internal sealed class PngChunks(Stream file) : Stream
{
    private const int HeaderBytes = 13;

    private readonly byte[] _frame = new byte[8];
    private long _left;
    private uint _checksum;
    private bool _isDone;

    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal bool IsData => Is("IDAT"u8);

    private ReadOnlySpan<byte> Type => _frame.AsSpan(4);

    internal bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);

    /// <summary>Reads the signature and the first chunk.</summary>
    /// <exception cref="InvalidDataException">The file is no PNG.</exception>
    internal byte[] Header()
    {
        file.ReadExactly(_frame);
        if (!Signature.SequenceEqual(_frame))
        {
            throw new InvalidDataException("no PNG");
        }

        Next();
        return Is("IHDR"u8) ? Content(HeaderBytes) : throw new InvalidDataException("the first chunk is no header");
    }

    /// <summary>Goes to the next chunk; the one before was read or skipped.</summary>
    internal void Next()
    {
        file.ReadExactly(_frame);
        _left = BinaryPrimitives.ReadUInt32BigEndian(_frame);
        _checksum = Crc32.Append(0, Type);
        if (_left > int.MaxValue)
        {
            throw new InvalidDataException("a chunk is longer than a PNG allows");
        }
    }

    /// <summary>Reads a chunk of known length.</summary>
    internal byte[] Content(int length)
    {
        if (_left != length)
        {
            throw new InvalidDataException("a chunk is longer or shorter than its type");
        }

        var content = new byte[length];
        file.ReadExactly(content);
        _checksum = Crc32.Append(_checksum, content);
        CheckSum();
        return content;
    }

    /// <summary>Skips a chunk that changes no pixel.</summary>
    internal void Skip()
    {
        // A capital letter: who does not know it cannot show the picture (clause 5.4). A palette only helps to show colors on poor screens.
        if (Type[0] < 'a' && !Is("PLTE"u8))
        {
            throw new InvalidDataException("a chunk of an unknown critical type");
        }

        file.Seek(_left + sizeof(uint), SeekOrigin.Current);
    }

    /// <summary>Checks the rest of the last chunk of data.</summary>
    internal void FinishData()
    {
        Span<byte> rest = stackalloc byte[1024];
        while (!_isDone && _left > 0)
        {
            _ = Read(rest);
        }

        if (!_isDone)
        {
            CheckSum();
        }
    }

    public override int Read(Span<byte> buffer)
    {
        while (_left == 0 && !_isDone)
        {
            CheckSum();
            Next();
            _isDone = !IsData;
        }

        if (_isDone || buffer.IsEmpty)
        {
            return 0;
        }

        var count = file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        if (count == 0)
        {
            throw new EndOfStreamException();
        }

        _checksum = Crc32.Append(_checksum, buffer[..count]);
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void CheckSum()
    {
        Span<byte> sum = stackalloc byte[sizeof(uint)];
        file.ReadExactly(sum);
        if (BinaryPrimitives.ReadUInt32BigEndian(sum) != _checksum)
        {
            throw new InvalidDataException("a chunk does not have its checksum");
        }
    }
}
