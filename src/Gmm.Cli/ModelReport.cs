using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Gmm.Fast;
using Gmm.Report;

namespace Gmm.Cli;

/// <summary>Shows a model, and how it was fitted, for a reader: one column per component, one row per column of the data.</summary>
internal static class ModelReport
{
    private const int ComponentsAbreast = 6;

    // A table of more columns than fit a screen shows the first of them and the most telling ones.
    private const int MostColumns = 32;
    private const int FirstColumns = 4;
    private const int TellingColumnCount = 16;

    public static string[] TypeNames { get; } = [.. Enum.GetValues<CovarianceType>().Select(CovarianceNames.Of)];

    public static string[] StopRuleNames { get; } = [.. Enum.GetValues<StopKind>().Select(StopNames.Of)];

    public static string[] ProgressiveChoices { get; } = [.. Enum.GetNames<Progressive>().Select(name => name.ToLowerInvariant())];

    public static string[] AccelerationChoices { get; } = [.. Enum.GetValues<Acceleration>().Select(AccelerationNames.Of)];

    public static string[] PolicyNames { get; } = [.. Enum.GetValues<CollapsePolicy>().Select(CollapseNames.Of)];

    /// <summary>Describes a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="fit">How it was fitted, where that is known.</param>
    /// <param name="isWeighted">Whether the points had weights; without that knowledge, whether their sum shows it.</param>
    /// <param name="order">The components in the order to show them; null for theirs.</param>
    /// <param name="all">Whether all columns are shown, however many there are.</param>
    public static string Of(GaussianMixture model, FitResult? fit, bool isWeighted = false, int[]? order = null, bool all = false)
    {
        int[] columns = all || model.Dimension <= MostColumns
            ? [.. Enumerable.Range(0, model.Dimension)]
            : [.. Enumerable.Range(0, FirstColumns).Union(TellingColumns.Of(model, TellingColumnCount)).Order()];
        var omitted = columns.Length == model.Dimension ? "" : "\n" + Omitted(model, columns.Length);
        return TextTable.Format(Facts(model, fit, isWeighted), leftColumns: 2) + "\n" + string.Join('\n', Components(model, fit, order, columns)) + omitted
            + (model is { Dimension: 1, ComponentCount: > 1 } ? "\n" + Regions(model) : "");
    }

    public static Option<bool> All() => new("--all")
    {
        Description = Invariant($"Show all columns in the table (default: of more than {MostColumns} the most telling)."),
    };

    private static string Omitted(GaussianMixture model, int shown) => Invariant(
        $"{shown} of {model.Dimension} columns are shown: the first {FirstColumns}, and those in which the components differ most\n")
        + "(variance of the means over the mean variance within components). --all shows all.\n";

    private static List<string[]> Facts(GaussianMixture model, FitResult? fit, bool isWeighted)
    {
        List<string[]> facts =
        [
            ["components", Invariant($"{model.ComponentCount}, {model.CovarianceName} covariance")],
            ["columns", Invariant($"{model.Dimension}")],
            ["free parameters", Invariant($"{model.FreeParameters}")],
        ];
        if (fit is null) return facts;
        facts.Add(["points", fit.DistinctPoints < fit.Points ? Invariant($"{fit.Points}, {fit.DistinctPoints} of them different") : Invariant($"{fit.Points}")]);
        if (isWeighted || fit.TotalWeight != fit.Points) facts.Add(["sum of weights", Invariant($"{fit.TotalWeight}")]);
        facts.Add(["status", Status(fit)]);
        if (fit.Acceleration != Acceleration.None)
            facts.Add(["passes", Invariant($"{fit.Passes}, {AccelerationNames.Of(fit.Acceleration)}, {DataInput.Count(fit.RefusedProposals, "refused proposal")}")]);
        if (fit.SamplePasses > 0) facts.Add(["passes over samples", Invariant($"{fit.SamplePasses:f1} of all points")]);
        if (fit.ComputedShare < 1) facts.Add(["pairs computed", Invariant($"{100 * fit.ComputedShare:f1} % of points and components")]);
        if (fit is { CutoffBound: > 0, CutoffLoss: { } loss })
            facts.Add(["left out by cutoff", Invariant($"{loss:g3} nats of the mean log-likelihood, at most {fit.CutoffBound:g3}")]);
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
            FitStatus.TimeBudget => $"out of time after {iterations} ({Rule(fit.Stop)})",
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
        StopKind.Statistical => Invariant($"gain left < {stop.Tolerance} of half the number of parameters"),
        var other => throw new UnreachableException($"a stop of {other}"),
    };

    private static IEnumerable<string> Components(GaussianMixture model, FitResult? fit, int[]? order, int[] columns)
    {
        var deviations = Deviations(model);
        for (var first = 0; first < model.ComponentCount; first += ComponentsAbreast)
        {
            int[] shown = [.. (order ?? Enumerable.Range(0, model.ComponentCount)).Skip(first).Take(ComponentsAbreast)];
            List<string[]> lines =
            [
                ["component", .. shown.Select(k => Invariant($"{k}"))],
                ["weight", .. shown.Select(k => Weight(model.Weights[k]))],
            ];
            if (fit is not null) lines.Add(["effective count", .. shown.Select(k => Invariant($"{fit.Components[k].EffectiveCount:f2}"))]);
            lines.Add(["mean"]);
            foreach (var j in columns)
                lines.Add([Column(model, j), .. Numbers.Row([.. shown.Select(k => model.Mean(k)[j])], Smallest(deviations, j))]);
            lines.Add(["standard deviation"]);
            foreach (var j in columns)
                lines.Add([Column(model, j), .. Numbers.Row([.. shown.Select(k => deviations[k][j])], Smallest(deviations, j))]);
            yield return TextTable.Format(lines);
        }
    }

    // In one dimension the labels have places.
    private static string Regions(GaussianMixture model)
    {
        var boundaries = model.Boundaries();
        var column = StandardStreams.OneLine(model.ColumnNames?[0] ?? "x1");
        if (boundaries.Count == 0) return $"one component is the most probable everywhere: {Winner(model)}\n";
        var places = Numbers.Row([.. boundaries.Select(boundary => boundary.Position)], Smallest(Deviations(model), 0));
        List<string[]> lines = [[$"most probable component, by {column}"], [$"  below {places[0]}", Invariant($"{boundaries[0].Below}")]];
        for (var i = 0; i < boundaries.Count; i++)
        {
            var place = i + 1 < boundaries.Count ? $"{places[i]} to {places[i + 1]}" : $"above {places[i]}";
            lines.Add([$"  {place}", Invariant($"{boundaries[i].Above}")]);
        }
        return TextTable.Format(lines);
    }

    private static string Winner(GaussianMixture model) => Invariant($"{model.Label([model.Means[0]])}");

    private static double[][] Deviations(GaussianMixture model)
    {
        var deviations = new double[model.ComponentCount][];
        for (var k = 0; k < deviations.Length; k++)
            deviations[k] = [.. Enumerable.Range(0, model.Dimension).Select(j => Math.Sqrt(model.Variance(k, j)))];
        return deviations;
    }

    private static string Column(GaussianMixture model, int j) =>
        "  " + (model.ColumnNames is { } names ? StandardStreams.OneLine(names[j]) : Invariant($"x{j + 1}"));

    // What matters in a mean is its place in standard deviations, whatever its size: all numbers of a column get the digits that show four of the
    // smallest deviation.
    private static double Smallest(double[][] deviations, int j) =>
        deviations.Select(deviation => deviation[j]).Where(deviation => deviation > 0 && double.IsFinite(deviation)).DefaultIfEmpty(0).Min();

    private static string Weight(double weight) =>
        weight.ToString(weight is 0 or >= 1e-3 ? "f4" : "g3", CultureInfo.InvariantCulture);
}
