namespace Gmm.Bench.Passes;

/// <summary>
/// Makes mixtures of a given largest overlap: P(a point of i is likelier from j) + P(a point of j is likelier from i), weights counted, over the pair
/// that overlaps most (MaxOmega of Melnykov, Chen and Maitra, MixSim, Journal of Statistical Software 51(12), 2012), here by sampling. Variances are
/// log-uniform in [0.1, 10]; those with off-diagonal entries have random axes.
/// </summary>
internal static class OverlapMixture
{
    private const int Halvings = 24;
    private const int Draws = 2000;
    private const int DrawsOfRare = 20_000;
    private const double Rare = 1e-3;
    private const double FarApart = 200;

    /// <summary>Makes a mixture; the same arguments give the same numbers.</summary>
    public static GaussianMixture Make(CovarianceType type, int dimension, int components, double overlap, int seed)
    {
        var random = new Random(seed);
        double[] shares = [.. Enumerable.Range(0, components).Select(_ => -Math.Log(1 - random.NextDouble()))];
        double[] weights = [.. shares.Select(share => 0.5 / components + 0.5 * share / shares.Sum())];
        double[] centers = [.. Enumerable.Range(0, components * dimension).Select(_ => Normal(random))];
        var covariances = Covariances(type, dimension, components, random);
        GaussianMixture At(double spread) => new(type, dimension, weights, [.. centers.Select(center => spread * center)], covariances);

        var (low, high) = (0.0, FarApart);
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + high) / 2;
            if (LargestOverlap(At(middle), overlap < Rare ? DrawsOfRare : Draws) > overlap) low = middle;
            else high = middle;
        }
        return At(high);
    }

    private static double[] Covariances(CovarianceType type, int dimension, int components, Random random)
    {
        double Variance() => Math.Pow(10, 2 * random.NextDouble() - 1);
        double[] Many(int count, Func<double[]> one) => [.. Enumerable.Range(0, count).SelectMany(_ => one())];
        double[] Diagonal() => Many(dimension, () => [Variance()]);
        return type switch
        {
            CovarianceType.Full => Many(components, () => Rotated(Diagonal(), random)),
            CovarianceType.Tied => Rotated(Diagonal(), random),
            CovarianceType.Diagonal => Many(components, Diagonal),
            CovarianceType.Spherical => Many(components, () => [Variance()]),
            CovarianceType.TiedDiagonal => Diagonal(),
            CovarianceType.TiedSpherical => [Variance()],
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "a type with a row here is required"),
        };
    }

    // Random axes by Householder reflections, one per dimension.
    private static double[] Rotated(double[] variances, Random random)
    {
        var d = variances.Length;
        var matrix = new double[d * d];
        for (var i = 0; i < d; i++) matrix[i * d + i] = variances[i];
        for (var reflection = 0; reflection < d; reflection++)
        {
            double[] axis = [.. Enumerable.Range(0, d).Select(_ => Normal(random))];
            var square = axis.Sum(x => x * x);
            double[] product = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Sum(j => matrix[i * d + j] * axis[j]))];
            var form = Enumerable.Range(0, d).Sum(i => axis[i] * product[i]);
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    matrix[i * d + j] += -2 * (axis[i] * product[j] + product[i] * axis[j]) / square + 4 * form * axis[i] * axis[j] / (square * square);
                    matrix[j * d + i] = matrix[i * d + j];
                }
            }
        }
        return matrix;
    }

    private static double LargestOverlap(GaussianMixture mixture, int draws)
    {
        var (k, d) = (mixture.ComponentCount, mixture.Dimension);
        var misses = new double[k, k];
        var (rows, joints) = (new double[draws * d], new double[draws * k]);
        for (var i = 0; i < k; i++)
        {
            var own = new double[k];
            own[i] = 1;
            new GaussianMixture(mixture.CovarianceType, d, own, mixture.Means, mixture.Covariances).Sample(seed: i + 1, rows);
            mixture.ComponentLogDensities(new Points(rows, d), joints, weighted: true);
            for (var n = 0; n < draws; n++)
            {
                for (var j = 0; j < k; j++)
                {
                    if (joints[n * k + j] > joints[n * k + i]) misses[i, j] += 1.0 / draws;
                }
            }
        }
        double largest = 0;
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < i; j++) largest = Math.Max(largest, misses[i, j] + misses[j, i]);
        }
        return largest;
    }

    // Box and Muller.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
