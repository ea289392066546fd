namespace Gmm.Data.Text;

/// <summary>Notes where the first NUL byte of a text passes on its way to the parser: the number parser would take "1\0" for 1.</summary>
internal sealed class NulGuard(Stream inner) : ReadOnlyStream
{
    private long _position;

    /// <summary>Where the first NUL byte is, counted from the start of the text; <see cref="long.MaxValue"/> while none has passed.</summary>
    internal long FirstNul { get; private set; } = long.MaxValue;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        if (FirstNul == long.MaxValue && buffer[..read].IndexOf((byte)0) is var nul and >= 0)
        {
            FirstNul = _position + nul;
        }

        _position += read;
        return read;
    }
}
