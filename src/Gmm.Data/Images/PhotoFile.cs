using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>Reads and writes single pictures as pixels.</summary>
public static class PhotoFile
{
    /// <summary>About half the time of the usual level 6 for photographs, and files that are up to 6 % longer.</summary>
    private const int CompressionLevel = 4;

    /// <summary>
    /// Reads a JPEG, PNG, WebP, BMP or GIF (its first frame) in full: turned as EXIF asks, converted to sRGB when it has a color profile, laid on
    /// white where it is transparent.
    /// </summary>
    /// <param name="path">The file; its content says the format, not its name.</param>
    /// <param name="maxPixels">A picture with more is refused from its header; 1 to 500 million.</param>
    /// <exception cref="TableFormatException">The file cannot be read, or is not such a picture: one line, the path first.</exception>
    public static Photo Read(string path, long maxPixels = PictureLimits.DefaultPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PictureLimits.Check(maxPixels);
        using var codec = PictureCodec.Open(path, maxPixels, out var reason) ?? throw Error(path, reason);
        using var srgb = SKColorSpace.CreateSrgb();
        using var bitmap = PictureCodec.Decode(codec, codec.Info.Size, srgb, out reason) ?? throw Error(path, reason);
        return PictureOrientation.Upright(bitmap, codec.EncodedOrigin);
    }

    /// <summary>Writes a PNG, completely or not at all.</summary>
    /// <param name="path">The target.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="rgb">sRGB, row-major [height x width x 3].</param>
    /// <exception cref="TableFormatException">The file cannot be written.</exception>
    public static void WritePng(string path, int width, int height, ReadOnlySpan<byte> rgb)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var png = Encode(width, height, rgb, Png);
        AtomicFile.Write(path, png.SaveTo);
    }

    /// <summary>Writes a PNG to any stream, which stays open.</summary>
    /// <param name="stream">The destination.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="rgb">sRGB, row-major [height x width x 3].</param>
    public static void WritePng(Stream stream, int width, int height, ReadOnlySpan<byte> rgb)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var png = Encode(width, height, rgb, Png);
        png.SaveTo(stream);
    }

    internal static byte[] Jpeg(Photo photo, int quality)
    {
        using var jpeg = Encode(photo.Width, photo.Height, photo.Rgb, pixels => pixels.Encode(SKEncodedImageFormat.Jpeg, quality));
        return jpeg.ToArray();
    }

    internal static TableFormatException Error(string path, string reason) => new($"{ErrorText.OneLine(path)}: {reason}");

    private static SKData? Png(SKPixmap pixels) => pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, CompressionLevel));

    private static SKData Encode(int width, int height, ReadOnlySpan<byte> rgb, Func<SKPixmap, SKData?> encode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        PictureLimits.Check((long)width * height);
        if (rgb.Length != 3 * width * height)
        {
            throw new ArgumentException($"rgb has {rgb.Length} values; {height} x {width} x 3 = {3 * width * height} are required.", nameof(rgb));
        }

        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            pixels[to] = rgb[from];
            pixels[to + 1] = rgb[from + 1];
            pixels[to + 2] = rgb[from + 2];
            pixels[to + 3] = 255;
        }

        using var pixmap = bitmap.PeekPixels();
        return encode(pixmap) ?? throw new InvalidOperationException($"a picture of {width} x {height} pixels cannot be encoded.");
    }
}
