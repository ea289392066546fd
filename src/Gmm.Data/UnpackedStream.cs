using ZstdSharp;

namespace Gmm.Data;

/// <summary>Unpacks a stream while it is read; what is wrong with it becomes an error of the file.</summary>
internal sealed class UnpackedStream(Stream packed, FileKind.Content kind, string place) : ReadOnlyStream
{
    private readonly Stream _unpacked = kind == FileKind.Content.Gzip
        ? new GzipStream(packed)
        : new DecompressionStream(packed, leaveOpen: true);

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            var name = kind == FileKind.Content.Gzip ? "gzip" : "zstd";
            throw new TableFormatException($"{place}: the file is compressed by {name}, and {(e.Message == GzipStream.BytesFollow ? e.Message : "is damaged or cut off")}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
