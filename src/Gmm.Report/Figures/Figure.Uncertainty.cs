namespace Gmm.Report.Figures;

public static partial class Figure
{
    private const double Sure = 0.9;

    /// <summary>
    /// How sure the model is of its points: histogram of the largest responsibility of each, and the mean entropy -sum r ln r, which is 0 where every
    /// point belongs to one component alone and ln K where the model cannot tell at all.
    /// </summary>
    /// <param name="subject">Model and data; all points are counted.</param>
    public static FigureFile Uncertainty(Subject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        const int Bins = 20;
        var k = subject.Model.ComponentCount;

        // The largest of K numbers of sum 1 is 1/K at least.
        var first = k == 1 ? 0 : Math.Floor(Bins / (double)k + 1e-9) / Bins;
        var histogram = new Histogram(first, 1.0 / Bins, (int)Math.Round((1 - first) * Bins), k);
        var (entropy, unsure) = Count(subject, histogram);
        var n = Math.Max(1, subject.Count);
        var share = k == 1 ? "" : $" ({Text.Number(100 * entropy / n / Math.Log(k), "0.0")} % of ln {k}, the largest possible)";
        var top = Math.Max(1, histogram.Highest);
        return new(new Scene
        {
            Title = Headline("Uncertainty", subject),
            Subtitle = $"Mean entropy {Text.Number(entropy / n, "0.0000")} nats{share}; "
                + $"largest responsibility below {Sure:0.0} for {Text.Count(unsure)} of {Text.Count(subject.Count, "point")}",
            LegendTitle = "Component of the largest responsibility",
            Legend = [.. Enumerable.Range(0, k).Select(i => new LegendEntry(Figures.Shape.Square, Palette.Component(i), $"{i}"))],
            Notes = ["Above each bar its number of points."],
            Panels = new Panel?[,] { { new()
            {
                X = new("Largest responsibility", first - 0.02, 1.02),
                Y = new("Points", 0, 1.1 * top, IsWhole: true),
                Message = subject.Count == 0 ? "No points." : null,
                Draw = (plot, _) => plot.Add.Plottable(histogram.Layer(0, 1, Palette.Component, bin => Text.Count((long)histogram.Total(bin)))),
            } } },
            Size = (850, 520),
        });
    }

    // In stretches, so that no N x K numbers exist at once.
    private static (double Entropy, long Unsure) Count(Subject subject, Histogram histogram)
    {
        const int Stretch = 4096;
        var (d, k) = (subject.Model.Dimension, subject.Model.ComponentCount);
        var responsibilities = new double[Math.Min(Stretch, subject.Count) * k];
        double entropy = 0;
        long unsure = 0;
        for (var from = 0; from < subject.Count; from += Stretch)
        {
            var count = Math.Min(Stretch, subject.Count - from);
            subject.Model.Responsibilities(Gmm.Fast.Rows.From(subject.Rows.AsSpan(from * d, count * d), d), responsibilities.AsSpan(0, count * k));
            for (var i = 0; i < count; i++)
            {
                var (label, largest) = (0, -1.0);
                for (var component = 0; component < k; component++)
                {
                    var r = responsibilities[i * k + component];
                    if (r > 0) entropy -= r * Math.Log(r);
                    if (r > largest) (label, largest) = (component, r);
                }
                if (largest < Sure) unsure++;
                histogram.Add(largest, label);
            }
        }
        return (Math.Max(0, entropy), unsure);
    }
}
