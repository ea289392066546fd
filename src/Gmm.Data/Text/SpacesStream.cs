namespace Gmm.Data.Text;

/// <summary>
/// Puts one tab in place of every run of spaces and tabs between the cells of a line, and nothing in place of one at its ends, so that the parser reads
/// columns that are aligned by spaces. What stands between quotes stays as it is; so does the number of lines.
/// </summary>
internal sealed class SpacesStream(Stream inner) : ReadOnlyStream
{
    private const int ChunkSize = 1 << 16;

    private readonly byte[] _input = new byte[ChunkSize];

    // A pending tab may add one byte to a chunk.
    private readonly byte[] _output = new byte[ChunkSize + 1];
    private int _start;
    private int _end;
    private State _state = State.LineStart;

    private enum State
    {
        LineStart,
        Cell,
        Gap,
        Quoted,
        AfterQuote,
    }

    public override int Read(Span<byte> buffer)
    {
        while (_start == _end)
        {
            var read = inner.Read(_input);
            if (read == 0)
            {
                return 0;
            }

            (_start, _end) = (0, Convert(_input.AsSpan(0, read)));
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _output.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private int Convert(ReadOnlySpan<byte> input)
    {
        var output = _output;
        var written = 0;
        var state = _state;
        foreach (var value in input)
        {
            if (state == State.Quoted)
            {
                state = value == (byte)'"' ? State.AfterQuote : State.Quoted;
                output[written++] = value;
                continue;
            }

            switch (value)
            {
                case (byte)' ' or (byte)'\t':
                    state = state == State.LineStart ? State.LineStart : State.Gap;
                    break;
                case (byte)'\n' or (byte)'\r':
                    state = State.LineStart;
                    output[written++] = value;
                    break;
                default:
                    if (state == State.Gap)
                    {
                        output[written++] = (byte)'\t';
                    }

                    // A quote opens at the start of a cell; a doubled one goes on. Any other is text.
                    state = value == (byte)'"' && state != State.Cell ? State.Quoted : State.Cell;
                    output[written++] = value;
                    break;
            }
        }

        _state = state;
        return written;
    }
}
