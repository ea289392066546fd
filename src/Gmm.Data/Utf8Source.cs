namespace Gmm.Data;

/// <summary>
/// Guards a stream on its way to the CSV parser. It refuses other encodings by their byte order mark (the parser would transcode them silently) and
/// notes where the first NUL byte passed (the number parser would take "1\0" for 1).
/// </summary>
internal sealed class Utf8Source : Stream
{
    private const int LongestMark = 4;

    private readonly Stream _inner;
    private readonly byte[] _start = new byte[LongestMark];
    private readonly int _startLength;
    private int _startRead;
    private long _position;

    internal Utf8Source(Stream inner, string place)
    {
        _inner = inner;
        BytesLeft = inner.CanSeek ? inner.Length - inner.Position : null;
        _startLength = inner.ReadAtLeast(_start, LongestMark, throwOnEndOfStream: false);
        ReadOnlySpan<byte> start = _start.AsSpan(0, _startLength);
        var encoding = start switch
        {
            [0xFF, 0xFE, 0, 0] or [0, 0, 0xFE, 0xFF] => "UTF-32",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16",
            _ => null,
        };
        if (encoding is not null)
        {
            throw new TableFormatException($"{place}: the file is {encoding}; UTF-8 is required");
        }

        IsEmpty = _startLength == 0 || start is [0xEF, 0xBB, 0xBF];
    }

    /// <summary>Nothing there, or a byte order mark and nothing else.</summary>
    internal bool IsEmpty { get; }

    /// <summary>The size of the input when this source was made, if that can be known.</summary>
    internal long? BytesLeft { get; }

    /// <summary>Where the first NUL byte is, counted from the start of the input; <see cref="long.MaxValue"/> while none has passed.</summary>
    internal long FirstNul { get; private set; } = long.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int read;
        if (_startRead < _startLength)
        {
            read = Math.Min(buffer.Length, _startLength - _startRead);
            _start.AsSpan(_startRead, read).CopyTo(buffer);
            _startRead += read;
        }
        else
        {
            read = _inner.Read(buffer);
        }

        if (FirstNul == long.MaxValue)
        {
            var nul = buffer[..read].IndexOf((byte)0);
            FirstNul = nul >= 0 ? _position + nul : long.MaxValue;
        }

        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
