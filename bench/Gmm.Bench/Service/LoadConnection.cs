using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Gmm.Bench.Service;

/// <summary>
/// A connection that sends bytes and reads one answer of HTTP/1.1, with next to no work of its own: client and service share the processors. A
/// connection that the service closed is made anew.
/// </summary>
internal sealed class LoadConnection(ServiceProcess service) : IDisposable
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private Socket _socket = service.Connect();
    private int _start;
    private int _end;

    /// <summary>Whether the last answer was of problem details.</summary>
    public bool IsProblem { get; private set; }

    /// <summary>Sends a request; the status of its answer, or 0 where there was none.</summary>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        IsProblem = false;
        try
        {
            for (var rest = request; !rest.IsEmpty;) rest = rest[_socket.Send(rest)..];
            return Answer();
        }
        catch (SocketException)
        {
            Renew();
            return 0;
        }
        catch (EndOfStreamException)
        {
            Renew();
            return 0;
        }
    }

    public void Dispose() => _socket.Dispose();

    private int Answer()
    {
        var status = int.Parse(Line().Slice(9, 3));
        long? length = null;
        var closes = false;
        for (var line = Line(); !line.IsEmpty; line = Line())
        {
            if (Is(line, "Content-Length: "u8) && Utf8Parser.TryParse(line[16..], out long value, out _)) length = value;
            else if (Is(line, "Content-Type: application/problem+json"u8)) IsProblem = true;
            else if (Is(line, "Connection: close"u8)) closes = true;
        }
        if (length is { } known) Skip(known);
        else SkipChunks();
        if (closes) Renew();
        return status;
    }

    private static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> start) => Ascii.EqualsIgnoreCase(line[..Math.Min(line.Length, start.Length)], start);

    private void SkipChunks()
    {
        while (true)
        {
            Utf8Parser.TryParse(Line(), out int chunk, out _, 'x');
            Skip(chunk);
            Line();
            if (chunk == 0) return;
        }
    }

    // Valid until the next read.
    private ReadOnlySpan<byte> Line()
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = _buffer.AsSpan(_start, length);
                _start += length + 2;
                return line;
            }
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            Fill();
        }
    }

    private void Skip(long length)
    {
        while (length > _end - _start)
        {
            length -= _end - _start;
            (_start, _end) = (0, 0);
            Fill();
        }
        _start += (int)length;
    }

    private void Fill()
    {
        var read = _socket.Receive(_buffer.AsSpan(_end));
        if (read == 0) throw new EndOfStreamException();
        _end += read;
    }

    private void Renew()
    {
        _socket.Dispose();
        _socket = service.Connect();
        (_start, _end) = (0, 0);
    }
}
