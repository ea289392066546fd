using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>
/// A figure, ready to be written any number of times. The same figure gives the same picture on every machine: fonts come with this library, and the
/// sample of points is fixed.
/// </summary>
public sealed partial class FigureFile
{
    private const int SmallestSide = 200;
    private const int LargestSide = 20_000;
    private const long MostPixels = 200_000_000;

    internal FigureFile(Scene scene) => Scene = scene;

    /// <summary>The headline.</summary>
    public string Title => Scene.Title;

    /// <summary>The width in pixels at scale 1 where no other is asked for.</summary>
    public int Width => Scene.Size.Width;

    /// <summary>The height in pixels at scale 1 where no other is asked for.</summary>
    public int Height => Scene.Size.Height;

    internal Scene Scene { get; }

    /// <summary>Writes the figure as a PNG file of (width x scale) x (height x scale) pixels.</summary>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <param name="width">At scale 1; 0 for <see cref="Width"/>.</param>
    /// <param name="height">At scale 1; 0 for <see cref="Height"/>.</param>
    /// <param name="scale">Pixels per pixel: 2 is sharp on today's screens and in print.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A side is not 200 to 20,000 pixels at scale 1, the scale is not 0.25 to 8, or the picture has more than 200 million pixels.
    /// </exception>
    public void SavePng(Stream stream, int width = 0, int height = 0, double scale = 2)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (width, height) = SizeOf(width, height);
        if (scale is not (>= 0.25 and <= 8)) throw Require.OutOfRange(nameof(scale), scale, "0.25 to 8 is required");
        var (pixelWidth, pixelHeight) = ((int)Math.Round(width * scale), (int)Math.Round(height * scale));
        if ((long)pixelWidth * pixelHeight > MostPixels)
        {
            throw Require.OutOfRange(
                nameof(scale), scale, $"the picture would be {pixelWidth} x {pixelHeight}; at most {MostPixels} pixels are allowed");
        }

        using var surface = SKSurface.Create(new SKImageInfo(pixelWidth, pixelHeight, SKColorType.Rgba8888, SKAlphaType.Premul))
            ?? throw new InvalidOperationException($"no memory for a picture of {pixelWidth} x {pixelHeight} pixels");
        surface.Canvas.Scale((float)scale);
        Painter.Paint(surface.Canvas, Scene, width, height, isVector: false);
        using var image = surface.Snapshot();
        using var file = image.Encode(SKEncodedImageFormat.Png, 100);
        file.SaveTo(stream);
    }

    /// <summary>Writes the figure as an SVG file; texts stay texts.</summary>
    /// <param name="stream">Receives the file; stays open.</param>
    /// <param name="width">In pixels; 0 for <see cref="Width"/>.</param>
    /// <param name="height">In pixels; 0 for <see cref="Height"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not 200 to 20,000 pixels.</exception>
    public void SaveSvg(Stream stream, int width = 0, int height = 0)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (width, height) = SizeOf(width, height);
        using var buffer = new MemoryStream();

        // The file is complete only when its canvas is gone.
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), buffer)) Painter.Paint(canvas, Scene, width, height, isVector: true);
        stream.Write(Encoding.UTF8.GetBytes(Finish(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length))));
    }

    // Quotes within texts are written as entities, so that what is looked for here is never part of one.
    private static string Finish(string svg)
    {
        // A viewer without the font would take any other; Verdana is drawn to nearly the same widths.
        svg = svg.Replace("font-family=\"DejaVu Sans\"", "font-family=\"DejaVu Sans, Verdana, sans-serif\"");

        // Clips are numbered through the life of the process. Numbered from 0 the same figure has the same bytes; with a hash of the rest before the
        // number, several figures may stand in one page.
        var numbers = new Dictionary<string, int>();
        svg = ClipNames().Replace(svg, match =>
        {
            if (!numbers.TryGetValue(match.Groups[2].Value, out var number)) numbers.Add(match.Groups[2].Value, number = numbers.Count);
            return $"{match.Groups[1].Value}clip-{number:x}";
        });
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(svg)).AsSpan(0, 6));
        return ClipNames().Replace(svg, match => $"{match.Groups[1].Value}clip-{hash}-{match.Groups[2].Value}");
    }

    [GeneratedRegex(@"(id=""|=""url\(#)(?:cl_|clip-)([0-9a-f]+)")]
    private static partial Regex ClipNames();

    private (int Width, int Height) SizeOf(int width, int height)
    {
        if (width == 0) width = Width;
        if (height == 0) height = Height;
        Require.Range(nameof(width), width, SmallestSide, LargestSide);
        Require.Range(nameof(height), height, SmallestSide, LargestSide);
        return (width, height);
    }
}
