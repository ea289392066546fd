using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>Holds a picture whose header was read, and whose pixels were not.</summary>
/// <param name="Path">The file.</param>
/// <param name="Codec">Holds the file open.</param>
/// <param name="IsDeep">Whether it is a PNG of 16 bits, which <see cref="DeepPng"/> decodes.</param>
internal sealed record OpenPicture(string Path, SKCodec Codec, bool IsDeep) : IDisposable
{
    /// <summary>In pixels, as stored.</summary>
    internal SKSizeI Size => Codec.Info.Size;

    public void Dispose() => Codec.Dispose();
}
