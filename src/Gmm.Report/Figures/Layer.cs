using ScottPlot;
using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>Anything drawn between the axes by a function of its own.</summary>
internal sealed class Layer(Action<SKCanvas, SKPaint, IAxes> draw) : IPlottable
{
    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    // The axes are always set by hand.
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var paint = new SKPaint { IsAntialias = true };
        draw(rp.Canvas, paint, Axes);
    }
}
