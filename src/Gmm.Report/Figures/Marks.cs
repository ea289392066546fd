using SkiaSharp;

namespace Gmm.Report.Figures;

internal enum Shape
{
    Square,
    Circle,
    Triangle,
    Diamond,
    Bar,
}

/// <summary>Single marks: in legends, at means, on the points of a curve.</summary>
internal static class Marks
{
    /// <summary>A filled shape with a dark line around it and a white one around that, to be seen on anything.</summary>
    public static void DrawFramed(SKCanvas canvas, SKPaint paint, Shape shape, float x, float y, float radius, Rgb color)
    {
        using var path = PathOf(shape, x, y, radius);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeJoin = SKStrokeJoin.Round;
        (paint.Color, paint.StrokeWidth) = (SKColors.White, 4.5f);
        canvas.DrawPath(path, paint);
        (paint.Color, paint.StrokeWidth) = (SKColors.Black, 2.2f);
        canvas.DrawPath(path, paint);
        (paint.Color, paint.Style) = (color.Sk(), SKPaintStyle.Fill);
        canvas.DrawPath(path, paint);
    }

    /// <summary>A filled shape.</summary>
    public static void Draw(SKCanvas canvas, SKPaint paint, Shape shape, float x, float y, float radius, Rgb color)
    {
        using var path = PathOf(shape, x, y, radius);
        (paint.Color, paint.Style) = (color.Sk(), SKPaintStyle.Fill);
        canvas.DrawPath(path, paint);
    }

    private static SKPath PathOf(Shape shape, float x, float y, float radius)
    {
        var path = new SKPath();
        switch (shape)
        {
            case Shape.Circle:
                path.AddCircle(x, y, radius);
                break;
            case Shape.Triangle:
                path.AddPoly([new(x, y - radius), new(x + radius, y + radius * 0.8f), new(x - radius, y + radius * 0.8f)]);
                break;
            case Shape.Diamond:
                path.AddPoly([new(x, y - radius * 1.2f), new(x + radius, y), new(x, y + radius * 1.2f), new(x - radius, y)]);
                break;
            case Shape.Bar:
                path.AddRect(new(x - 1.2f * radius, y - 1.2f, x + 1.2f * radius, y + 1.2f));
                break;
            default:
                path.AddRect(new(x - radius, y - radius, x + radius, y + radius));
                break;
        }
        return path;
    }
}
