namespace Gmm.Cli;

/// <summary>Replays a stream that cannot seek, from its start: what was read before <see cref="Rewind"/> is given once more, then the rest.</summary>
internal sealed class ReplayStream(Stream inner) : Stream
{
    private readonly MemoryStream _start = new();
    private bool _isReplay;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Goes back to the start, for the last time: from here on nothing is kept.</summary>
    public void Rewind() => (_start.Position, _isReplay) = (0, true);

    public override int Read(Span<byte> buffer)
    {
        if (_isReplay && _start.Position < _start.Length) return _start.Read(buffer);
        var read = inner.Read(buffer);
        if (!_isReplay) _start.Write(buffer[..read]);
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
