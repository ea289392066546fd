using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli;

/// <summary>Tables with one row per point: which component it belongs to. Components count from 0, as in the model file.</summary>
internal static class MembershipTable
{
    private const string Label = "label";

    /// <summary>Columns r0 .. r(K-1).</summary>
    public static NumericTable Responsibilities(GaussianMixture model, NumericTable points)
    {
        var k = model.ComponentCount;
        var values = new double[Length(points.Rows, k)];
        model.Responsibilities(Rows.From(points.Values, points.Columns), values);
        return new NumericTable(values, k, ResponsibilityNames(k));
    }

    /// <summary>Columns label, log_density, r0 .. r(K-1).</summary>
    public static NumericTable Predictions(GaussianMixture model, NumericTable points)
    {
        var rows = Rows.From(points.Values, points.Columns);
        var labels = new int[points.Rows];
        model.Labels(rows, labels);
        var densities = new double[points.Rows];
        model.LogDensities(rows, densities);
        var responsibilities = Responsibilities(model, points).Values;

        var k = model.ComponentCount;
        var columns = k + 2;
        var values = new double[Length(points.Rows, columns)];
        for (var i = 0; i < points.Rows; i++)
        {
            values[i * columns] = labels[i];
            values[i * columns + 1] = densities[i];
            responsibilities.AsSpan(i * k, k).CopyTo(values.AsSpan(i * columns + 2));
        }
        return new NumericTable(values, columns, [Label, "log_density", .. ResponsibilityNames(k)]);
    }

    /// <summary>The model's columns, or x1 .. xD where they have no names; at the end, if wanted, the component each point was drawn from.</summary>
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
