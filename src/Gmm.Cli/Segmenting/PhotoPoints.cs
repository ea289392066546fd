using Gmm.Data.Images;

namespace Gmm.Cli.Segmenting;

/// <summary>Names the meaning of a color's three numbers.</summary>
internal enum ColorSpace
{
    /// <summary>sRGB, 0 to 255.</summary>
    Rgb,

    /// <summary>CIE 1976 L*a*b*, L* from 0 to 100.</summary>
    Lab,
}

/// <summary>Turns the pixels of a photograph into points, and colors among their coordinates back into bytes.</summary>
internal sealed class PhotoPoints(ColorSpace space, double? position)
{
    private const int Channels = 3;

    public IReadOnlyList<string> Columns { get; } =
    [
        .. space == ColorSpace.Lab ? new[] { "L", "a", "b" } : ["red", "green", "blue"],
        .. position is null ? Array.Empty<string>() : ["x", "y"],
    ];

    /// <summary>3, or 5 with the place.</summary>
    public int Dimension => Columns.Count;

    /// <summary>Gives [N x D], the pixels from the top left corner row by row.</summary>
    public double[] Of(Photo photo, ParallelOptions parallel)
    {
        var d = Dimension;
        var pixels = photo.Width * photo.Height;
        if ((long)pixels * d > Array.MaxLength) throw CommandFailure.Input($"{pixels} pixels of {d} numbers are too many for one fit");
        var points = GC.AllocateUninitializedArray<double>(pixels * d);
        var range = space == ColorSpace.Lab ? 100 : 255;
        var scale = (position ?? 0) * range / Math.Max(1, Math.Max(photo.Width, photo.Height) - 1);
        Parallel.For(0, photo.Height, parallel, y =>
        {
            var (first, line) = (y * photo.Width, new double[photo.Width * Channels]);
            var bytes = photo.Rgb.AsSpan(first * Channels, line.Length);
            if (space == ColorSpace.Lab)
            {
                LabColor.FromSrgb(bytes, line);
            }
            else
            {
                for (var i = 0; i < line.Length; i++) line[i] = bytes[i];
            }
            for (var x = 0; x < photo.Width; x++)
            {
                var point = points.AsSpan((first + x) * d, d);
                line.AsSpan(x * Channels, Channels).CopyTo(point);
                if (d > Channels) (point[Channels], point[Channels + 1]) = (x * scale, y * scale);
            }
        });
        return points;
    }

    /// <summary>Gives the color of a point as red, green, blue.</summary>
    /// <param name="point">[3 or more], the color first.</param>
    /// <param name="rgb">[3].</param>
    public void ToRgb(ReadOnlySpan<double> point, Span<byte> rgb)
    {
        if (space == ColorSpace.Lab)
        {
            LabColor.ToSrgb(point[..Channels], rgb);
            return;
        }
        for (var j = 0; j < Channels; j++) rgb[j] = (byte)Math.Clamp(Math.Round(point[j]), 0, 255);
    }
}
