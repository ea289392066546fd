using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>
/// Pixels turned as EXIF asks (EXIF 2.32, tag 274: where the first row and the first column of the file belong), and laid on white.
/// </summary>
internal static class PictureOrientation
{
    private const int Channels = 4;

    /// <summary>Gives red, green, blue of each pixel of <paramref name="bitmap"/> (Rgba8888, not premultiplied), as shown.</summary>
    internal static Photo Upright(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        var (w, h) = (bitmap.Width, bitmap.Height);

        // Pixel (x, y) of the result is pixel start + x dx + y dy of the file.
        var (start, dx, dy) = origin switch
        {
            SKEncodedOrigin.TopRight => (w - 1, -1, w),
            SKEncodedOrigin.BottomRight => ((w * h) - 1, -1, -w),
            SKEncodedOrigin.BottomLeft => (w * (h - 1), 1, -w),
            SKEncodedOrigin.LeftTop => (0, w, 1),
            SKEncodedOrigin.RightTop => (w * (h - 1), -w, 1),
            SKEncodedOrigin.RightBottom => ((w * h) - 1, -w, -1),
            SKEncodedOrigin.LeftBottom => (w - 1, w, -1),
            _ => (0, 1, w),
        };
        var (width, height) = origin >= SKEncodedOrigin.LeftTop ? (h, w) : (w, h);
        var rgb = GC.AllocateUninitializedArray<byte>(3 * width * height);
        var pixels = bitmap.GetPixelSpan();
        var to = 0;
        for (var y = 0; y < height; y++)
        {
            var from = Channels * (start + (y * dy));
            for (var x = 0; x < width; x++)
            {
                var pixel = pixels.Slice(from, Channels);
                rgb[to] = OnWhite(pixel[0], pixel[3]);
                rgb[to + 1] = OnWhite(pixel[1], pixel[3]);
                rgb[to + 2] = OnWhite(pixel[2], pixel[3]);
                from += Channels * dx;
                to += 3;
            }
        }

        return new Photo(width, height, rgb);
    }

    private static byte OnWhite(int color, int alpha) => (byte)(((alpha * color) + ((255 - alpha) * 255) + 127) / 255);
}
