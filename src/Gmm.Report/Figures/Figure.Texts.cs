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
            throw Require.OutOfRange(nameof(dims), FormattableString.Invariant($"({x}, {y})"), $"two different dimensions from 0 to {dimension - 1} are required");
    }

    private static string Headline(string what, Subject subject) => subject.Name.Length == 0 ? what : $"{what}: {Text.Clean(subject.Name)}";

    private static string Title(string title) => title.Length == 0 ? "" : Text.Clean(title);

    private static string Shape(Subject subject)
    {
        var points = Numbers.Count(subject.Count, "point");
        if (subject.IsWeighted) points += $" of weight {Numbers.Short(subject.Fit!.TotalWeight)}";
        return $"{points}, {Numbers.Count(subject.Model.ComponentCount, "component")}, {subject.Model.CovarianceName} covariance";
    }

    private static string Facts(Subject subject)
    {
        if (subject.Fit is not { } fit) return Shape(subject);
        var ending = fit.Status switch
        {
            FitStatus.Converged => "converged after",
            FitStatus.TimeBudget => "out of time after",
            FitStatus.Cancelled => "canceled after",
            FitStatus.Collapsed => "collapsed after",
            _ => "not converged after",
        };
        var iterations = Numbers.Count(fit.Iterations, "iteration");
        return $"{Shape(subject)}; {ending} {iterations}, log-likelihood {Numbers.Drawn(fit.TotalLogLikelihood, "#,0.00")}";
    }

    // Of several models the weights in the order of the panels, of many the first and the last.
    private static List<LegendEntry> Weights(List<GaussianMixture> models)
    {
        const int Most = 4;
        List<GaussianMixture> shown = models.Count <= Most ? models : [models[0], models[^1]];
        var decimals = models.Count == 1 ? 3 : 2;
        var between = models.Count <= Most ? " → " : " … ";
        return [.. Enumerable.Range(0, models[0].ComponentCount)
            .Select(k => new LegendEntry(Figures.Shape.Square, Palette.Component(k), $"{k} ({Weights(k)})"))];

        string Weights(int k) => string.Join(between, shown.Select(model => Numbers.Weight(model.Weights[k], decimals)));
    }
}
