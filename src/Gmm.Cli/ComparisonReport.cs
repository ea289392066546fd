using System.Globalization;
using System.Text;
using System.Text.Json;
using Gmm.Fast;
using Gmm.Report;

namespace Gmm.Cli;

/// <summary>Holds a model of a comparison and where it comes from.</summary>
internal sealed record Compared(GaussianMixture Model, string Path);

/// <summary>Shows a comparison of two models, for a reader or as JSON.</summary>
internal sealed record ComparisonReport(Compared First, Compared Second, MixtureComparison Comparison, long Seed, LabelAgreement? Agreement)
{
    private const string None = "-";

    private IEnumerable<int> FirstOnly => Enumerable.Range(0, First.Model.ComponentCount).Except(Comparison.Matches.Select(match => match.First));

    private IEnumerable<int> SecondOnly => Enumerable.Range(0, Second.Model.ComponentCount).Except(Comparison.Matches.Select(match => match.Second));

    /// <summary>Gives tables.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        text.Append(TextTable.Format([Line("A", First), Line("B", Second)], leftColumns: 3)).Append('\n');
        text.Append("components matched by symmetric Kullback-Leibler divergence\n").Append(Pairs()).Append('\n');
        text.Append(Invariant($"distances in nats, from {Comparison.Samples} points drawn from each model with seed {Seed}\n")).Append(Distances());
        if (Agreement is { } agreement) text.Append('\n').Append(Labels(agreement));
        return text.ToString();
    }

    /// <summary>Gives a JSON document.</summary>
    public string Json()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("matches");
            foreach (var match in Comparison.Matches)
            {
                json.WriteStartObject();
                json.WriteNumber("a", match.First);
                json.WriteNumber("b", match.Second);
                json.WriteNumber("weightA", First.Model.Weights[match.First]);
                json.WriteNumber("weightB", Second.Model.Weights[match.Second]);
                Write(json, "meanDistance", match.MeanDistance);
                Write(json, "symmetricDivergence", match.Divergence);
                Write(json, "covarianceDivergence", match.CovarianceDivergence);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Write(json, "onlyA", FirstOnly);
            Write(json, "onlyB", SecondOnly);
            json.WriteNumber("samples", Comparison.Samples);
            json.WriteNumber("seed", Seed);
            Write(json, "divergenceAB", Comparison.Divergence, Comparison.DivergenceBound);
            Write(json, "divergenceBA", Comparison.ReverseDivergence, Comparison.ReverseDivergenceBound);
            Write(json, "jensenShannon", Comparison.JensenShannon, Math.Log(2));
            if (Agreement is { } agreement)
            {
                json.WriteStartObject("data");
                json.WriteNumber("rows", agreement.Rows);
                json.WriteNumber("agreeing", agreement.Agreeing(Comparison.Matches));
                Write(json, "adjustedRandIndex", agreement.AdjustedRand ?? double.NaN);
                Write(json, "meanLogLikelihoodA", agreement.FirstMean);
                Write(json, "meanLogLikelihoodB", agreement.SecondMean);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static string[] Line(string letter, Compared compared) =>
    [
        letter, compared.Path,
        $"{DataInput.Count(compared.Model.ComponentCount, "component")}, {compared.Model.CovarianceName} covariance",
    ];

    private string Pairs()
    {
        List<string[]> lines = [["A", "B", "weight A", "weight B", "means apart (sd)", "most in", "sd B / sd A", "divergence", "of covariances"]];
        foreach (var match in Comparison.Matches)
        {
            lines.Add([
                Invariant($"{match.First}"), Invariant($"{match.Second}"), Weight(First, match.First), Weight(Second, match.Second),
                Numbers.Brief(match.MeanDistance), Farthest(match), Ratios(match), Numbers.Brief(match.Divergence), Numbers.Brief(match.CovarianceDivergence),
            ]);
        }
        foreach (var k in FirstOnly) lines.Add([Invariant($"{k}"), None, Weight(First, k), None]);
        foreach (var k in SecondOnly) lines.Add([None, Invariant($"{k}"), None, Weight(Second, k)]);
        return TextTable.Format(lines, leftColumns: 0);
    }

    private string Distances() => TextTable.Format(
    [
        ["KL(A to B)", Show(Comparison.Divergence), $"at most {Numbers.Short(Comparison.DivergenceBound)}"],
        ["KL(B to A)", Show(Comparison.ReverseDivergence), $"at most {Numbers.Short(Comparison.ReverseDivergenceBound)}"],
        ["Jensen-Shannon", Show(Comparison.JensenShannon), $"at most ln 2 = {Numbers.Short(Math.Log(2))}"],
    ], leftColumns: 3);

    private string Labels(LabelAgreement agreement)
    {
        var agreeing = agreement.Agreeing(Comparison.Matches);
        return Invariant($"labels of {agreement.Data}, {DataInput.Count(agreement.Rows, "row")}\n") + TextTable.Format(
        [
            ["same component", Invariant($"{(double)agreeing / agreement.Rows:p2} ({agreeing})")],
            ["adjusted Rand index", agreement.AdjustedRand is { } index ? Numbers.Short(index) : None],
            ["mean log-likelihood", Invariant($"A {agreement.FirstMean:f6}, B {agreement.SecondMean:f6}")],
        ], leftColumns: 2);
    }

    // The column in which the means are farthest apart, in standard deviations, signed from A to B.
    private string Farthest(ComponentMatch match)
    {
        var (column, farthest) = (0, 0.0);
        for (var j = 0; j < First.Model.Dimension; j++)
        {
            var variance = (First.Model.Variance(match.First, j) + Second.Model.Variance(match.Second, j)) / 2;
            var apart = (Second.Model.Mean(match.Second)[j] - First.Model.Mean(match.First)[j]) / Math.Sqrt(variance);
            if (Math.Abs(apart) > Math.Abs(farthest)) (column, farthest) = (j, apart);
        }
        if (farthest == 0) return None;
        var name = StandardStreams.OneLine((First.Model.ColumnNames ?? Second.Model.ColumnNames)?[column] ?? $"x{column + 1}");
        return Invariant($"{name} {(farthest > 0 ? "+" : "")}{Numbers.Brief(farthest)}");
    }

    // The smallest and the largest ratio of the standard deviations of a column.
    private string Ratios(ComponentMatch match)
    {
        var (smallest, largest) = (double.PositiveInfinity, 0.0);
        for (var j = 0; j < First.Model.Dimension; j++)
        {
            var ratio = Math.Sqrt(Second.Model.Variance(match.Second, j) / First.Model.Variance(match.First, j));
            (smallest, largest) = (Math.Min(smallest, ratio), Math.Max(largest, ratio));
        }
        var (low, high) = (smallest.ToString("g4", CultureInfo.InvariantCulture), largest.ToString("g4", CultureInfo.InvariantCulture));
        return low == high ? low : $"{low} to {high}";
    }

    private static string Weight(Compared compared, int k) => Numbers.Weight(compared.Model.Weights[k], 4);

    private static string Show(MonteCarloEstimate estimate) => double.IsFinite(estimate.Value)
        ? $"{Numbers.Short(estimate.Value)} ± {estimate.StandardError.ToString("g2", CultureInfo.InvariantCulture)}" : Numbers.Short(estimate.Value);

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<int> components)
    {
        json.WriteStartArray(name);
        foreach (var k in components) json.WriteNumberValue(k);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, MonteCarloEstimate estimate, double bound)
    {
        json.WriteStartObject(name);
        Write(json, "estimate", estimate.Value);
        Write(json, "standardError", estimate.StandardError);
        Write(json, "upperBound", bound);
        json.WriteEndObject();
    }

    // JSON has no infinity.
    private static void Write(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
