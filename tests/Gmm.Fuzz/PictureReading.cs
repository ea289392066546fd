using Gmm.Data;
using Gmm.Data.Images;

namespace Gmm.Fuzz;

/// <summary>Pictures: whole, as a thumbnail and as a mean color. The decoders are native code: one that ends the process leaves its input in the folder.</summary>
internal static class PictureReading
{
    /// <summary>A header of a few bytes may honestly claim this many; more are refused from the header.</summary>
    private const long MaxPixels = 1 << 18;

    private static readonly string s_folder = Directory.CreateTempSubdirectory("gmm-fuzz-").FullName;

    private static readonly string[] s_tokens =
    [
        "\u00ff\u00d8", "\u00ff\u00da", "\u00ff\u00c4", "\u00ff\u00c0", "\u00ff\u00d9", "\u00ff\u00e1", "IHDR", "IDAT", "PLTE", "IEND", "tRNS", "acTL",
        "GIF89a", "VP8X", "VP8L", "ANIM", "BM", "Exif\0\0",
    ];

    /// <summary>
    /// Three bytes a pixel, six of a picture of 16 bits and six more where it is turned; the decoder's own four are not the runtime's.
    /// </summary>
    internal static Reader Reader { get; } = new(
        "images", s_tokens, typeof(TableFormatException),
        bytes => PhotoFile.Read(Put(bytes), MaxPixels),
        bytes => PictureFile.Thumbnail(Put(bytes), 16, MaxPixels),
        bytes => Folder(bytes))
    { Check = Check, FixedBytes = (12 * MaxPixels) + (1 << 20) };

    private static string Put(byte[] bytes)
    {
        var path = Path.Combine(s_folder, "picture");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static PictureTable Folder(byte[] bytes)
    {
        Put(bytes);
        return PictureFolder.Read(s_folder, new PictureOptions { MaxPixels = MaxPixels, MaxDegreeOfParallelism = 1 });
    }

    private static string? Check(object?[] answers)
    {
        var (photo, table) = ((Photo?)answers[0], (PictureTable)answers[2]!);
        if (photo is not null && photo.Rgb.Length != 3 * photo.Width * photo.Height) return "the pixels do not fit the size";
        if (photo?.Rgb16 is { } deep && deep.Length != photo.Rgb.Length) return "the pixels of 16 bits do not fit the size";
        if ((photo is null) != (table.Pictures.Count == 0)) return "the photograph and the mean color disagree on whether this is a picture";
        if (table.Pictures.Count + table.Skipped.Count != 1) return "one file must be one picture or one reason";
        return table.Rows().All(mean => mean is >= 0 and < 1) ? null : "a mean is not in 0..1";
    }
}
