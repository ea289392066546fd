using ScottPlot;
using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>Colors that are no component's, and how one becomes another.</summary>
internal static class Ink
{
    public static Rgb Text { get; } = new(32, 32, 32);

    public static Rgb Quiet { get; } = new(96, 96, 96);

    public static Rgb Curve { get; } = new(64, 64, 64);

    public static Rgb Frame { get; } = new(128, 128, 128);

    public static Rgb Grid { get; } = new(232, 232, 232);

    public static Rgb Bars { get; } = new(214, 214, 214);

    public static SKColor Sk(this Rgb color, double alpha = 1) => new(color.Red, color.Green, color.Blue, (byte)Math.Round(alpha * 255));

    public static Color Plot(this Rgb color, double alpha = 1) => new(color.Red, color.Green, color.Blue, (byte)Math.Round(alpha * 255));

    /// <summary>A component's color for lines: dark enough to be seen on its own points and on white.</summary>
    public static Rgb Line(int component)
    {
        var color = Palette.Component(component);
        return new((byte)(color.Red * 0.66), (byte)(color.Green * 0.66), (byte)(color.Blue * 0.66));
    }
}
