namespace Gmm.Data.Text;

/// <summary>Gives a text without the bytes 26 at its end, by which DOS marked the end of a text.</summary>
internal sealed class EndMarkStream(Stream inner) : ReadOnlyStream
{
    private const byte Mark = 0x1A;

    // Marks that were read and may be the last ones; those that are not, since a byte follows; that byte, or -1.
    private int _held;
    private int _within;
    private int _next = -1;

    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_within > 0)
            {
                buffer[0] = Mark;
                _within--;
                return 1;
            }

            if (_next >= 0)
            {
                buffer[0] = (byte)_next;
                _next = -1;
                return 1;
            }

            if (_held > 0)
            {
                var value = inner.ReadByte();
                if (value < 0)
                {
                    return 0;
                }

                (_held, _within, _next) = value == Mark ? (_held + 1, 0, -1) : (0, _held, value);
                continue;
            }

            var read = inner.Read(buffer);
            var text = buffer[..read].TrimEnd(Mark);
            _held = read - text.Length;
            if (text.Length > 0 || read == 0)
            {
                return text.Length;
            }
        }

        return 0;
    }
}
