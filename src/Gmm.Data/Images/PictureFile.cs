using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>Makes small pictures for galleries.</summary>
public static class PictureFile
{
    private const int Quality = 80;
    private const int MaxEighths = 8;

    /// <summary>
    /// Makes a small JPEG of a picture: turned as EXIF asks, in sRGB, laid on white, the proportions kept. A picture that is small already keeps its
    /// size.
    /// </summary>
    /// <param name="path">A JPEG, PNG, WebP, BMP or GIF (its first frame).</param>
    /// <param name="maxSide">The longer side of the result in pixels, 1 to 4096.</param>
    /// <param name="maxPixels">A picture with more is refused from its header; 1 to 500 million.</param>
    /// <returns>A JPEG file (image/jpeg), about 3 kB for 96 pixels.</returns>
    /// <exception cref="TableFormatException">The file cannot be read, or is not such a picture: one line, the path first.</exception>
    public static byte[] Thumbnail(string path, int maxSide, long maxPixels = PictureLimits.DefaultPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxSide, 4096);
        PictureLimits.Check(maxPixels);
        using var picture = PictureCodec.Open(path, maxPixels, out var reason) ?? throw PhotoFile.Error(path, reason);
        var codec = picture.Codec;
        using var srgb = SKColorSpace.CreateSrgb();
        using var bitmap = PictureCodec.Decode(codec, DecodeSize(codec, maxSide), srgb, out reason) ?? throw PhotoFile.Error(path, reason);
        using var small = Shrink(bitmap, maxSide);
        return PhotoFile.Jpeg(PictureOrientation.Upright(small ?? bitmap, codec.EncodedOrigin), Quality);
    }

    /// <summary>Finds the smallest size that a JPEG can be decoded at and that is not too small yet.</summary>
    private static SKSizeI DecodeSize(SKCodec codec, int maxSide)
    {
        if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg)
        {
            for (var eighths = 1; eighths < MaxEighths; eighths++)
            {
                var size = codec.GetScaledDimensions(eighths / (float)MaxEighths);
                if (Math.Max(size.Width, size.Height) >= maxSide)
                {
                    return size;
                }
            }
        }

        return codec.Info.Size;
    }

    private static SKBitmap? Shrink(SKBitmap bitmap, int maxSide)
    {
        var side = Math.Max(bitmap.Width, bitmap.Height);
        if (side <= maxSide)
        {
            return null;
        }

        var size = new SKSizeI(Scale(bitmap.Width, maxSide, side), Scale(bitmap.Height, maxSide, side));
        return bitmap.Resize(size, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
    }

    private static int Scale(int length, int maxSide, int side) => Math.Max(1, (int)Math.Round((double)length * maxSide / side));
}
