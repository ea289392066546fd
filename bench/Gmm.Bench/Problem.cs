namespace Gmm.Bench;

/// <summary>Overlapping blobs with a start that is not their solution: every point-component pair does real work.</summary>
internal sealed class Problem
{
    public Problem(CovarianceType type, int points, int dimension, int components)
    {
        var truth = Blobs(type, dimension, components, spread: 1.5, seed: 1);
        Initial = Blobs(type, dimension, components, spread: 1.2, seed: 1);
        (Points, Dimension, Components) = (points, dimension, components);
        Rows = new double[points * dimension];
        truth.Sample(seed: 2, Rows);
    }

    public GaussianMixture Initial { get; }

    public int Points { get; }

    public int Dimension { get; }

    public int Components { get; }

    /// <summary>[Points x Dimension].</summary>
    public double[] Rows { get; }

    public FitResult Fit(int iterations, int threads) => MixtureFit.Fit(Rows, Dimension, new FitOptions
    {
        Components = Components,
        CovarianceType = Initial.CovarianceType,
        InitialModel = Initial,
        Stop = StopRule.FixedCount,
        MaxIterations = iterations,
        MaxDegreeOfParallelism = threads,
    });

    private static GaussianMixture Blobs(CovarianceType type, int dimension, int components, double spread, int seed)
    {
        var random = new Random(seed);
        var weights = Enumerable.Repeat(1.0 / components, components).ToArray();
        var means = Enumerable.Range(0, components * dimension).Select(_ => spread * (2 * random.NextDouble() - 1)).ToArray();
        var one = new double[dimension * dimension];
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < dimension; j++) one[i * dimension + j] = Math.Pow(0.4, Math.Abs(i - j));
        }
        var covariances = type switch
        {
            CovarianceType.Full => Enumerable.Repeat(one, components).SelectMany(matrix => matrix).ToArray(),
            CovarianceType.Tied => one,
            CovarianceType.Diagonal => Enumerable.Repeat(1.0, components * dimension).ToArray(),
            _ => Enumerable.Repeat(1.0, components).ToArray(),
        };
        return new GaussianMixture(type, dimension, weights, means, covariances);
    }
}
