using System.Runtime.InteropServices;
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
    /// <remarks>
    /// A PNG of 16 bits keeps them, in <see cref="Photo.Rgb16"/>. Its numbers are those of the file; only a color profile that it brings (iCCP)
    /// changes them, and only colors: a gray is most often a measurement.
    /// </remarks>
    /// <param name="path">The file; its content says the format, not its name.</param>
    /// <param name="maxPixels">A picture with more is refused from its header; 1 to 500 million.</param>
    /// <exception cref="TableFormatException">The file cannot be read, or is not such a picture: one line, the path first.</exception>
    public static Photo Read(string path, long maxPixels = PictureLimits.DefaultPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PictureLimits.Check(maxPixels);
        using var picture = PictureCodec.Open(path, maxPixels, out var reason) ?? throw Error(path, reason);
        using var srgb = SKColorSpace.CreateSrgb();
        if (picture.IsDeep)
        {
            return ReadDeep(picture, srgb);
        }

        using var bitmap = PictureCodec.Decode(picture.Codec, picture.Size, srgb, out reason) ?? throw Error(path, reason);
        return PictureOrientation.Upright(bitmap, picture.Codec.EncodedOrigin);
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

    /// <summary>Writes a PNG of 16 bits, completely or not at all.</summary>
    /// <param name="path">The target.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="rgb">sRGB from 0 to 65535, row-major [height x width x 3].</param>
    /// <exception cref="TableFormatException">The file cannot be written.</exception>
    public static void WritePng(string path, int width, int height, ReadOnlySpan<ushort> rgb)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var png = EncodeDeep(width, height, rgb);
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

    private static Photo ReadDeep(OpenPicture picture, SKColorSpace srgb)
    {
        var size = picture.Size;
        var rgb = GC.AllocateUninitializedArray<ushort>(3 * size.Width * size.Height);
        using var profile = picture.Codec.Info.ColorSpace;
        var reason = DeepPng.Read(picture.Path, size, png =>
        {
            var conversion = png is { HasColor: true, HasProfile: true } && profile is { IsSrgb: false }
                ? new DeepConversion(size.Width, profile, srgb)
                : null;
            return (pixels, x, step, y) =>
            {
                var shown = conversion is null ? pixels : conversion.Convert(pixels);
                var to = 3 * ((y * size.Width) + x);
                for (var from = 0; from < shown.Length; from += 4, to += 3 * step)
                {
                    rgb[to] = PictureOrientation.OnWhite(shown[from], shown[from + 3]);
                    rgb[to + 1] = PictureOrientation.OnWhite(shown[from + 1], shown[from + 3]);
                    rgb[to + 2] = PictureOrientation.OnWhite(shown[from + 2], shown[from + 3]);
                }
            };
        });
        return reason.Length == 0 ? PictureOrientation.Upright(rgb, size, picture.Codec.EncodedOrigin) : throw Error(picture.Path, reason);
    }

    private static SKData Encode(int width, int height, ReadOnlySpan<byte> rgb, Func<SKPixmap, SKData?> encode)
    {
        Check(width, height, rgb.Length);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = bitmap.GetPixelSpan();
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            pixels[to] = rgb[from];
            pixels[to + 1] = rgb[from + 1];
            pixels[to + 2] = rgb[from + 2];
            pixels[to + 3] = 255;
        }

        return Encode(bitmap, encode);
    }

    /// <summary>
    /// The encoder makes 16 bits of single precision only, which holds all of them, and gets them right only beside an alpha channel.
    /// </summary>
    private static SKData EncodeDeep(int width, int height, ReadOnlySpan<ushort> rgb)
    {
        Check(width, height, rgb.Length);
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.RgbaF32, SKAlphaType.Unpremul));
        var row = new float[4 * width];
        for (var y = 0; y < height; y++)
        {
            var levels = rgb.Slice(3 * y * width, 3 * width);
            for (int from = 0, to = 0; from < levels.Length; from += 3, to += 4)
            {
                row[to] = levels[from] / (float)DeepPng.White;
                row[to + 1] = levels[from + 1] / (float)DeepPng.White;
                row[to + 2] = levels[from + 2] / (float)DeepPng.White;
                row[to + 3] = 1;
            }

            Marshal.Copy(row, 0, bitmap.GetAddress(0, y), row.Length);
        }

        return Encode(bitmap, Png);
    }

    private static void Check(int width, int height, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        PictureLimits.Check((long)width * height);
        if (length != 3 * width * height)
        {
            throw new ArgumentException($"rgb has {length} values; {height} x {width} x 3 = {3 * width * height} are required.", "rgb");
        }
    }

    private static SKData Encode(SKBitmap bitmap, Func<SKPixmap, SKData?> encode)
    {
        using var pixmap = bitmap.PeekPixels();
        return encode(pixmap) ?? throw new InvalidOperationException($"a picture of {bitmap.Width} x {bitmap.Height} pixels cannot be encoded.");
    }
}
