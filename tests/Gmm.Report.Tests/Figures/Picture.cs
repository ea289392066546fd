using System.Xml.Linq;
using Gmm.Report.Figures;
using SkiaSharp;

namespace Gmm.Report.Tests.Figures;

/// <summary>A figure as a reader of its files gets it, and where its panels lie.</summary>
internal sealed class Picture : IDisposable
{
    private readonly SKBitmap _bitmap;
    private readonly double _scale;

    private Picture(FigureFile figure, double scale)
    {
        using var file = new MemoryStream();
        figure.SavePng(file, scale: scale);
        _bitmap = SKBitmap.Decode(file.ToArray());
        _scale = scale;

        // The same layout again, on a canvas that keeps nothing, to learn where it puts things.
        using var recorder = new SKPictureRecorder();
        var canvas = recorder.BeginRecording(new SKRect(0, 0, figure.Width, figure.Height));
        Panels = Painter.Paint(canvas, figure.Scene, figure.Width, figure.Height, isVector: false);
    }

    public IReadOnlyList<PlacedPanel> Panels { get; }

    public int Width => _bitmap.Width;

    public int Height => _bitmap.Height;

    public static Picture Of(FigureFile figure, double scale = 2) => new(figure, scale);

    public static XDocument Svg(FigureFile figure)
    {
        using var file = new MemoryStream();
        figure.SaveSvg(file);
        file.Position = 0;
        return XDocument.Load(file);
    }

    /// <summary>The texts of an SVG file.</summary>
    public static List<string> Texts(XDocument svg) =>
        [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value.Trim())];

    public void Dispose() => _bitmap.Dispose();

    /// <summary>The color at a point given in units of the data.</summary>
    public Rgb At(int panel, double x, double y)
    {
        var (left, top) = Panels[panel].Pixel(x, y);
        return Pixel((int)(left * _scale), (int)(top * _scale));
    }

    /// <summary>Whether a color, give or take a little, lies within some pixels of a point given in units of the data.</summary>
    public bool Has(Rgb color, int panel, double x, double y, double within = 1.5)
    {
        var (left, top) = Panels[panel].Pixel(x, y);
        var reach = (int)Math.Ceiling(within * _scale);
        for (var dy = -reach; dy <= reach; dy++)
        {
            for (var dx = -reach; dx <= reach; dx++)
            {
                if (IsNear(Pixel((int)(left * _scale) + dx, (int)(top * _scale) + dy), color)) return true;
            }
        }
        return false;
    }

    /// <summary>Number of pixels in a rectangle, in pixels of scale 1, of a kind.</summary>
    public int Count(double left, double top, double right, double bottom, Func<Rgb, bool> isCounted)
    {
        var count = 0;
        for (var y = (int)(top * _scale); y < Math.Min(Height, bottom * _scale); y++)
        {
            for (var x = (int)(left * _scale); x < Math.Min(Width, right * _scale); x++)
            {
                if (isCounted(Pixel(x, y))) count++;
            }
        }
        return count;
    }

    public static bool IsNear(Rgb a, Rgb b) => Math.Abs(a.Red - b.Red) + Math.Abs(a.Green - b.Green) + Math.Abs(a.Blue - b.Blue) <= 24;

    public static bool IsDark(Rgb color) => color.Red + color.Green + color.Blue < 3 * 128;

    /// <summary>A color of some opacity on white.</summary>
    public static Rgb OnWhite(Rgb color, double alpha) => new(Blend(color.Red, alpha), Blend(color.Green, alpha), Blend(color.Blue, alpha));

    public Rgb Pixel(int x, int y)
    {
        var color = _bitmap.GetPixel(Math.Clamp(x, 0, Width - 1), Math.Clamp(y, 0, Height - 1));
        return new(color.Red, color.Green, color.Blue);
    }

    private static byte Blend(byte value, double alpha) => (byte)Math.Round(255 + alpha * (value - 255));
}
