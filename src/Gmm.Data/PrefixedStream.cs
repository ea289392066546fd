namespace Gmm.Data;

/// <summary>Gives bytes that were looked at already, then the rest of the stream they came from, which stays open.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> start, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _start = start;

    public override int Read(Span<byte> buffer)
    {
        if (_start.IsEmpty)
        {
            return rest.Read(buffer);
        }

        var read = Math.Min(buffer.Length, _start.Length);
        _start.Span[..read].CopyTo(buffer);
        _start = _start[read..];
        return read;
    }
}
