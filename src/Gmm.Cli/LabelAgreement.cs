using Gmm.Data;
using Gmm.Data.Images.Clustering;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Holds how two models label the same rows.</summary>
/// <param name="Data">What messages call the rows.</param>
/// <param name="Rows">Their number.</param>
/// <param name="FirstLabels">[rows], of the first model.</param>
/// <param name="SecondLabels">[rows], of the second model.</param>
/// <param name="AdjustedRand">The adjusted Rand index, which needs no pairs of components; null for one row.</param>
/// <param name="FirstMean">The mean log-likelihood under the first model, in nats per row.</param>
/// <param name="SecondMean">The same under the second model.</param>
internal sealed record LabelAgreement(
    string Data, int Rows, int[] FirstLabels, int[] SecondLabels, double? AdjustedRand, double FirstMean, double SecondMean)
{
    public static LabelAgreement Of(GaussianMixture first, GaussianMixture second, NumericTable table, string data)
    {
        // The table has NaN only where a missing value is no error.
        (first, second) = (first.WithMissingValues(MissingValues.Marginalize), second.WithMissingValues(MissingValues.Marginalize));
        var counted = PointCounts.Of(new TablePoints(table), mayHaveGaps: true).Points;
        if (counted == 0) throw CommandFailure.Input($"{data}: no row has a value");
        var (labels, others) = (new int[table.Rows], new int[table.Rows]);
        first.Labels(new Points(table.Values, table.Columns), labels);
        second.Labels(new Points(table.Values, table.Columns), others);
        string[] names = [.. Enumerable.Range(0, first.ComponentCount).Select(k => $"{k}")];
        var counts = Contingency.Count(Array.ConvertAll(labels, label => names[label]), others, second.ComponentCount);
        var points = new TablePoints(table);
        return new LabelAgreement(
            data, table.Rows, labels, others, AdjustedRandIndex.Of(counts), first.TotalLogLikelihood(points) / counted,
            second.TotalLogLikelihood(points) / counted);
    }

    /// <summary>Counts the rows whose two labels are a pair.</summary>
    public int Agreeing(IReadOnlyList<ComponentMatch> matches)
    {
        var partners = matches.ToDictionary(match => match.First, match => match.Second);
        var count = 0;
        for (var i = 0; i < Rows; i++)
        {
            if (partners.TryGetValue(FirstLabels[i], out var partner) && partner == SecondLabels[i]) count++;
        }
        return count;
    }
}
