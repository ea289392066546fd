using System.Globalization;
using Gmm.Fast;

namespace Notebook;

/// <summary>Writes numbers as the document does.</summary>
internal static class Format
{
    /// <summary>Writes so many decimals at most.</summary>
    public static string Decimals(double value, int decimals) => value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    /// <summary>Writes exactly so many decimals.</summary>
    public static string Fixed(double value, int decimals) => value.ToString($"f{decimals}", CultureInfo.InvariantCulture);

    /// <summary>Writes so many digits.</summary>
    public static string Digits(double value, int digits) => value.ToString($"g{digits}", CultureInfo.InvariantCulture);

    /// <summary>Writes the size of a difference.</summary>
    public static string Small(double difference) => difference == 0 ? "0" : difference.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>Writes a count: 1,328.</summary>
    public static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Writes a count with its noun: 1 iteration, 12 iterations.</summary>
    public static string Count(int count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Writes the log's lines: iterations count from 0, each fifth and the last are printed.</summary>
    public static string[] Log(int iterations) =>
        [.. Enumerable.Range(0, iterations).Where(i => i % 5 == 0 || i == iterations - 1).Select(i => $"Iteration {i}")];

    /// <summary>Writes a vector: (1.08, 0.74).</summary>
    public static string Vector(ReadOnlySpan<double> values, int decimals)
    {
        var texts = new string[values.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = Fixed(values[i], decimals);
        return $"({string.Join(", ", texts)})";
    }

    /// <summary>Writes a component's covariance, one row after the other: [a b; b c].</summary>
    public static string Covariance(GaussianMixture model, int k, int decimals)
    {
        var rows = Covariance(model, k).Chunk(model.Dimension).Select(row => string.Join(' ', row.Select(value => Fixed(value, decimals))));
        return $"[{string.Join("; ", rows)}]";
    }

    /// <summary>Copies a component's covariance, [D x D].</summary>
    public static double[] Covariance(GaussianMixture model, int k)
    {
        var matrix = new double[model.Dimension * model.Dimension];
        model.Covariance(k, matrix);
        return matrix;
    }
}
