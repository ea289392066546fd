using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Makes tables with one row per point: which component it belongs to. Components count from 0, as in the model file.</summary>
internal static class MembershipTable
{
    private const string Label = "label";

    /// <summary>Makes the columns r0 .. r(K-1).</summary>
    public static RowStream Responsibilities(GaussianMixture model, NumericTable points, int threads)
    {
        var k = model.ComponentCount;
        return new RowStream(points.Rows, k, ResponsibilityNames(k), receiver => model.Score(
            new TablePoints(points), Scores.Responsibilities, scores => receiver(scores.Responsibilities), maxDegreeOfParallelism: threads));
    }

    /// <summary>Makes the columns label, log_density, r0 .. r(K-1).</summary>
    public static RowStream Predictions(GaussianMixture model, NumericTable points, int threads)
    {
        const Scores Wanted = Scores.Labels | Scores.LogDensities | Scores.Responsibilities;
        var k = model.ComponentCount;
        return new RowStream(points.Rows, k + 2, [Label, "log_density", .. ResponsibilityNames(k)], receiver =>
        {
            var row = new double[k + 2];
            model.Score(new TablePoints(points), Wanted, scores =>
            {
                for (var i = 0; i < scores.Count; i++)
                {
                    (row[0], row[1]) = (scores.Labels[i], scores.LogDensities[i]);
                    scores.Responsibilities.Slice(i * k, k).CopyTo(row.AsSpan(2));
                    receiver(row);
                }
            }, maxDegreeOfParallelism: threads);
        });
    }

    /// <summary>
    /// Draws points. The columns are the model's, or x1 .. xD where they have no names; at the end, if wanted, the component of each point.
    /// </summary>
    public static NumericTable Sample(GaussianMixture model, int count, long seed, bool withLabels)
    {
        var d = model.Dimension;
        var points = new double[Length(count, d)];
        var labels = new int[withLabels ? count : 0];
        model.Sample(seed, points, labels);
        var names = model.ColumnNames ?? [.. Enumerable.Range(1, d).Select(j => $"x{j}")];
        if (!withLabels) return new NumericTable(points, d, names);

        var values = new double[Length(count, d + 1)];
        for (var i = 0; i < count; i++)
        {
            points.AsSpan(i * d, d).CopyTo(values.AsSpan(i * (d + 1)));
            values[i * (d + 1) + d] = labels[i];
        }
        return new NumericTable(values, d + 1, [.. names, Label]);
    }

    private static string[] ResponsibilityNames(int k) => [.. Enumerable.Range(0, k).Select(i => $"r{i}")];

    private static int Length(int rows, int columns) => (long)rows * columns <= Array.MaxLength
        ? rows * columns
        : throw CommandFailure.Input($"{rows} rows of {columns} numbers are too many for one table");
}
