using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>
/// Computes the mean of each channel: sum / (256 x width x height), in levels from 0 to 255. A picture of 16 bits has 257 steps for each level.
/// <para>
/// At 1/8 scale a JPEG decoder returns the constant term of each 8 x 8 cosine transform, which is the mean of the block (ITU-T T.81, A.3.3). Each
/// counts with the number of pixels that the picture has of its block, so the last column of a picture 1601 pixels wide counts with 1 of 8. What
/// remains is rounding, and that the full decoder cuts off what overshoots 0..255 inside a block, which the mean of the block does not know.
/// </para>
/// <para>
/// A transparent pixel counts as it looks on white: (a c + (255 - a) 255) / 255, not rounded, but kept in 255ths until the one division. The
/// alternative, the color stored under the transparency, is a color that nobody sees (most often black).
/// </para>
/// </summary>
internal static class MeanColor
{
    private const int BlockSide = 8;
    private const int SmallPixels = 256 * 256;
    private const int Channels = 4;
    private const int StepsPerLevel = DeepPng.White / byte.MaxValue;

    /// <summary>Reads one picture; null and a reason when that cannot be done.</summary>
    internal static Picture? Read(string path, string file, PictureOptions options, DecodeBudget budget, CancellationToken token, out string reason)
    {
        using var picture = PictureCodec.Open(path, options.MaxPixels, out reason);
        if (picture is null)
        {
            return null;
        }

        var (codec, full) = (picture.Codec, picture.Size);
        var size = options.Exact ? full : Scaled(codec);
        var bytes = picture.IsDeep ? DecodeBudget.EstimateRows(full) : DecodeBudget.Estimate(full, size);
        budget.Take(bytes, token);
        try
        {
            if (picture.IsDeep)
            {
                return OfDeep(path, full, file, out reason);
            }

            using var bitmap = PictureCodec.Decode(codec, size, space: null, out reason);
            return bitmap is null ? null : Mean(bitmap, full, file);
        }
        finally
        {
            budget.Return(bytes);
        }
    }

    private static SKSizeI Scaled(SKCodec codec)
    {
        var full = codec.Info.Size;
        if (codec.EncodedFormat != SKEncodedImageFormat.Jpeg || (long)full.Width * full.Height <= SmallPixels)
        {
            return full;
        }

        var blocks = new SKSizeI((full.Width + BlockSide - 1) / BlockSide, (full.Height + BlockSide - 1) / BlockSide);
        return codec.GetScaledDimensions(1f / BlockSide) == blocks ? blocks : full;
    }

    private static Picture Mean(SKBitmap bitmap, SKSizeI full, string file)
    {
        var opaque = bitmap.AlphaType == SKAlphaType.Opaque;
        var sum = opaque ? Sum(bitmap, full) : SumOverWhite(bitmap);
        return Divide(sum, full, opaque ? 1 : 255, file);
    }

    /// <summary>Makes the one division: <paramref name="steps"/> of what was summed are a level.</summary>
    private static Picture Divide((long Red, long Green, long Blue) sum, SKSizeI full, long steps, string file)
    {
        var divisor = 256.0 * full.Width * full.Height * steps;
        var slash = file.IndexOf('/');
        var category = slash < 0 ? null : file[..slash];
        return new Picture(file, category, full.Width, full.Height, sum.Red / divisor, sum.Green / divisor, sum.Blue / divisor);
    }

    private static Picture? OfDeep(string path, SKSizeI full, string file, out string reason)
    {
        (long Red, long Green, long Blue) sum = default;
        var hasAlpha = false;
        reason = DeepPng.Read(path, full, png =>
        {
            hasAlpha = png.HasAlpha;
            return hasAlpha ? AddOverWhite : Add;
        });
        return reason.Length > 0 ? null : Divide(sum, full, StepsPerLevel * (hasAlpha ? (long)DeepPng.White : 1), file);

        void Add(ReadOnlySpan<ushort> pixels, int x, int step, int y)
        {
            for (var i = 0; i < pixels.Length; i += Channels)
            {
                sum.Red += pixels[i];
                sum.Green += pixels[i + 1];
                sum.Blue += pixels[i + 2];
            }
        }

        // In 65535ths.
        void AddOverWhite(ReadOnlySpan<ushort> pixels, int x, int step, int y)
        {
            for (var i = 0; i < pixels.Length; i += Channels)
            {
                long alpha = pixels[i + 3];
                var white = (DeepPng.White - alpha) * DeepPng.White;
                sum.Red += (alpha * pixels[i]) + white;
                sum.Green += (alpha * pixels[i + 1]) + white;
                sum.Blue += (alpha * pixels[i + 2]) + white;
            }
        }
    }

    private static (long Red, long Green, long Blue) Sum(SKBitmap bitmap, SKSizeI full)
    {
        var side = bitmap.Width == full.Width && bitmap.Height == full.Height ? 1 : BlockSide;
        var lastColumn = full.Width - (side * (bitmap.Width - 1));
        var lastRow = full.Height - (side * (bitmap.Height - 1));
        var rowBytes = Channels * bitmap.Width;
        var pixels = bitmap.GetPixelSpan();
        (long Red, long Green, long Blue) sum = default;
        for (var y = 0; y < bitmap.Height; y++)
        {
            var row = pixels.Slice(y * rowBytes, rowBytes);
            var (red, green, blue) = RowSum(row[..^Channels]);
            var last = row[^Channels..];
            var weight = y < bitmap.Height - 1 ? side : lastRow;
            sum.Red += weight * ((side * red) + (lastColumn * last[0]));
            sum.Green += weight * ((side * green) + (lastColumn * last[1]));
            sum.Blue += weight * ((side * blue) + (lastColumn * last[2]));
        }

        return sum;
    }

    private static (long Red, long Green, long Blue) RowSum(ReadOnlySpan<byte> row)
    {
        long red = 0, green = 0, blue = 0;
        for (var i = 0; i + 3 < row.Length; i += Channels)
        {
            red += row[i];
            green += row[i + 1];
            blue += row[i + 2];
        }

        return (red, green, blue);
    }

    /// <summary>Gives the mean in 255ths.</summary>
    private static (long Red, long Green, long Blue) SumOverWhite(SKBitmap bitmap)
    {
        var pixels = bitmap.GetPixelSpan();
        (long Red, long Green, long Blue) sum = default;
        for (var i = 0; i + 3 < pixels.Length; i += Channels)
        {
            int alpha = pixels[i + 3];
            var white = (255 - alpha) * 255;
            sum.Red += (alpha * pixels[i]) + white;
            sum.Green += (alpha * pixels[i + 1]) + white;
            sum.Blue += (alpha * pixels[i + 2]) + white;
        }

        return sum;
    }
}
