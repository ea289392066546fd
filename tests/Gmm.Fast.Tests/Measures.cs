using System.Numerics;
using System.Runtime.InteropServices;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>
/// Holds the distance of two mixtures in the units of golden/README.md: weights relative, means in standard deviations, covariances in
/// sqrt(S_ii S_jj), of the expected mixture.
/// </summary>
internal readonly record struct Distance(double Weights, double Means, double Covariances)
{
    /// <summary>The largest of the three; NaN stays.</summary>
    public double Largest => Math.Max(Weights, Math.Max(Means, Covariances));

    /// <param name="expectedWeights">[K].</param>
    /// <param name="expectedMeans">[K x D].</param>
    /// <param name="expectedCovariances">[K x D x D].</param>
    /// <param name="actual">The mixture to judge.</param>
    /// <param name="origin">[K x D], subtracted from the actual means first; null for none.</param>
    public static Distance Of(
        double[] expectedWeights, double[][] expectedMeans, double[][][] expectedCovariances, GaussianMixture actual, double[]? origin = null)
    {
        var d = actual.Dimension;
        double weights = 0, means = 0, covariances = 0;
        for (var k = 0; k < actual.ComponentCount; k++)
        {
            weights = Math.Max(weights, Math.Abs(actual.Weights[k] - expectedWeights[k]) / Math.Max(expectedWeights[k], 1e-9));
            var expected = expectedCovariances[k];
            var matrix = actual.Expand(k);
            for (var i = 0; i < d; i++)
            {
                var mean = actual.Means[k * d + i] - (origin is null ? 0 : origin[k * d + i]);
                means = Math.Max(means, Math.Abs(mean - expectedMeans[k][i]) / Math.Sqrt(expected[i][i]));
                for (var j = 0; j < d; j++)
                    covariances = Math.Max(covariances, Math.Abs(matrix[i * d + j] - expected[i][j]) / Math.Sqrt(expected[i][i] * expected[j][j]));
            }
        }
        return new Distance(weights, means, covariances);
    }

    public static Distance Of(GaussianMixture expected, GaussianMixture actual)
    {
        var d = expected.Dimension;
        return Of(
            expected.Weights.ToArray(), [.. expected.Means.ToArray().Chunk(d)],
            [.. Enumerable.Range(0, expected.ComponentCount).Select(k => expected.Expand(k).Chunk(d).ToArray())], actual);
    }
}

/// <summary>Compares without a tolerance, and shortens frequent calls of models.</summary>
internal static class Measures
{
    public static double[] Expand(this GaussianMixture model, int k)
    {
        var matrix = new double[model.Dimension * model.Dimension];
        model.Covariance(k, matrix);
        return matrix;
    }

    /// <summary>|actual - expected| / max(1, |expected|).</summary>
    public static double Relative(double expected, double actual) => Math.Abs(actual - expected) / Math.Max(1, Math.Abs(expected));

    /// <summary>Rounded to the nearest numbers of <typeparamref name="T"/>.</summary>
    public static T[] To<T>(ReadOnlySpan<double> values)
        where T : INumberBase<T>
    {
        var result = new T[values.Length];
        for (var i = 0; i < result.Length; i++) result[i] = T.CreateTruncating(values[i]);
        return result;
    }

    /// <summary>The problem with data and means that are numbers of <typeparamref name="T"/>.</summary>
    public static MixtureProblem RoundedTo<T>(this MixtureProblem problem)
        where T : INumberBase<T> => problem with
        {
            Data = Array.ConvertAll(To<T>(problem.Data), double.CreateTruncating),
            Means = Array.ConvertAll(To<T>(problem.Means), double.CreateTruncating),
        };

    /// <summary>Equal bit for bit: unlike ==, tells 0 from -0 and takes NaN for itself.</summary>
    public static void SameBits(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string what = "") =>
        SameBits<double>(expected, actual, what);

    /// <inheritdoc cref="SameBits(ReadOnlySpan{double}, ReadOnlySpan{double}, string)"/>
    public static void SameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what = "")
        where T : unmanaged, IFormattable
    {
        Assert.Equal(expected.Length, actual.Length);
        var at = MemoryMarshal.AsBytes(expected).CommonPrefixLength(MemoryMarshal.AsBytes(actual)) / Marshal.SizeOf<T>();
        if (at < expected.Length) Assert.Fail($"{what}[{at}] is {actual[at]:R}, expected {expected[at]:R}");
    }

    public static void SameBits(GaussianMixture expected, GaussianMixture actual)
    {
        Assert.Equal(expected.CovarianceType, actual.CovarianceType);
        SameBits(expected.Weights, actual.Weights, "weights");
        SameBits(expected.Means, actual.Means, "means");
        SameBits(expected.Covariances, actual.Covariances, "covariances");
    }

    public static void SameBits(FitResult expected, FitResult actual)
    {
        Assert.Equal(expected.Status, actual.Status);
        SameBits(expected.Trace, actual.Trace, "trace");
        SameBits(expected.Model, actual.Model);
    }
}
