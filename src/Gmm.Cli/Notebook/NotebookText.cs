using System.Globalization;
using Gmm.Fast;

namespace Gmm.Cli.Notebook;

/// <summary>Numbers as the document writes them.</summary>
internal static class NotebookText
{
    /// <summary>So many decimals at most.</summary>
    public static string Decimals(double value, int decimals) => value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    /// <summary>Exactly so many decimals.</summary>
    public static string Fixed(double value, int decimals) => value.ToString($"f{decimals}", CultureInfo.InvariantCulture);

    /// <summary>The size of a difference.</summary>
    public static string Small(double difference) => difference == 0 ? "0" : difference.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>The lines of the log: iterations count from 0, each fifth and the last are printed.</summary>
    public static string[] Log(int iterations) =>
        [.. Enumerable.Range(0, iterations).Where(i => i % 5 == 0 || i == iterations - 1).Select(i => $"Iteration {i}")];

    /// <summary>(1.08, 0.74).</summary>
    public static string Vector(ReadOnlySpan<double> values, int decimals)
    {
        var texts = new string[values.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = Fixed(values[i], decimals);
        return $"({string.Join(", ", texts)})";
    }

    /// <summary>The covariance of a component: [a b; b c], one row after the other.</summary>
    public static string Covariance(GaussianMixture model, int k, int decimals)
    {
        var d = model.Dimension;
        var matrix = new double[d * d];
        model.Covariance(k, matrix);
        return $"[{string.Join("; ", Enumerable.Range(0, d).Select(i =>
            string.Join(' ', Enumerable.Range(0, d).Select(j => Fixed(matrix[i * d + j], decimals)))))}]";
    }

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
