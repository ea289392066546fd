using SkiaSharp;

namespace Gmm.Report.Figures;

/// <summary>The points of a scatter diagram and the color of each: its responsibilities mixed.</summary>
internal sealed class PointCloud
{
    private const int Passes = 8;

    private readonly Subject _subject;
    private readonly int[] _rows;
    private readonly List<(Rgb Color, int[] Rows)> _groups;

    private PointCloud(Subject subject, int[] rows, Func<int, Rgb> colorOf)
    {
        (_subject, _rows) = (subject, rows);
        _groups = Group(rows, colorOf, subject.Model.ComponentCount);
    }

    /// <summary>Whether points lie on top of each other.</summary>
    public bool IsDense => _rows.Length > 2_000;

    /// <summary>What to say of the sample, or null where all points are drawn.</summary>
    public string? Note => _rows.Length == _subject.Count
        ? null
        : $"{Numbers.Count(_rows.Length)} of {Numbers.Count(_subject.Count)} points are drawn, a fixed sample evenly spread over the rows.";

    /// <summary>Colored by the responsibilities under the subject's model.</summary>
    public static PointCloud Of(Subject subject, int limit)
    {
        var rows = PointSample.Rows(subject.Count, limit);
        var (d, k) = (subject.Model.Dimension, subject.Model.ComponentCount);
        var points = subject.Rows;
        if (rows.Length < subject.Count)
        {
            points = new double[rows.Length * d];
            for (var i = 0; i < rows.Length; i++) subject.Rows.AsSpan(rows[i] * d, d).CopyTo(points.AsSpan(i * d, d));
        }
        var responsibilities = new double[rows.Length * k];
        subject.Scorer.Responsibilities(new Gmm.Fast.Points(points, d), responsibilities);
        var index = new Dictionary<int, int>(rows.Length);
        for (var i = 0; i < rows.Length; i++) index[rows[i]] = i;
        return new(subject, rows, row => Palette.Mix(responsibilities.AsSpan(index[row] * k, k)));
    }

    /// <summary>Colored by responsibilities [N x K] that are given.</summary>
    public static PointCloud Of(Subject subject, double[] responsibilities, int limit)
    {
        var k = subject.Model.ComponentCount;
        return new(subject, PointSample.Rows(subject.Count, limit), row => Palette.Mix(responsibilities.AsSpan(row * k, k)));
    }

    /// <summary>Draws the points in two dimensions; small panels take smaller points, vector files another way.</summary>
    public Layer Layer(AxisRange x, AxisRange y, int xDimension, int yDimension, bool isSmall, bool isVector) => new((canvas, paint, axes) =>
    {
        var (radius, alpha) = Size(_rows.Length);
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeCap = SKStrokeCap.Round;
        paint.StrokeWidth = 2 * (isSmall ? Math.Max(1, radius * 0.7f) : radius);
        var d = _subject.Model.Dimension;
        foreach (var (color, rows) in _groups)
        {
            var pixels = new SKPoint[rows.Length];
            var count = 0;
            foreach (var row in rows)
            {
                var at = row * d;
                if (double.IsNaN(_subject.Rows[at + xDimension]) || double.IsNaN(_subject.Rows[at + yDimension])) continue;
                pixels[count++] = axes.GetPixel(new(_subject.Rows[at + xDimension] - x.Offset, _subject.Rows[at + yDimension] - y.Offset)).ToSKPoint();
            }
            Array.Resize(ref pixels, count);
            paint.Color = color.Sk(alpha);
            if (isVector) DrawPath(canvas, pixels, paint);
            else canvas.DrawPoints(SKPointMode.Points, pixels, paint);
        }
    });

    // The SVG canvas writes nothing for points. Lines almost without length and with round ends are points to every viewer; tenths of a pixel are
    // exact enough and keep the file small.
    private static void DrawPath(SKCanvas canvas, SKPoint[] pixels, SKPaint paint)
    {
        using var path = new SKPath();
        foreach (var pixel in pixels)
        {
            var (x, y) = (MathF.Round(pixel.X, 1), MathF.Round(pixel.Y, 1));
            path.MoveTo(x, y);
            path.LineTo(x + 0.1f, y);
        }
        canvas.DrawPath(path, paint);
    }

    private static (float Radius, double Alpha) Size(int count) => count switch
    {
        <= 500 => (3.4f, 0.85),
        <= 2_000 => (2.8f, 0.7),
        <= 10_000 => (2f, 0.55),
        _ => (1.5f, 0.4),
    };

    // Points of nearly one color are drawn in one go, which is fast and keeps SVG files small; but in several passes over a shuffled part of the
    // points each, or the last component would lie on top of all others where they overlap.
    private static List<(Rgb Color, int[] Rows)> Group(int[] rows, Func<int, Rgb> colorOf, int components)
    {
        var groups = new List<(Rgb, int[])>();
        foreach (var pass in rows.GroupBy(row => PointSample.Hash((ulong)row) % Passes))
        {
            var byKey = new Dictionary<int, (Rgb Color, List<int> Rows)>();

            // Points of one component have exactly its color.
            for (var k = 0; k < components; k++) byKey.TryAdd(Key(Palette.Component(k)), (Palette.Component(k), []));
            foreach (var row in pass)
            {
                var color = colorOf(row);
                if (!byKey.TryGetValue(Key(color), out var group)) byKey.Add(Key(color), group = (color, []));
                group.Rows.Add(row);
            }
            foreach (var (color, members) in byKey.Values)
            {
                if (members.Count > 0) groups.Add((color, [.. members]));
            }
        }
        return groups;
    }

    // Five bits of each channel: a difference nobody sees.
    private static int Key(Rgb color) => (color.Red >> 3 << 10) | (color.Green >> 3 << 5) | (color.Blue >> 3);
}
