using Gmm.Fast;
using ScottPlot;

namespace Gmm.Report.Figures;

public static partial class Figure
{
    // Times the median distance from the best.
    private const double FarthestBehind = 3;

    /// <summary>The total log-likelihood at the start and after each iteration.</summary>
    /// <param name="trace">[Iterations + 1]: <see cref="FitResult.Trace"/>.</param>
    /// <param name="skip">Iterations to leave out at the beginning: the first few rise so steeply that the rest looks flat.</param>
    /// <param name="name">Of the data, for the headline; may be empty.</param>
    public static FigureFile LogLikelihood(ReadOnlySpan<double> trace, int skip = 0, string name = "")
    {
        Require.AtLeast(nameof(skip), skip, 0);
        ArgumentNullException.ThrowIfNull(name);
        var points = new List<Coordinates>();
        for (var i = skip; i < trace.Length; i++)
        {
            if (double.IsFinite(trace[i])) points.Add(new(i, trace[i]));
        }
        var title = "Log-likelihood" + (name.Length == 0 ? "" : $": {Text.Clean(name)}");
        if (skip > 0) title += $", without the first {Numbers.Count(skip, "iteration")}";
        var subtitle = trace.Length == 0
            ? ""
            : $"From {Numbers.Drawn(trace[0], "#,0.00##")} to {Numbers.Drawn(trace[^1], "#,0.00##")} in "
                + Numbers.Count(trace.Length - 1, "iteration");
        var missing = Math.Max(0, trace.Length - skip) - points.Count;
        var y = Range("Log-likelihood", points.Select(point => point.Y));
        return new(new Scene
        {
            Title = title,
            Subtitle = subtitle,
            Notes = missing == 0 ? [] : [$"{Numbers.Count(missing, "value")} not finite, not drawn."],
            Panels = new Panel?[,] { { new()
            {
                X = AxisRange.Around("Iteration", points.Count == 0 ? 0 : points[0].X, points.Count == 0 ? 0 : points[^1].X, isWhole: true),
                Y = y,
                Message = points.Count == 0 ? "No iteration is left to show." : null,
                Draw = (plot, _) => Line(plot, points, y.Offset, Figures.Shape.Circle, Ink.Curve, points.Count <= 60 ? 3.5f : 0),
            } } },
            Size = (800, 480),
        });
    }

    /// <summary>BIC, AIC and ICL of fits with different numbers of components, the least of each marked; smaller is better.</summary>
    /// <param name="scores">One entry per number of components K, in any order; a criterion that is not finite is left out.</param>
    /// <param name="name">Of the data, for the headline; may be empty.</param>
    /// <exception cref="ArgumentException">There are no scores.</exception>
    public static FigureFile ModelSelection(IReadOnlyList<(int K, double Bic, double Aic, double Icl)> scores, string name = "")
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(name);
        if (scores.Count == 0) throw new ArgumentException("at least one number of components is required", nameof(scores));
        var sorted = scores.OrderBy(score => score.K).ToList();
        (string Name, Shape Shape, Rgb Color, Func<(int K, double Bic, double Aic, double Icl), double> Value)[] criteria =
        [
            ("BIC", Figures.Shape.Circle, new(32, 32, 32), score => score.Bic),
            ("AIC", Figures.Shape.Square, new(120, 120, 120), score => score.Aic),
            ("ICL", Figures.Shape.Triangle, new(150, 85, 40), score => score.Icl),
        ];
        var legend = new List<LegendEntry>();
        var lines = new List<(List<Coordinates> Points, Shape Shape, Rgb Color)>();
        foreach (var (criterion, shape, color, value) in criteria)
        {
            var points = sorted.Select(score => new Coordinates(score.K, value(score))).Where(point => double.IsFinite(point.Y)).ToList();
            if (points.Count == 0) continue;
            var best = points.MinBy(point => point.Y);
            legend.Add(new(shape, color, $"{criterion}: least at K = {(int)best.X} ({Numbers.Drawn(best.Y, "#,0.0")})"));
            lines.Add((points, shape, color));
        }
        var y = Range("Criterion", lines.SelectMany(line => line.Points).Select(point => point.Y));
        return Curves(name, "Smaller is better.", y, legend, lines, points => points.MinBy(point => point.Y), "The least value of each criterion has a ring.");
    }

    /// <summary>What decided a selection, over the number of components: one curve per form of covariances, the best of all marked.</summary>
    /// <param name="selection">The selection.</param>
    /// <param name="name">Of the data, for the headline; may be empty.</param>
    public static FigureFile Selection(SelectionResult selection, string name = "")
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(name);
        var (legend, lines) = (new List<LegendEntry>(), new List<(List<Coordinates> Points, Shape Shape, Rgb Color)>());
        var isLarger = selection.Criterion == SelectionCriterion.CrossValidation;
        foreach (var kind in selection.Candidates.GroupBy(candidate => candidate.CovarianceType))
        {
            var points = kind.Where(candidate => candidate.IsComplete)
                .Select(candidate => new Coordinates(candidate.Components, candidate.Value(selection.Criterion))).Where(point => double.IsFinite(point.Y)).ToList();
            if (points.Count == 0) continue;
            var color = Palette.Component((int)kind.Key);
            legend.Add(new(Figures.Shape.Circle, color, CovarianceNames.Of(kind.Key)));
            lines.Add((points, Figures.Shape.Circle, color));
        }
        var criterion = SelectionNames.Of(selection.Criterion);
        var best = new Coordinates(selection.Best.Components, selection.Best.Value(selection.Criterion));

        // Poor candidates would press all others against the axis.
        double[] behind = [.. lines.SelectMany(line => line.Points).Select(point => Math.Abs(point.Y - best.Y)).Order()];
        var shown = behind.Length == 0 ? 0 : behind.Last(distance => distance <= FarthestBehind * behind[behind.Length / 2]);
        var y = Range(isLarger ? "Mean log-density of points held out" : criterion, [best.Y, best.Y + (isLarger ? -shown : shown)]);
        return Curves(
            name, isLarger ? "Larger is better." : $"{criterion}: smaller is better.", y, legend, lines,
            points => points.Contains(best) ? best : null, "The best has a ring." + (behind.Any(distance => distance > shown) ? " Candidates far behind are cut off." : ""));
    }

    // Curves over the number of components, with rings at the points that are found.
    private static FigureFile Curves(
        string name, string subtitle, AxisRange y, List<LegendEntry> legend, List<(List<Coordinates> Points, Shape Shape, Rgb Color)> lines,
        Func<List<Coordinates>, Coordinates?> ringed, string note)
    {
        var all = lines.SelectMany(line => line.Points).ToList();
        return new(new Scene
        {
            Title = "Number of components" + (name.Length == 0 ? "" : $": {Text.Clean(name)}"),
            Subtitle = subtitle,
            Legend = legend,
            Notes = lines.Count == 0 ? [] : [note],
            Panels = new Panel?[,] { { new()
            {
                X = AxisRange.Around("Components K", all.Select(point => point.X).DefaultIfEmpty(0).Min(), all.Select(point => point.X).DefaultIfEmpty(0).Max(), isWhole: true),
                Y = y,
                Message = lines.Count == 0 ? "No criterion is finite." : null,
                Draw = (plot, _) =>
                {
                    foreach (var (points, shape, color) in lines)
                    {
                        Line(plot, points, y.Offset, shape, color, 4.5f);
                        if (ringed(points) is { } ring) Ring(plot, ring, y.Offset, color);
                    }
                },
            } } },
            Size = (800, 520),
        });
    }

    private static AxisRange Range(string name, IEnumerable<double> values)
    {
        var all = values.DefaultIfEmpty(0).ToList();
        return AxisRange.Around(name, all.Min(), all.Max(), 0.06);
    }

    /// <summary>A curve through the points, less the offset of its axis; with a mark on each where these have a radius.</summary>
    internal static void Line(Plot plot, List<Coordinates> points, double offset, Shape shape, Rgb color, float markRadius)
    {
        var line = plot.Add.ScatterLine(points.ConvertAll(point => new Coordinates(point.X, point.Y - offset)));
        (line.Color, line.LineWidth) = (color.Plot(), 2);
        if (markRadius == 0) return;
        plot.Add.Plottable(new Layer((canvas, paint, axes) =>
        {
            foreach (var point in points)
                Marks.Draw(canvas, paint, shape, axes.GetPixelX(point.X), axes.GetPixelY(point.Y - offset), markRadius, color);
        }));
    }

    private static void Ring(Plot plot, Coordinates at, double offset, Rgb color) => plot.Add.Plottable(new Layer((canvas, paint, axes) =>
    {
        (paint.Style, paint.StrokeWidth, paint.Color) = (SkiaSharp.SKPaintStyle.Stroke, 1.8f, color.Sk());
        canvas.DrawCircle(axes.GetPixelX(at.X), axes.GetPixelY(at.Y - offset), 9, paint);
    }));
}
