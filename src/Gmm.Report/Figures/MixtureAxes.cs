using Gmm.Fast;

namespace Gmm.Report.Figures;

/// <summary>The part of the space that the panels of a figure show, the same for all its models.</summary>
internal static class MixtureAxes
{
    /// <summary>Dimension j of the data with the components of all models to some standard deviations, but no more than thrice the span of the data,
    /// and none whose mean is farther out.</summary>
    public static AxisRange Of(Subject subject, int j, IEnumerable<GaussianMixture> models, double radius)
    {
        var d = subject.Model.Dimension;
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var at = j; at < subject.Rows.Length; at += d)
        {
            if (double.IsNaN(subject.Rows[at])) continue;
            min = Math.Min(min, subject.Rows[at]);
            max = Math.Max(max, subject.Rows[at]);
        }
        var span = max - min;
        var (lowest, highest) = span > 0 ? (min - span, max + span) : (double.NegativeInfinity, double.PositiveInfinity);
        foreach (var model in models)
        {
            for (var k = 0; k < model.ComponentCount; k++)
            {
                if (!IsDrawn(model, k)) continue;
                var (mean, reach) = (model.Mean(k)[j], radius * Deviation(model, k, j));
                if (mean < lowest || mean > highest) continue;
                min = Math.Min(min, Math.Max(lowest, mean - reach));
                max = Math.Max(max, Math.Min(highest, mean + reach));
            }
        }
        return AxisRange.Around(Text.Clean(subject.Column(j)), min, max);
    }

    /// <summary>The standard deviation of component k in dimension j.</summary>
    public static double Deviation(GaussianMixture model, int k, int j) => Math.Sqrt(model.Variance(k, j));

    /// <summary>A component without weight has no share in any point and no place in the figure.</summary>
    public static bool IsDrawn(GaussianMixture model, int k) => model.Weights[k] > 0;

    /// <summary>What to say of components that are not, or not wholly, in the figure.</summary>
    public static IEnumerable<string> Notes(GaussianMixture model, params IReadOnlyList<(int Dimension, AxisRange Range)> axes)
    {
        var lost = Enumerable.Range(0, model.ComponentCount).Where(k => !IsDrawn(model, k)).ToList();
        if (lost.Count == 1) yield return $"Component {Names(lost)} has weight 0 and is not drawn.";
        if (lost.Count > 1) yield return $"Components {Names(lost)} have weight 0 and are not drawn.";
        var outside = Enumerable.Range(0, model.ComponentCount)
            .Where(k => IsDrawn(model, k) && axes.Any(axis => IsOutside(model.Mean(k)[axis.Dimension], axis.Range))).ToList();
        if (outside.Count == 1) yield return $"The mean of component {Names(outside)} lies outside the frame.";
        if (outside.Count > 1) yield return $"The means of components {Names(outside)} lie outside the frame.";
    }

    private static bool IsOutside(double value, AxisRange range) => value - range.Offset < range.Min || value - range.Offset > range.Max;

    private static string Names(List<int> components)
    {
        const int Most = 8;
        return string.Join(", ", components.Take(Most)) + (components.Count > Most ? ", …" : "");
    }
}
