namespace Gmm.Data.Images;

/// <summary>Describes how <see cref="PictureFolder"/> reads.</summary>
public sealed record PictureOptions
{
    /// <summary>
    /// Whether every pixel of a large JPEG is decoded. Otherwise a JPEG of more than 256 x 256 pixels is decoded at 1/8 of its width and height,
    /// where one pixel is the mean of a block of 8 x 8: two to three times as fast; <see cref="PictureFolder"/> says how far the means differ. All
    /// other pictures are decoded in full anyway.
    /// </summary>
    public bool Exact { get; init; }

    /// <summary>A picture with more pixels is refused from its header, before memory is taken for it; 1 to 500 million.</summary>
    public long MaxPixels { get; init; } = PictureLimits.DefaultPixels;

    /// <summary>Limits how many pictures are decoded at the same time; -1 for one per processor. The result does not depend on it.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Told after each file, by one thread at a time; the count of files only grows.</summary>
    public IProgress<PictureProgress>? Progress { get; init; }
}

/// <summary>Tells how far a <see cref="PictureFolder"/> is.</summary>
/// <param name="Done">Files read or skipped so far.</param>
/// <param name="Total">All files.</param>
/// <param name="Skipped">How many of those done were skipped.</param>
public readonly record struct PictureProgress(int Done, int Total, int Skipped);

internal static class PictureLimits
{
    internal const long DefaultPixels = 100_000_000;

    /// <summary>Four bytes for each of them still fit in one span.</summary>
    private const long MostPixels = 500_000_000;

    /// <summary>
    /// Limits the bytes of a file: no format needs more than 16 bits for each of four channels; the rest is for profiles and comments.
    /// </summary>
    internal static long MaxBytes(long maxPixels) => (8 * maxPixels) + (1 << 20);

    internal static void Check(long maxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPixels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPixels, MostPixels);
    }
}
