using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Says which columns predictions have beside the usual ones.</summary>
/// <param name="Anomaly">The largest tail probability of a row that counts as unusual; null for no such columns.</param>
/// <param name="Confidence">Whether to tell how certain a label is.</param>
internal sealed record PredictionExtras(double? Anomaly, bool Confidence);

/// <summary>Makes tables with one row per point: which component it belongs to. Components count from 0, as in the model file.</summary>
internal static class MembershipTable
{
    private const string Label = "label";

    /// <summary>Makes the columns r0 .. r(K-1), without the rows of weight 0.</summary>
    public static RowStream Responsibilities(GaussianMixture model, PointSource<double> points, int threads)
    {
        var k = model.ComponentCount;
        if (points.HasWeights) return CountedResponsibilities(model, points, threads);
        return new RowStream(points.PointCount, k, ResponsibilityNames(k), receiver => model.Score(
            points, Scores.Responsibilities, scores => receiver(scores.Responsibilities), maxDegreeOfParallelism: threads));
    }

    /// <summary>Makes the columns label, log_density, r0 .. r(K-1), and the extras after them.</summary>
    public static RowStream Predictions(GaussianMixture model, PointSource<double> points, PredictionExtras extras, int threads)
    {
        var wanted = Scores.Labels | Scores.LogDensities | Scores.Responsibilities | (extras.Confidence ? Scores.ComponentLogDensities : 0);
        var k = model.ComponentCount;
        List<string> names = [Label, "log_density", .. ResponsibilityNames(k)];
        if (extras.Confidence) names.AddRange(k == 1 ? ["entropy"] : ["entropy", "second_label", "second_responsibility"]);
        if (extras.Anomaly is not null) names.AddRange(["anomaly", "tail_probability"]);
        return new RowStream(points.PointCount, names.Count, names, receiver =>
        {
            var row = new double[names.Count];
            model.Score(points, wanted, scores =>
            {
                for (var i = 0; i < scores.Count; i++)
                {
                    (row[0], row[1]) = (scores.Labels[i], scores.LogDensities[i]);
                    var responsibilities = scores.Responsibilities.Slice(i * k, k);
                    responsibilities.CopyTo(row.AsSpan(2));
                    if (extras.Confidence) Confidence(responsibilities, scores.ComponentLogDensities.Slice(i * k, k), scores.Labels[i], row.AsSpan(k + 2));
                    if (extras.Anomaly is { } share)
                    {
                        // A row without a value has the log-density 0, which says nothing.
                        var isEmpty = scores.LogDensities[i] == 0 && !PointCounts.HasValue(points, scores.First + i);
                        var tail = model.TailProbability(isEmpty ? double.PositiveInfinity : scores.LogDensities[i]);
                        (row[^2], row[^1]) = (tail <= share ? 1 : 0, tail);
                    }
                    receiver(row);
                }
            }, weighted: true, maxDegreeOfParallelism: threads);
        });
    }

    private static RowStream CountedResponsibilities(GaussianMixture model, PointSource<double> points, int threads)
    {
        var k = model.ComponentCount;
        return new RowStream(PointCounts.Of(points, mayHaveGaps: false).Points, k, ResponsibilityNames(k), receiver =>
        {
            double[] weights = [];
            model.Score(new CountedRows(points), Scores.Responsibilities, scores =>
            {
                if (weights.Length < scores.Count) weights = new double[scores.Count];
                points.ReadWeights(scores.First, weights.AsSpan(0, scores.Count));
                for (var i = 0; i < scores.Count; i++)
                {
                    if (weights[i] > 0) receiver(scores.Responsibilities.Slice(i * k, k));
                }
            }, maxDegreeOfParallelism: threads);
        });
    }

    // Writes the entropy, and of two components or more the second best and its responsibility. That may be 0, so log-densities tell which one it is.
    private static void Confidence(ReadOnlySpan<double> responsibilities, ReadOnlySpan<double> logDensities, int label, Span<double> into)
    {
        double entropy = 0;
        var second = -1;
        for (var k = 0; k < responsibilities.Length; k++)
        {
            if (responsibilities[k] > 0) entropy -= responsibilities[k] * Math.Log(responsibilities[k]);
            if (k != label && (second < 0 || logDensities[k] > logDensities[second])) second = k;
        }
        into[0] = Math.Max(0, entropy);
        if (second >= 0) (into[1], into[2]) = (second, responsibilities[second]);
    }

    /// <summary>
    /// Draws points. The columns are the model's, or x1 .. xD where they have no names; at the end, if wanted, the component of each point.
    /// </summary>
    public static RowStream Sample(GaussianMixture model, long count, long seed, bool withLabels)
    {
        var d = model.Dimension;
        var names = model.ColumnNames ?? [.. Enumerable.Range(1, d).Select(j => $"x{j}")];
        if (!withLabels) return new RowStream(count, d, names, receiver => model.Sample(seed, count, (rows, _) => receiver(rows)));
        return new RowStream(count, d + 1, [.. names, Label], receiver =>
        {
            double[] values = [];
            model.Sample(seed, count, (rows, labels) =>
            {
                var length = labels.Length * (d + 1);
                if (values.Length < length) values = new double[length];
                for (var i = 0; i < labels.Length; i++)
                {
                    rows.Slice(i * d, d).CopyTo(values.AsSpan(i * (d + 1)));
                    values[i * (d + 1) + d] = labels[i];
                }
                receiver(values.AsSpan(0, length));
            });
        });
    }

    private static string[] ResponsibilityNames(int k) => [.. Enumerable.Range(0, k).Select(i => $"r{i}")];
}
