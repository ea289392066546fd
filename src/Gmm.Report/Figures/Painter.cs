using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>
/// Lays out a scene and draws it. Texts, legend and names of axes are placed here, from measured widths, so that nothing is cut off and all panels of
/// a grid have data areas of the same size; the axes and what lies between them are the plotting library's.
/// </summary>
internal sealed class Painter : IDisposable
{
    private const float Margin = 14;
    private const float Gap = 10;

    private readonly SKCanvas _canvas;
    private readonly Scene _scene;
    private readonly int _width;
    private readonly int _height;
    private readonly bool _isVector;
    private readonly SKPaint _paint = new() { IsAntialias = true };
    private readonly SKFont _titleFont = BundledFont.Of(17, bold: true);
    private readonly SKFont _panelFont = BundledFont.Of(13, bold: true);
    private readonly SKFont _textFont = BundledFont.Of(13);
    private readonly SKFont _tickFont = BundledFont.Of(11.5f);
    private readonly SKFont _noteFont = BundledFont.Of(11);

    private Painter(SKCanvas canvas, Scene scene, int width, int height, bool isVector) =>
        (_canvas, _scene, _width, _height, _isVector) = (canvas, scene, width, height, isVector);

    /// <summary>Draws the scene into the rectangle from 0 to width and height; says where the panels lie.</summary>
    public static List<PlacedPanel> Paint(SKCanvas canvas, Scene scene, int width, int height, bool isVector)
    {
        using var painter = new Painter(canvas, scene, width, height, isVector);
        return painter.Paint();
    }

    public void Dispose()
    {
        _paint.Dispose();
        _titleFont.Dispose();
        _panelFont.Dispose();
        _textFont.Dispose();
        _tickFont.Dispose();
        _noteFont.Dispose();
    }

    private List<PlacedPanel> Paint()
    {
        _paint.Color = SKColors.White;
        _canvas.DrawRect(0, 0, _width, _height, _paint);
        var top = Margin;
        top = Paragraph(_scene.Title, _titleFont, Ink.Text, top, 2);
        if (_scene.Subtitle.Length > 0) top = Paragraph(_scene.Subtitle, _textFont, Ink.Quiet, top + 2, 3);
        if (_scene.Legend.Count > 0) top = Legend(top + 6);
        var bottom = Notes();
        return Grid(new SKRect(Margin, top + Gap, _width - Margin, bottom - Gap));
    }

    private float Paragraph(string text, SKFont font, Rgb color, float top, int maxLines)
    {
        foreach (var line in Text.Wrap(text, _width - 2 * Margin, font, maxLines))
        {
            Write(line, Margin, top - font.Metrics.Ascent, SKTextAlign.Left, font, color);
            top += font.Spacing;
        }
        return top;
    }

    private void Write(string text, float x, float baseline, SKTextAlign align, SKFont font, Rgb color)
    {
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color.Sk();
        _canvas.DrawText(text, x, baseline, align, font, _paint);
    }

    // From left to right in as many lines as it takes, four at most.
    private float Legend(float top)
    {
        const int MaxLines = 4;
        const float MarkWidth = 18;
        var line = _textFont.Spacing + 2;
        var middle = line / 2;
        var (x, used) = (Margin, 1);
        if (_scene.LegendTitle.Length > 0)
        {
            Write(_scene.LegendTitle, x, top + middle + _textFont.Size * 0.36f, SKTextAlign.Left, _textFont, Ink.Text);
            x += _textFont.MeasureText(_scene.LegendTitle) + 12;
        }
        for (var i = 0; i < _scene.Legend.Count; i++)
        {
            var entry = _scene.Legend[i];
            var text = Text.Shorten(entry.Text, _width / 3f, _textFont);
            var width = MarkWidth + _textFont.MeasureText(text);
            var more = $"and {Numbers.Count(_scene.Legend.Count - i)} more";
            var reserve = used == MaxLines && i < _scene.Legend.Count - 1 ? _textFont.MeasureText(more) + 16 : 0;
            if (x + width + reserve > _width - Margin && x > Margin)
            {
                if (used == MaxLines)
                {
                    Write(more, x, top + middle + _textFont.Size * 0.36f, SKTextAlign.Left, _textFont, Ink.Quiet);
                    break;
                }
                (x, top, used) = (Margin, top + line, used + 1);
            }
            Marks.Draw(_canvas, _paint, entry.Shape, x + 6, top + middle, 5.5f, entry.Color);
            Write(text, x + MarkWidth, top + middle + _textFont.Size * 0.36f, SKTextAlign.Left, _textFont, Ink.Text);
            x += width + 16;
        }
        return top + line;
    }

    // From the bottom up; what comes back is where they begin.
    private float Notes()
    {
        var text = string.Join(" ", _scene.Notes);
        var lines = Text.Wrap(text, _width - 2 * Margin, _noteFont, 4);
        var top = _height - Margin - lines.Count * _noteFont.Spacing;
        for (var i = 0; i < lines.Count; i++)
            Write(lines[i], Margin, top + i * _noteFont.Spacing - _noteFont.Metrics.Ascent, SKTextAlign.Left, _noteFont, Ink.Quiet);
        return top;
    }

    private List<PlacedPanel> Grid(SKRect area)
    {
        var (rows, columns) = (_scene.Panels.GetLength(0), _scene.Panels.GetLength(1));
        var (lefts, tops, bottoms) = (new float[columns], new float[rows], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (_scene.Panels[row, column] is not { } panel) continue;
                lefts[column] = Math.Max(lefts[column], LeftOf(panel, area.Height / rows));
                tops[row] = Math.Max(tops[row], panel.Title.Length > 0 ? _panelFont.Spacing + 4 : 0);
                bottoms[row] = Math.Max(bottoms[row], panel.ShowsX && panel.Message is null ? _tickFont.Spacing + _textFont.Spacing + 10 : 0);
            }
        }
        // The last label of an axis may stand out to the right by half its width.
        const float Right = 12;
        var width = (area.Width - lefts.Sum() - columns * Right) / columns;
        var height = (area.Height - tops.Sum() - bottoms.Sum() - (rows - 1) * Gap) / rows;
        if (width < 1 || height < 1) return [];

        var placed = new List<PlacedPanel>();
        var y = area.Top;
        for (var row = 0; row < rows; row++)
        {
            var x = area.Left;
            y += tops[row];
            for (var column = 0; column < columns; column++)
            {
                x += lefts[column];
                if (_scene.Panels[row, column] is { } panel)
                {
                    var data = new PixelRect(x, x + width, y + height, y);
                    Draw(panel, data);
                    placed.Add(new(panel, data));
                }
                x += width + Right;
            }
            y += height + bottoms[row] + Gap;
        }
        return placed;
    }

    private float LeftOf(Panel panel, float height)
    {
        if (!panel.ShowsY || panel.Message is not null) return 0;
        float widest = 0;
        foreach (var label in panel.Y.Ticks(height, _tickFont, isVertical: true).Labels) widest = Math.Max(widest, _tickFont.MeasureText(label));
        return widest + _textFont.Spacing + 22;
    }

    private void Draw(Panel panel, PixelRect data)
    {
        if (panel.Title.Length > 0)
        {
            var title = Text.Shorten(panel.Title, data.Width, _panelFont);
            Write(title, data.Left, data.Top - 6, SKTextAlign.Left, _panelFont, Ink.Text);
        }
        if (panel.Message is { } message)
        {
            var shown = Text.Shorten(message, data.Width, _textFont);
            Write(shown, data.Left + data.Width / 2, data.Top + data.Height / 2, SKTextAlign.Center, _textFont, Ink.Quiet);
            return;
        }
        using var plot = new Plot();
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.FigureBackground.Color = Colors.Transparent;
        plot.Axes.SetLimits(panel.X.Min, panel.X.Max, panel.Y.Min, panel.Y.Max);
        plot.Grid.MajorLineColor = Ink.Grid.Plot();
        Axis(plot.Axes.Bottom, panel.X, data.Width, panel.ShowsX, isVertical: false);
        Axis(plot.Axes.Left, panel.Y, data.Height, panel.ShowsY, isVertical: true);
        plot.Axes.Right.FrameLineStyle.Color = plot.Axes.Top.FrameLineStyle.Color = Ink.Frame.Plot();
        const float Around = 100;
        var figure = new PixelRect(data.Left - Around, data.Right + Around, data.Bottom + Around, data.Top - Around);
        plot.Layout.Fixed(new PixelPadding(Around));

        // The library draws a new plot again and again until its layout rests, each time on top of the last, which doubles what is translucent and
        // the size of vector files. Let it do so with empty axes and on nothing.
        using (var nothing = new SKNoDrawCanvas(_width, _height)) plot.Render(nothing, figure);
        panel.Draw(plot, _isVector);
        plot.Render(_canvas, figure);

        if (panel.ShowsX)
        {
            var name = NameOf(panel.X, data.Width + 8);
            var baseline = data.Bottom + 8 + _tickFont.Spacing - _textFont.Metrics.Ascent;
            Write(name, data.Left + data.Width / 2, baseline, SKTextAlign.Center, _textFont, Ink.Text);
        }
        if (panel.ShowsY)
        {
            _canvas.Save();
            _canvas.Translate(data.Left - LeftOf(panel, data.Height) + 4, data.Top + data.Height / 2);
            _canvas.RotateDegrees(-90);
            Write(NameOf(panel.Y, data.Height + 8), 0, -_textFont.Metrics.Ascent, SKTextAlign.Center, _textFont, Ink.Text);
            _canvas.Restore();
        }
    }

    // A long name gives way to what the numbers mean.
    private string NameOf(AxisRange range, float width) =>
        Text.Shorten(range.Name, width - _textFont.MeasureText(range.Suffix), _textFont) + range.Suffix;

    private void Axis(IAxis axis, AxisRange range, float pixels, bool isShown, bool isVertical)
    {
        var (positions, labels) = range.Ticks(pixels, _tickFont, isVertical);
        if (!isShown) Array.Fill(labels, "");
        axis.TickGenerator = new NumericManual(positions, labels);
        axis.TickLabelStyle.FontName = BundledFont.Name;
        axis.TickLabelStyle.FontSize = _tickFont.Size;
        // The library centers the line of text with its room for accents; the digits themselves belong beside the tick.
        if (isVertical) axis.TickLabelStyle.OffsetY = 3;
        axis.TickLabelStyle.ForeColor = Ink.Text.Plot();
        axis.FrameLineStyle.Color = Ink.Frame.Plot();
        axis.MajorTickStyle.Color = Ink.Frame.Plot();
        axis.MajorTickStyle.Length = isShown ? 4 : 0;
    }
}
