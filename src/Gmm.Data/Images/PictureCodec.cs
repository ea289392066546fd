using System.Globalization;
using SkiaSharp;

namespace Gmm.Data.Images;

/// <summary>Opens and decodes, with the failure as a value: one line that says why this file is not read.</summary>
internal static class PictureCodec
{
    internal const string Truncated = "truncated: the file ends before the picture does";
    internal const string Damaged = "damaged: it cannot be decoded";

    /// <summary>Reads the header.</summary>
    /// <returns>The picture, which holds the file open; or null, and the reason.</returns>
    internal static OpenPicture? Open(string path, long maxPixels, out string reason)
    {
        var isDeep = false;
        try
        {
            reason = Look(path, maxPixels, out isDeep);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reason = Reason(e);
        }

        if (reason.Length > 0)
        {
            return null;
        }

        // Not from memory that maps the file: a file that another process cuts short meanwhile would end this one.
        var codec = SKCodec.Create(path);
        if (codec is null)
        {
            reason = "damaged: its header cannot be read";
            return null;
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > maxPixels)
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"too large: {width} x {height} pixels; at most {maxPixels} are read");
            codec.Dispose();
            return null;
        }

        return new OpenPicture(path, codec, isDeep);
    }

    /// <summary>Decodes the first frame as red, green, blue, alpha, 8 bits each, the colors not multiplied by alpha.</summary>
    /// <param name="codec">An open picture.</param>
    /// <param name="size">Its own size, or a smaller one that it offers.</param>
    /// <param name="space">The color space to convert to; null leaves the numbers as they are in the file.</param>
    /// <param name="reason">Why there is no result.</param>
    /// <returns>Pixels without gaps between the rows, or null.</returns>
    internal static SKBitmap? Decode(SKCodec codec, SKSizeI size, SKColorSpace? space, out string reason)
    {
        var alpha = codec.Info.IsOpaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha, space);
        var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(info, info.RowBytes))
        {
            bitmap.Dispose();
            reason = string.Create(CultureInfo.InvariantCulture, $"needs {info.BytesSize64} bytes of memory, which are not there");
            return null;
        }

        var result = codec.GetPixels(info, bitmap.GetPixels());
        if (result == SKCodecResult.Success)
        {
            reason = "";
            return bitmap;
        }

        bitmap.Dispose();
        reason = result switch
        {
            SKCodecResult.IncompleteInput => Truncated,
            SKCodecResult.ErrorInInput or SKCodecResult.InvalidInput => Damaged,
            _ => $"cannot be decoded ({result})",
        };
        return null;
    }

    /// <summary>Tells what the operating system refused, without the name of the file.</summary>
    internal static string Reason(Exception e) => FileFailure.Describe("", "cannot be read", e).Message[": ".Length..];

    private static string Look(string path, long maxPixels, out bool isDeep)
    {
        isDeep = false;
        var target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
        {
            return "is a folder; a file is required";
        }

        // A pipe or a device has no length either, and opening one may wait for ever.
        var length = new FileInfo(target).Length;
        if (length == 0)
        {
            return "the file is empty";
        }

        Span<byte> start = stackalloc byte[ForeignPicture.Length];
        using (var stream = new FileStream(target, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        if (!PictureSignature.IsKnown(start))
        {
            return ForeignPicture.Describe(start, path) ?? "not a picture; JPEG, PNG, WebP, BMP and GIF are read";
        }

        isDeep = DeepPng.Is(start);
        var most = PictureLimits.MaxBytes(maxPixels);
        return length > most ? string.Create(CultureInfo.InvariantCulture, $"too large: {length} bytes; at most {most} are read") : "";
    }
}
