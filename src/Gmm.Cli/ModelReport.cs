using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Gmm.Fast;
using Gmm.Report;

namespace Gmm.Cli;

/// <summary>Shows a model, and how it was fitted, for a reader: one column per component, one row per feature.</summary>
internal static class ModelReport
{
    private const int ComponentsAbreast = 6;

    // A table of more features than fit a screen shows the first of them and the most telling ones.
    private const int MostFeatures = 32;
    private const int FirstFeatures = 4;
    private const int TellingFeatures = 16;
    private const int SignificantDigits = 4;
    private const int MostDecimals = 15;
    private const double LargestPlain = 1e12;

    public static string[] TypeNames { get; } = [.. Enum.GetValues<CovarianceType>().Select(CovarianceNames.Of)];

    public static string[] StopNames { get; } = ["mean", "total", "fixed"];

    public static string[] CollapseNames { get; } = ["fail", "keep", "reseed", "drop"];

    /// <summary>Describes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fit">How it was fitted, where that is known.</param>
    /// <param name="isWeighted">Whether the points had weights; without that knowledge, whether their sum shows it.</param>
    /// <param name="all">Whether all features are shown, however many there are.</param>
    public static string Of(GaussianMixture model, FitResult? fit, bool isWeighted = false, bool all = false)
    {
        int[] features = all || model.Dimension <= MostFeatures
            ? [.. Enumerable.Range(0, model.Dimension)]
            : [.. Enumerable.Range(0, FirstFeatures).Union(TellingColumns.Of(model, TellingFeatures)).Order()];
        var omitted = features.Length == model.Dimension ? "" : "\n" + Omitted(model, features.Length);
        return TextTable.Format(Facts(model, fit, isWeighted), leftColumns: 2) + "\n" + string.Join('\n', Components(model, fit, features)) + omitted;
    }

    public static Option<bool> All() => new("--all") { Description = Invariant($"Show all features in the table (default: of more than {MostFeatures} the most telling).") };

    private static string Omitted(GaussianMixture model, int shown) => Invariant(
        $"{shown} of {model.Dimension} features are shown: the first {FirstFeatures}, and those in which the components differ most (variance of the\n")
        + "means over the mean variance within components). --all shows all.\n";

    private static List<string[]> Facts(GaussianMixture model, FitResult? fit, bool isWeighted)
    {
        List<string[]> facts =
        [
            ["components", Invariant($"{model.ComponentCount}, {model.CovarianceName} covariance")],
            ["features", Invariant($"{model.Dimension}")],
            ["free parameters", Invariant($"{model.FreeParameters}")],
        ];
        if (fit is null) return facts;
        facts.Add(["points", Invariant($"{fit.Points}")]);
        if (isWeighted || fit.TotalWeight != fit.Points) facts.Add(["sum of weights", Invariant($"{fit.TotalWeight}")]);
        facts.Add(["status", Status(fit)]);
        facts.Add(["log-likelihood", Invariant($"{fit.TotalLogLikelihood:f4} (mean {fit.MeanLogLikelihood:f6})")]);
        facts.Add(["BIC", Invariant($"{fit.Bic:f4}")]);
        facts.Add(["AIC", Invariant($"{fit.Aic:f4}")]);
        return facts;
    }

    private static string Status(FitResult fit)
    {
        var iterations = DataInput.Count(fit.Iterations, "iteration");
        return fit.Status switch
        {
            FitStatus.Converged => $"converged after {iterations} ({Rule(fit.Stop)})",
            FitStatus.MaxIterations when fit.Stop.Kind == StopKind.FixedCount => $"{iterations}, as asked",
            FitStatus.MaxIterations => $"not converged in {iterations} ({Rule(fit.Stop)})",
            FitStatus.Cancelled => $"canceled after {iterations}",
            FitStatus.Collapsed => $"collapsed after {iterations}",
            var other => throw new UnreachableException($"a status of {other}"),
        };
    }

    private static string Rule(StopRule stop) => stop.Kind switch
    {
        StopKind.MeanChange => Invariant($"change of the mean log-likelihood < {stop.Tolerance}"),
        StopKind.TotalRise => Invariant($"rise of the log-likelihood < {stop.Tolerance}"),
        StopKind.FixedCount => "a fixed count",
        var other => throw new UnreachableException($"a stop of {other}"),
    };

    private static IEnumerable<string> Components(GaussianMixture model, FitResult? fit, int[] features)
    {
        var deviations = Deviations(model);
        for (var first = 0; first < model.ComponentCount; first += ComponentsAbreast)
        {
            int[] shown = [.. Enumerable.Range(first, Math.Min(ComponentsAbreast, model.ComponentCount - first))];
            List<string[]> lines =
            [
                ["component", .. shown.Select(k => Invariant($"{k}"))],
                ["weight", .. shown.Select(k => Weight(model.Weights[k]))],
            ];
            if (fit is not null) lines.Add(["effective count", .. shown.Select(k => Invariant($"{fit.Components[k].EffectiveCount:f2}"))]);
            lines.Add(["mean"]);
            foreach (var j in features)
                lines.Add([Feature(model, j), .. shown.Select(k => Number(model.Mean(k)[j], Decimals(deviations, j)))]);
            lines.Add(["standard deviation"]);
            foreach (var j in features)
                lines.Add([Feature(model, j), .. shown.Select(k => Number(deviations[k][j], Decimals(deviations, j)))]);
            yield return TextTable.Format(lines);
        }
    }

    private static double[][] Deviations(GaussianMixture model)
    {
        var deviations = new double[model.ComponentCount][];
        for (var k = 0; k < deviations.Length; k++)
            deviations[k] = [.. Enumerable.Range(0, model.Dimension).Select(j => Math.Sqrt(model.Variance(k, j)))];
        return deviations;
    }

    private static string Feature(GaussianMixture model, int j) =>
        "  " + (model.ColumnNames is { } names ? StandardStreams.OneLine(names[j]) : Invariant($"x{j + 1}"));

    // What matters in a mean is its place in standard deviations, whatever its size: all numbers of a feature get the decimals that show four
    // digits of the smallest deviation.
    private static int Decimals(double[][] deviations, int j) =>
        Math.Max(0, SignificantDigits - 1 - (int)Math.Floor(Math.Log10(deviations.Min(deviation => deviation[j]))));

    private static string Number(double value, int decimals) => decimals > MostDecimals || Math.Abs(value) >= LargestPlain
        ? value.ToString("g6", CultureInfo.InvariantCulture)
        : value.ToString(Invariant($"f{decimals}"), CultureInfo.InvariantCulture);

    private static string Weight(double weight) =>
        weight.ToString(weight is 0 or >= 1e-3 ? "f4" : "g3", CultureInfo.InvariantCulture);
}
