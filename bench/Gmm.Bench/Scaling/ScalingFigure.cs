using Gmm.Report.Figures;
using ScottPlot;
using Palette = Gmm.Report.Palette;

namespace Gmm.Bench.Scaling;

/// <summary>The curves, one panel each, both axes logarithmic: what takes twice as long for twice as much has slope one.</summary>
internal static class ScalingFigure
{
    private const int PanelsPerRow = 2;

    public static FigureFile Of(IReadOnlyList<ScalingPoint> points)
    {
        var panels = ScalingCurve.All.Select(curve => (Curve: curve, Points: points.Where(point => point.Curve == curve.Title).ToList())).ToList();
        return new FigureFile(new Scene
        {
            Title = "Time of one EM iteration",
            Subtitle = $"{Machine.Processor}, {points.Max(point => point.Threads)} processors; full covariances. Dashed: the roofline.",
            Legend = [.. panels.SelectMany(panel => panel.Points.Select(point => Style(panel.Curve, point))).Distinct()],
            Notes =
            [
                $"Roofline: 2 N K (D² + {ScalingPoint.OfExp}) operations (floats: {ScalingPoint.OfSingleExp}) at the peak of multiply-adds of as many threads,"
                + " or the data read once where that takes longer.",
            ],
            Panels = Scene.Row([.. panels.Select(panel => Panel(panel.Curve, panel.Points))], PanelsPerRow),
            Size = (1000, 1200),
        });
    }

    private static Panel Panel(ScalingCurve curve, IReadOnlyList<ScalingPoint> points)
    {
        var times = points.SelectMany(point => new[] { point.Measured, point.Bound }).ToList();
        return new()
        {
            Title = curve.Title,
            X = AxisRange.Logarithmic(curve.AxisName, points.Min(curve.X), points.Max(curve.X), isWhole: curve.Varied != Scaling.Size.Points),
            Y = AxisRange.Logarithmic("Milliseconds per iteration", times.Min(), times.Max()),
            Draw = (plot, _) =>
            {
                foreach (var line in points.GroupBy(point => Style(curve, point)))
                {
                    var roof = plot.Add.ScatterLine(Logarithms(line, point => point.Bound));
                    (roof.Color, roof.LineWidth, roof.LinePattern) = (line.Key.Color.Plot(), 1.2f, LinePattern.Dashed);
                    Figure.Line(plot, Logarithms(line, point => point.Measured), 0, line.Key.Shape, line.Key.Color, 4);
                }
            },
        };

        List<Coordinates> Logarithms(IEnumerable<ScalingPoint> line, Func<ScalingPoint, double> milliseconds) =>
            [.. line.Select(point => new Coordinates(Math.Log10(curve.X(point)), Math.Log10(milliseconds(point))))];
    }

    private static LegendEntry Style(ScalingCurve curve, ScalingPoint point) => (curve.Varied == Scaling.Size.Threads, point.Single, point.Threads) switch
    {
        (true, false, _) => new(Shape.Diamond, Palette.Component(3), "double, threads as on the axis"),
        (true, true, _) => new(Shape.Bar, Palette.Component(4), "float, threads as on the axis"),
        (_, true, _) => new(Shape.Triangle, Palette.Component(2), "float, 1 thread"),
        (_, _, 1) => new(Shape.Circle, Palette.Component(0), "double, 1 thread"),
        _ => new(Shape.Square, Palette.Component(1), $"double, {point.Threads} threads"),
    };
}
