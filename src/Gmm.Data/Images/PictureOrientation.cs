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
        var shown = new Order(bitmap.Width, bitmap.Height, origin);
        var rgb = GC.AllocateUninitializedArray<byte>(3 * shown.Width * shown.Height);
        var pixels = bitmap.GetPixelSpan();
        var to = 0;
        for (var y = 0; y < shown.Height; y++)
        {
            var from = Channels * shown.First(y);
            for (var x = 0; x < shown.Width; x++)
            {
                var pixel = pixels.Slice(from, Channels);
                rgb[to] = OnWhite(pixel[0], pixel[3]);
                rgb[to + 1] = OnWhite(pixel[1], pixel[3]);
                rgb[to + 2] = OnWhite(pixel[2], pixel[3]);
                from += Channels * shown.StepX;
                to += 3;
            }
        }

        return new Photo(shown.Width, shown.Height, rgb);
    }

    /// <summary>Turns a picture of 16 bits.</summary>
    /// <param name="rgb">[height x width x 3], as stored.</param>
    /// <param name="size">As stored.</param>
    /// <param name="origin">Where its first row and column belong.</param>
    internal static Photo Upright(ushort[] rgb, SKSizeI size, SKEncodedOrigin origin)
    {
        var shown = new Order(size.Width, size.Height, origin);
        if (shown is { Start: 0, StepX: 1 })
        {
            return new Photo(size.Width, size.Height, rgb);
        }

        var turned = GC.AllocateUninitializedArray<ushort>(rgb.Length);
        var to = 0;
        for (var y = 0; y < shown.Height; y++)
        {
            var from = 3 * shown.First(y);
            for (var x = 0; x < shown.Width; x++, from += 3 * shown.StepX, to += 3)
            {
                rgb.AsSpan(from, 3).CopyTo(turned.AsSpan(to));
            }
        }

        return new Photo(shown.Width, shown.Height, turned);
    }

    /// <summary>Lays a color of 16 bits on white.</summary>
    internal static ushort OnWhite(ushort color, ushort alpha) =>
        (ushort)((((uint)alpha * color) + ((uint)(DeepPng.White - alpha) * DeepPng.White) + (DeepPng.White / 2)) / DeepPng.White);

    private static byte OnWhite(byte color, byte alpha) => (byte)(((alpha * color) + ((255 - alpha) * 255) + 127) / 255);

    /// <summary>The order of the stored pixels: pixel (x, y) as shown is pixel Start + x StepX + y StepY as stored.</summary>
    private readonly struct Order
    {
        internal Order(int width, int height, SKEncodedOrigin origin)
        {
            var (w, h) = (width, height);
            (Start, StepX, StepY) = origin switch
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
            (Width, Height) = origin >= SKEncodedOrigin.LeftTop ? (h, w) : (w, h);
        }

        internal int Start { get; }

        internal int StepX { get; }

        internal int StepY { get; }

        internal int Width { get; }

        internal int Height { get; }

        internal int First(int y) => Start + (y * StepY);
    }
}
