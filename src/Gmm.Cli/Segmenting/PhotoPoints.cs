using System.Numerics;
using System.Runtime.InteropServices;
using Gmm.Data.Images;

namespace Gmm.Cli.Segmenting;

/// <summary>Names the meaning of a color's three numbers.</summary>
internal enum ColorSpace
{
    /// <summary>sRGB, 0 to 255, with fractions where the picture has 16 bits.</summary>
    Rgb,

    /// <summary>CIE 1976 L*a*b*, L* from 0 to 100.</summary>
    Lab,
}

/// <summary>Turns the pixels of a photograph into points, and colors among their coordinates back into levels of 8 or 16 bits.</summary>
internal sealed class PhotoPoints(ColorSpace space, double? position)
{
    private const int Channels = 3;
    private const double White = 255;

    public IReadOnlyList<string> Columns { get; } =
    [
        .. space == ColorSpace.Lab ? new[] { "L", "a", "b" } : ["red", "green", "blue"],
        .. position is null ? Array.Empty<string>() : ["x", "y"],
    ];

    /// <summary>3, or 5 with the place.</summary>
    public int Dimension => Columns.Count;

    /// <summary>Gives [C x 3], colors of 8 bits without a place.</summary>
    /// <param name="rgb">[C x 3], red, green and blue.</param>
    public double[] Of(ReadOnlySpan<byte> rgb)
    {
        var points = new double[rgb.Length];
        Fill(rgb, points);
        return points;
    }

    /// <summary>Gives [N x D], the pixels from the top left corner row by row.</summary>
    public double[] Of(Photo photo, ParallelOptions parallel)
    {
        var d = Dimension;
        var pixels = photo.Width * photo.Height;
        if ((long)pixels * d > Array.MaxLength) throw CommandFailure.Input($"{pixels} pixels of {d} numbers are too many for one fit");
        var points = GC.AllocateUninitializedArray<double>(pixels * d);
        var range = space == ColorSpace.Lab ? 100 : White;
        var scale = (position ?? 0) * range / Math.Max(1, Math.Max(photo.Width, photo.Height) - 1);
        Parallel.For(0, photo.Height, parallel, y =>
        {
            var (first, line) = (y * photo.Width, new double[photo.Width * Channels]);
            if (photo.Rgb16 is { } deep) Fill<ushort>(deep.AsSpan(first * Channels, line.Length), line);
            else Fill<byte>(photo.Rgb.AsSpan(first * Channels, line.Length), line);
            for (var x = 0; x < photo.Width; x++)
            {
                var point = points.AsSpan((first + x) * d, d);
                line.AsSpan(x * Channels, Channels).CopyTo(point);
                if (d > Channels) (point[Channels], point[Channels + 1]) = (x * scale, y * scale);
            }
        });
        return points;
    }

    /// <summary>
    /// Gives the step between two neighboring levels of a picture, in levels of 8 bits: 1, or of 16 bits the smallest difference that occurs. So a
    /// picture of 8, 10 or 12 bits in a file of 16 has the step that it was taken with.
    /// </summary>
    public static double Step(Photo photo)
    {
        if (photo.Rgb16 is not { } levels) return 1;
        var occurs = new bool[ushort.MaxValue + 1];
        foreach (var level in levels) occurs[level] = true;
        var (step, last) = (ushort.MaxValue / (int)White, -1);
        for (var level = 0; level < occurs.Length; level++)
        {
            if (!occurs[level]) continue;
            if (last >= 0) step = Math.Min(step, level - last);
            last = level;
        }
        return step * White / ushort.MaxValue;
    }

    /// <summary>Gives the color of a point as red, green, blue.</summary>
    /// <typeparam name="TLevel">byte or ushort.</typeparam>
    /// <param name="point">[3 or more], the color first.</param>
    /// <param name="rgb">[3].</param>
    public void ToRgb<TLevel>(ReadOnlySpan<double> point, Span<TLevel> rgb)
        where TLevel : unmanaged, IBinaryInteger<TLevel>, IMinMaxValue<TLevel>
    {
        if (space == ColorSpace.Lab)
        {
            if (typeof(TLevel) == typeof(ushort)) LabColor.ToSrgb(point[..Channels], MemoryMarshal.Cast<TLevel, ushort>(rgb));
            else LabColor.ToSrgb(point[..Channels], MemoryMarshal.Cast<TLevel, byte>(rgb));
            return;
        }
        var scale = double.CreateTruncating(TLevel.MaxValue) / White;
        for (var j = 0; j < Channels; j++) rgb[j] = TLevel.CreateSaturating(Math.Round(point[j] * scale));
    }

    private void Fill<TLevel>(ReadOnlySpan<TLevel> levels, Span<double> line)
        where TLevel : unmanaged, IBinaryInteger<TLevel>, IMinMaxValue<TLevel>
    {
        if (space == ColorSpace.Lab)
        {
            if (typeof(TLevel) == typeof(ushort)) LabColor.FromSrgb(MemoryMarshal.Cast<TLevel, ushort>(levels), line);
            else LabColor.FromSrgb(MemoryMarshal.Cast<TLevel, byte>(levels), line);
            return;
        }
        var scale = double.CreateTruncating(TLevel.MaxValue) / White;
        for (var i = 0; i < line.Length; i++) line[i] = double.CreateTruncating(levels[i]) / scale;
    }
}
