namespace Gmm.Data.Images;

/// <summary>
/// Describes one picture and its mean color. A mean is the sum of a channel's values (0 to 255; in 16 bits with 257 steps for each level) over all
/// pixels, divided by 256 x Width x Height: the whole sum first, exactly, then one division.
/// </summary>
/// <param name="File">The path below the folder, with '/' between the parts. It may hold any character that a file name may hold.</param>
/// <param name="Category">The name of the first sub-folder; null for a picture that lies directly in the folder.</param>
/// <param name="Width">In pixels, as stored: before any rotation that the camera asks for.</param>
/// <param name="Height">In pixels, as stored.</param>
/// <param name="Red">0 to 255/256.</param>
/// <param name="Green">0 to 255/256.</param>
/// <param name="Blue">0 to 255/256.</param>
public sealed record Picture(string File, string? Category, int Width, int Height, double Red, double Green, double Blue);

/// <summary>Names a file or sub-folder that was not read.</summary>
/// <param name="File">The path below the folder, with '/' between the parts; a folder ends in '/'.</param>
/// <param name="Reason">One line without the name: "truncated: the file ends before the picture does".</param>
public sealed record SkippedPicture(string File, string Reason);

/// <summary>Holds the findings of <see cref="PictureFolder"/>.</summary>
public sealed class PictureTable
{
    internal PictureTable(IReadOnlyList<Picture> pictures, IReadOnlyList<SkippedPicture> skipped)
    {
        Pictures = pictures;
        Skipped = skipped;
    }

    /// <summary>The N pictures, sorted by <see cref="Picture.File"/> (ordinal).</summary>
    public IReadOnlyList<Picture> Pictures { get; }

    /// <summary>Gives the files that were not read, sorted by <see cref="SkippedPicture.File"/> (ordinal).</summary>
    public IReadOnlyList<SkippedPicture> Skipped { get; }

    /// <summary>Gives red, green and blue of every picture, row-major [N x 3]; a new array.</summary>
    public double[] Rows()
    {
        var rows = new double[3 * Pictures.Count];
        for (var i = 0; i < Pictures.Count; i++)
        {
            rows[3 * i] = Pictures[i].Red;
            rows[(3 * i) + 1] = Pictures[i].Green;
            rows[(3 * i) + 2] = Pictures[i].Blue;
        }

        return rows;
    }
}
