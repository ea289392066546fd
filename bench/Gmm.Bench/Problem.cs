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

    /// <summary>The same rows as floats.</summary>
    public float[] SingleRows => field ??= Array.ConvertAll(Rows, x => (float)x);

    /// <summary>A problem from its shape in words: points x features x components.</summary>
    public static Problem Parse(CovarianceType type, string shape)
    {
        var sizes = Array.ConvertAll(shape.Split('x'), int.Parse);
        return new Problem(type, sizes[0], sizes[1], sizes[2]);
    }

    public FitOptions Options(int iterations, int threads) => new()
    {
        Components = Components,
        CovarianceType = Initial.CovarianceType,
        InitialModel = Initial,
        Stop = StopRule.FixedCount,
        MaxIterations = iterations,
        MaxDegreeOfParallelism = threads,
    };

    public FitResult Fit(int iterations, int threads, bool single = false) => Fit(Options(iterations, threads), single);

    /// <summary>A fit that must run all its iterations: a time per iteration means nothing otherwise.</summary>
    public FitResult Fit(FitOptions options, bool single = false)
    {
        var fit = MixtureFit.Fit(single ? new Points(SingleRows, Dimension) : new Points(Rows, Dimension), options);
        if (fit.Iterations != options.MaxIterations) throw new InvalidOperationException($"{fit.Status} after {fit.Iterations} iterations: {fit.Failure}");
        return fit;
    }

    private static GaussianMixture Blobs(CovarianceType type, int dimension, int components, double spread, int seed)
    {
        // Distances between means must not grow with D, or responsibilities in many dimensions would all be 0 or 1.
        var side = spread * Math.Sqrt(2.0 / dimension);
        var random = new Random(seed);
        var weights = Enumerable.Repeat(1.0 / components, components).ToArray();
        var means = Enumerable.Range(0, components * dimension).Select(_ => side * (2 * random.NextDouble() - 1)).ToArray();
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
            CovarianceType.Spherical => Enumerable.Repeat(1.0, components).ToArray(),
            CovarianceType.TiedDiagonal => Enumerable.Repeat(1.0, dimension).ToArray(),
            CovarianceType.TiedSpherical => [1.0],
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "a type with a row here is required"),
        };
        return new GaussianMixture(type, dimension, weights, means, covariances);
    }
}
