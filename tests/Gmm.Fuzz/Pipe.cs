namespace Gmm.Fuzz;

/// <summary>Bytes that come a few at a time and whose end is not known.</summary>
internal sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
{
    private const int Step = 1000;

    public override bool CanSeek => false;

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, Step)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, Step));
}
