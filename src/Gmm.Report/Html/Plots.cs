using System.Text.Json;

namespace Gmm.Report.Html;

/// <summary>One line of <see cref="Plots.Lines"/>.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="X">Horizontal coordinates, ascending.</param>
/// <param name="Y">As many vertical ones; what is not finite is a gap.</param>
/// <param name="Color">Null: one of the palette, or the page's own for a single line.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, Rgb? Color = null);

/// <summary>Figures of plain numbers.</summary>
public static class Plots
{
    // Single points are marked where they can be told apart.
    private const int MostMarked = 60;

    /// <summary>Lines over a common axis.</summary>
    /// <param name="title">Above the figure.</param>
    /// <param name="xTitle">Below the horizontal axis.</param>
    /// <param name="yTitle">Beside the vertical axis.</param>
    /// <param name="series">The lines.</param>
    /// <param name="note">Below the figure, or null.</param>
    /// <param name="wholeSteps">Whether only whole numbers make sense on the horizontal axis.</param>
    public static Plot Lines(string title, string xTitle, string yTitle, IReadOnlyList<Series> series, string? note = null, bool wholeSteps = false)
    {
        ArgumentNullException.ThrowIfNull(series);
        foreach (var line in series)
        {
            if (line.X.Count != line.Y.Count)
                throw new ArgumentException($"'{line.Name}' has {line.X.Count} x and {line.Y.Count} y; as many of each are required", nameof(series));
        }
        return new Plot(title, note, null, (json, _) =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "traces");
            json.WriteStartArray("data");
            for (var i = 0; i < series.Count; i++)
            {
                var own = series.Count == 1 ? "@accent" : Palette.Component(i).Hex;
                WriteLine(json, series[i], series[i].Color?.Hex ?? own);
            }
            json.WriteEndArray();
            WriteLayout(json, xTitle, yTitle, series.Count > 1, wholeSteps ? WholeStep(series) : null);
            json.WriteEndObject();
        });
    }

    /// <summary>A histogram whose bins were counted before.</summary>
    /// <param name="title">Above the figure.</param>
    /// <param name="xTitle">Below the horizontal axis.</param>
    /// <param name="yTitle">Beside the vertical axis.</param>
    /// <param name="edges">Bounds of the bins, ascending, one more than bins.</param>
    /// <param name="counts">Heights.</param>
    /// <param name="note">Below the figure, or null.</param>
    public static Plot Histogram(
        string title, string xTitle, string yTitle, IReadOnlyList<double> edges, IReadOnlyList<double> counts, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(counts);
        if (edges.Count != counts.Count + 1)
            throw new ArgumentException($"edges has {edges.Count} values; {counts.Count + 1}, one more than counts, are required", nameof(edges));
        return new Plot(title, note, null, (json, _) =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "traces");
            json.WriteStartArray("data");
            json.WriteStartObject();
            json.WriteString("type", "bar");
            json.Numbers("x", [.. counts.Select((_, i) => (edges[i] + edges[i + 1]) / 2)]);
            json.Numbers("y", [.. counts]);
            json.Numbers("width", [.. counts.Select((_, i) => edges[i + 1] - edges[i])]);
            json.WriteString("hoverinfo", "text");
            json.WriteString("textposition", "none");
            json.WriteStartArray("text");
            for (var i = 0; i < counts.Count; i++)
                json.WriteStringValue($"{Edges(edges[i], edges[i + 1])}<br>{Json.Literal(yTitle)}: {Numbers.Short(counts[i])}");
            json.WriteEndArray();
            json.WriteStartObject("marker");
            json.WriteString("color", "@accent");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            WriteLayout(json, xTitle, yTitle, legend: false);
            json.WriteEndObject();
        });
    }

    // With the digits of the width.
    private static string Edges(double from, double to) => $"{Numbers.Mean(from, to - from)} to {Numbers.Mean(to, to - from)}";

    private static void WriteLine(Utf8JsonWriter json, Series line, string color)
    {
        json.WriteStartObject();
        json.WriteString("type", "scatter");
        json.WriteString("mode", line.X.Count <= MostMarked ? "lines+markers" : "lines");
        json.WriteString("name", Json.Literal(line.Name));
        json.Numbers("x", [.. line.X]);
        json.Numbers("y", [.. line.Y]);

        // The text instead of a template: templates would read %{...} in a name.
        json.WriteString("hoverinfo", "text");
        json.WriteStartArray("text");
        for (var i = 0; i < line.X.Count; i++)
            json.WriteStringValue($"{Json.Literal(line.Name)}<br>{Numbers.Short(line.X[i])}: {Numbers.Long(line.Y[i])}");
        json.WriteEndArray();
        json.WriteStartObject("line");
        json.WriteString("color", color);
        json.WriteNumber("width", 2);
        json.WriteEndObject();
        json.WriteStartObject("marker");
        json.WriteString("color", color);
        json.WriteNumber("size", 6);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLayout(Utf8JsonWriter json, string xTitle, string yTitle, bool legend, double? tick = null)
    {
        json.WriteStartObject("layout");
        json.WriteBoolean("showlegend", legend);
        json.WriteNumber("bargap", 0.06);
        foreach (var (name, title) in new[] { ("xaxis", xTitle), ("yaxis", yTitle) })
        {
            json.WriteStartObject(name);
            json.WriteStartObject("title");
            json.WriteString("text", Json.Literal(title));
            json.WriteEndObject();
            if (name == "xaxis" && tick is { } step) json.WriteNumber("dtick", step);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    // 1, 2 or 5 times a power of ten, so that there are about ten ticks.
    private static double WholeStep(IReadOnlyList<Series> series)
    {
        var points = series.SelectMany(line => line.X).DefaultIfEmpty(0).ToArray();
        var atLeast = (points.Max() - points.Min()) / 12;
        double power = 1;
        while (power * 10 <= atLeast) power *= 10;
        return power * new[] { 1, 2, 5, 10 }.First(factor => factor * power >= atLeast);
    }
}
