using CsCheck;

namespace Gmm.TestKit;

/// <summary>Data and valid mixture parameters of matching shape; the data were drawn from the parameters.</summary>
/// <param name="N">Rows.</param>
/// <param name="D">Columns.</param>
/// <param name="K">Components.</param>
/// <param name="CovarianceType">One of <see cref="Layout.CovarianceTypes"/>.</param>
/// <param name="Data">N x D, flat.</param>
/// <param name="Weights">K, positive, summing to 1.</param>
/// <param name="Means">K x D, flat.</param>
/// <param name="Covariances">Compact (see <see cref="Layout"/>).</param>
public sealed record MixtureProblem(
    int N, int D, int K, string CovarianceType, double[] Data, double[] Weights, double[] Means, double[] Covariances)
{
    /// <summary>N x D; a copy at every call.</summary>
    public double[][] Rows => Layout.Rows(Data, D);

    /// <summary>K x D; a copy at every call.</summary>
    public double[][] MeanRows => Layout.Rows(Means, D);

    /// <summary>K x D x D; a copy at every call.</summary>
    public double[][][] ExpandedCovariances => Layout.Expand(CovarianceType, K, D, Covariances);

    /// <summary>The shape, for messages.</summary>
    public override string ToString() => $"{CovarianceType} N={N} D={D} K={K}";
}

/// <summary>
/// Mixture problems that are valid but not friendly: clusters that overlap or stand far apart, unequal weights, correlated columns, sizes on
/// both sides of every lane and block boundary, fewer rows than parameters. With few rows a fit without regularization may well collapse.
/// </summary>
public static class Blobs
{
    /// <summary>
    /// Problems with N in 1..300, D in 1..12, K in 1..6, separations from 0 (all on one spot) to 20 standard deviations, condition numbers up
    /// to 1e4, data near 0 or shifted to 1000. They shrink to few rows, columns and components.
    /// </summary>
    /// <param name="covarianceTypes">The types to choose from; none for <see cref="Layout.CovarianceTypes"/>.</param>
    public static Gen<MixtureProblem> Generator(params string[] covarianceTypes) => Gen.Select(
        Gen.OneOf(covarianceTypes.Length > 0 ? covarianceTypes : [.. Layout.CovarianceTypes]),
        Gen.Int[1, 300], Gen.Int[1, 12], Gen.Int[1, 6], Gen.Double[0, 20], Gen.Double[0, 4], Gen.OneOf(0.0, 1000.0), Gen.Int[0, 1 << 20],
        (type, n, d, k, separation, condition, shift, seed) => Build(seed, n, d, k, type, separation, Math.Pow(10, condition), shift));

    /// <summary>One problem; the same arguments give the same numbers.</summary>
    /// <param name="seed">The seed of a <see cref="Random"/>.</param>
    /// <param name="n">Rows.</param>
    /// <param name="d">Columns.</param>
    /// <param name="k">Components.</param>
    /// <param name="covarianceType">One of <see cref="Layout.CovarianceTypes"/>.</param>
    /// <param name="separation">The standard deviation of the means about their center; that of a cluster's points is at most 2.</param>
    /// <param name="condition">Largest over smallest variance within a component; without meaning for spherical ones.</param>
    /// <param name="shift">Every coordinate of the center.</param>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Layout.CovarianceTypes"/>.</exception>
    public static MixtureProblem Build(
        int seed, int n, int d, int k, string covarianceType = "full", double separation = 4, double condition = 10, double shift = 0)
    {
        var random = new Random(seed);
        var weights = Enumerable.Range(0, k).Select(_ => 0.2 + random.NextDouble()).ToArray();
        var total = weights.Sum();
        weights = [.. weights.Select(w => w / total)];

        var means = Enumerable.Range(0, k * d).Select(_ => shift + separation * SpdMatrix.StandardNormal(random)).ToArray();
        var covariances = BuildCovariances(random, covarianceType, k, d, condition);
        var data = Draw(random, n, d, weights, means, Layout.Expand(covarianceType, k, d, covariances));
        return new MixtureProblem(n, d, k, covarianceType, data, weights, means, covariances);
    }

    private static double[] BuildCovariances(Random random, string covarianceType, int k, int d, double condition)
    {
        // Largest variances between 1/4 and 4, so that clusters of one problem differ in size.
        double Largest() => Math.Pow(4, 2 * random.NextDouble() - 1);

        double[] Diagonal()
        {
            var largest = Largest();
            var variances = Enumerable.Range(0, d).Select(i => SpdMatrix.Eigenvalue(i, d, condition, largest)).ToArray();
            random.Shuffle(variances);
            return variances;
        }

        return covarianceType switch
        {
            "full" => [.. Enumerable.Range(0, k).SelectMany(_ => SpdMatrix.Build(random, d, condition, Largest()))],
            "tied" => SpdMatrix.Build(random, d, condition, Largest()),
            "diag" => [.. Enumerable.Range(0, k).SelectMany(_ => Diagonal())],
            "spherical" => [.. Enumerable.Range(0, k).Select(_ => Largest())],
            "tied-diag" => Diagonal(),
            "tied-spherical" => [Largest()],
            _ => throw Layout.Unknown(covarianceType),
        };
    }

    private static double[] Draw(Random random, int n, int d, double[] weights, double[] means, double[][][] covariances)
    {
        var factors = covariances.Select(s => SpdMatrix.LowerFactor(Layout.Flat(s), d)).ToArray();
        var data = new double[n * d];
        for (var row = 0; row < n; row++)
        {
            var k = 0;
            for (var rest = random.NextDouble() - weights[0]; rest >= 0 && k < weights.Length - 1; rest -= weights[k])
                k++;

            var z = Enumerable.Range(0, d).Select(_ => SpdMatrix.StandardNormal(random)).ToArray();
            for (var i = 0; i < d; i++)
                data[row * d + i] = means[k * d + i] + Enumerable.Range(0, i + 1).Sum(j => factors[k][i * d + j] * z[j]);
        }

        return data;
    }
}
