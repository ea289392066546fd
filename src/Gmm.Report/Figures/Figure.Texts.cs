using System.Globalization;
using Gmm.Fast;

namespace Gmm.Report.Figures;

// Headlines, legends and sizes that the figures share.
public static partial class Figure
{
    private const int PanelsPerRow = 4;

    private static bool IsFirst(int panel) => panel % PanelsPerRow == 0;

    // Panels of about 300 by 300 pixels.
    private static (int Width, int Height) RowSize(int panels)
    {
        var columns = Math.Min(panels, PanelsPerRow);
        var rows = (panels + columns - 1) / columns;
        return (90 + (columns <= 2 ? 440 : 340) * columns, 130 + (columns <= 2 ? 440 : 370) * rows);
    }

    private static void CheckDims((int X, int Y)? dims, int dimension)
    {
        if (dims is not var (x, y)) return;
        if (x < 0 || x >= dimension || y < 0 || y >= dimension || x == y)
            throw new ArgumentOutOfRangeException(nameof(dims), dims, $"two different dimensions from 0 to {dimension - 1} are required");
    }

    private static string Headline(string what, Subject subject) => subject.Name.Length == 0 ? what : $"{what}: {Text.Clean(subject.Name)}";

    private static string Title(string title) => title.Length == 0 ? "" : Text.Clean(title);

    private static string Shape(Subject subject)
    {
        var form = subject.Model.CovarianceType switch
        {
            CovarianceType.Full => "full",
            CovarianceType.Tied => "tied",
            CovarianceType.Diagonal => "diagonal",
            _ => "spherical",
        };
        return $"{Text.Count(subject.Count, "point")}, {Text.Count(subject.Model.ComponentCount, "component")}, {form} covariance";
    }

    private static string Facts(Subject subject)
    {
        if (subject.Fit is not { } fit) return Shape(subject);
        var ending = fit.Status switch
        {
            FitStatus.Converged => "converged after",
            FitStatus.Cancelled => "cancelled after",
            FitStatus.Collapsed => "collapsed after",
            _ => "not converged after",
        };
        var iterations = Text.Count(fit.Iterations, "iteration");
        return $"{Shape(subject)}; {ending} {iterations}, log-likelihood {Text.Number(fit.TotalLogLikelihood, "#,0.00")}";
    }

    // Of several models the weights in the order of the panels, of many the first and the last.
    private static List<LegendEntry> Weights(List<GaussianMixture> models)
    {
        const int Most = 4;
        List<GaussianMixture> shown = models.Count <= Most ? models : [models[0], models[^1]];
        var format = models.Count == 1 ? "0.000" : "0.00";
        var between = models.Count <= Most ? " → " : " … ";
        return [.. Enumerable.Range(0, models[0].ComponentCount).Select(k => new LegendEntry(
            Figures.Shape.Square, Palette.Component(k), $"{k} ({string.Join(between, shown.Select(model => Weight(model.Weights[k], format)))})"))];
    }

    // A weight that is merely small must not read 0.
    private static string Weight(double weight, string format)
    {
        var text = Text.Number(weight, format);
        return weight == 0 ? "0" : double.Parse(text, CultureInfo.InvariantCulture) == 0 ? $"<{text[..^1]}1" : text;
    }
}
