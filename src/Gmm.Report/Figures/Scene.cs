using ScottPlot;

namespace Gmm.Report.Figures;

/// <summary>Everything of a figure but its size: texts, legend and a grid of panels.</summary>
internal sealed class Scene
{
    public required string Title { get; init; }

    public string Subtitle { get; init; } = "";

    public string LegendTitle { get; init; } = "";

    public IReadOnlyList<LegendEntry> Legend { get; init; } = [];

    /// <summary>Sentences at the foot.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>[rows, columns]; null where there is none.</summary>
    public required Panel?[,] Panels { get; init; }

    /// <summary>In pixels, where nobody asks for another.</summary>
    public required (int Width, int Height) Size { get; init; }

    /// <summary>Panels side by side, at most <paramref name="perRow"/> in a row.</summary>
    public static Panel?[,] Row(IReadOnlyList<Panel> panels, int perRow)
    {
        var columns = Math.Min(perRow, panels.Count);
        var grid = new Panel?[(panels.Count + columns - 1) / columns, columns];
        for (var i = 0; i < panels.Count; i++) grid[i / columns, i % columns] = panels[i];
        return grid;
    }
}

/// <summary>A line of the legend.</summary>
/// <param name="Shape">The mark before the text.</param>
/// <param name="Color">Of the mark.</param>
/// <param name="Text">What it means.</param>
internal readonly record struct LegendEntry(Shape Shape, Rgb Color, string Text);

/// <summary>One pair of axes.</summary>
internal sealed class Panel
{
    public string Title { get; init; } = "";

    public required AxisRange X { get; init; }

    public required AxisRange Y { get; init; }

    /// <summary>Whether the axis carries labels and a name.</summary>
    public bool ShowsX { get; init; } = true;

    /// <inheritdoc cref="ShowsX"/>
    public bool ShowsY { get; init; } = true;

    /// <summary>In place of data, or null.</summary>
    public string? Message { get; init; }

    /// <summary>Adds the data to the plot, whose axes are set; also told whether a vector file is drawn.</summary>
    public Action<Plot, bool> Draw { get; init; } = (_, _) => { };
}

/// <summary>Where a panel came to lie.</summary>
internal readonly record struct PlacedPanel(Panel Panel, PixelRect Data)
{
    /// <summary>The pixel of a point given in units of the data, in a figure of scale 1.</summary>
    public (double X, double Y) Pixel(double x, double y) =>
        (Data.Left + (x - Panel.X.Offset - Panel.X.Min) / (Panel.X.Max - Panel.X.Min) * Data.Width,
         Data.Bottom - (y - Panel.Y.Offset - Panel.Y.Min) / (Panel.Y.Max - Panel.Y.Min) * Data.Height);
}
