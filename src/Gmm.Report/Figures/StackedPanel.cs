namespace Gmm.Report.Figures;

/// <summary>One-dimensional data in bars that are divided by responsibilities.</summary>
internal static class StackedPanel
{
    /// <summary>One panel per set of responsibilities [N x K], all with the same axes.</summary>
    public static List<Panel> Of(Subject subject, AxisRange x, IReadOnlyList<(string Title, double[] Responsibilities)> steps, int perRow)
    {
        var k = subject.Model.ComponentCount;
        var panels = new List<Panel>();
        for (var step = 0; step < steps.Count; step++)
        {
            var (title, responsibilities) = steps[step];
            var histogram = Histogram.For(subject.HasGaps ? Array.FindAll(subject.Rows, value => !double.IsNaN(value)) : subject.Rows, x, k);
            for (var i = 0; i < subject.Count; i++)
            {
                if (double.IsNaN(subject.Rows[i])) continue;
                for (var part = 0; part < k; part++) histogram.Add(subject.Rows[i], part, responsibilities[i * k + part]);
            }
            panels.Add(new()
            {
                Title = title.Length == 0 ? "" : Text.Clean(title),
                X = x,
                Y = new("Points", 0, Math.Max(1, 1.06 * histogram.Highest)),
                ShowsY = step % perRow == 0,
                Draw = (plot, _) => plot.Add.Plottable(histogram.Layer(x.Offset, 1, Palette.Component)),
            });
        }
        return panels;
    }
}
