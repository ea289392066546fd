namespace Gmm.TestKit.Exact;

/// <summary>A covariance that exact arithmetic calls singular, or a negative one.</summary>
public sealed class ExactSingularException(int component, int pivot)
    : Exception($"The covariance of component {component} is singular in exact arithmetic: pivot {pivot}.")
{
    /// <summary>The component, from 0.</summary>
    public int Component => component;
}

/// <summary>
/// Parameters of a mixture in 77 digits, and the steps of EM from them: Bishop, "Pattern Recognition and Machine Learning", equations 9.23 to 9.28, with
/// the regularization of golden/README.md. The judge of the engine: nothing in here is optimized, and nothing is shared with it.
/// One rule is the engine's own and is stated in its documentation: a component more than 64.5 ln 2 below a point's largest has responsibility exactly 0
/// for it. A component that has no responsibility left gets weight 0 and keeps mean and covariance.
/// </summary>
public sealed class ExactMixture
{
    private static readonly BigReal s_truncation = -64.5 * BigReal.Log(2);
    private static readonly BigReal s_logTwoPi = BigReal.Log(2 * BigReal.Pi);

    // Pivots below this share of their diagonal are what 77 digits leave of 0.
    private static readonly BigReal s_nothing = Math.ScaleB(1, -220);

    private ExactMixture(string covarianceType, BigReal[] weights, BigReal[][] means, BigReal[][][] covariances)
    {
        CovarianceType = covarianceType;
        Weights = weights;
        Means = means;
        Covariances = covariances;
    }

    /// <summary><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</summary>
    public string CovarianceType { get; }

    /// <summary>[K].</summary>
    public BigReal[] Weights { get; }

    /// <summary>[K][D].</summary>
    public BigReal[][] Means { get; }

    /// <summary>[K][D][D], written out in full whatever the type.</summary>
    public BigReal[][][] Covariances { get; }

    /// <summary>K.</summary>
    public int Components => Weights.Length;

    /// <summary>D.</summary>
    public int Dimension => Means[0].Length;

    /// <summary>Whether responsibilities below 2^-64.5 of a point's largest are 0, as the engine defines them.</summary>
    public bool Truncates { get; private init; }

    /// <summary>The same parameters, without any rounding.</summary>
    /// <param name="covarianceType"><c>full</c>, <c>tied</c>, <c>diag</c> or <c>spherical</c>.</param>
    /// <param name="weights">[K].</param>
    /// <param name="means">[K x D].</param>
    /// <param name="covariances">Compact (see <see cref="Layout"/>).</param>
    /// <param name="truncates">See <see cref="Truncates"/>.</param>
    public static ExactMixture From(
        string covarianceType, ReadOnlySpan<double> weights, ReadOnlySpan<double> means, ReadOnlySpan<double> covariances, bool truncates = true)
    {
        var (k, d) = (weights.Length, means.Length / weights.Length);
        BigReal[] Exact(double[] values) => Array.ConvertAll(values, x => (BigReal)x);
        var matrices = Layout.Expand(covarianceType, k, d, covariances.ToArray());
        return new ExactMixture(
            covarianceType, Exact(weights.ToArray()), [.. means.ToArray().Chunk(d).Select(Exact)],
            [.. matrices.Select(matrix => matrix.Select(Exact).ToArray())])
        { Truncates = truncates };
    }

    /// <summary>The start of a problem.</summary>
    public static ExactMixture From(MixtureProblem problem) => From(problem.CovarianceType, problem.Weights, problem.Means, problem.Covariances);

    /// <summary>The E-step.</summary>
    /// <param name="rows">N x D, flat.</param>
    /// <exception cref="ExactSingularException">A covariance is not positive definite.</exception>
    public ExactEStep EStep(double[] rows)
    {
        var (n, d) = (rows.Length / Dimension, Dimension);
        var factors = Covariances.Select(Factor).ToArray();
        var constants = factors.Select((factor, k) => Weights[k].IsZero ? (BigReal?)null : BigReal.Log(Weights[k]) + LogNormalizer(factor)).ToArray();
        var (responsibilities, terms) = (new BigReal[n][], new BigReal?[n][]);
        BigReal total = 0, magnitude = 0;
        for (var i = 0; i < n; i++)
        {
            var row = Array.ConvertAll(rows[(i * d)..((i + 1) * d)], x => (BigReal)x);
            var logs = constants.Select((constant, k) => constant - SquaredDistance(row, Means[k], factors[k]) / 2).ToArray();
            var largest = logs.Max()!.Value;
            var shares = logs.Select(log => log is null || (Truncates && log - largest < s_truncation) ? 0 : BigReal.Exp(log.Value - largest)).ToArray();
            var sum = Sum(shares);
            responsibilities[i] = [.. shares.Select(share => share / sum)];
            terms[i] = logs;
            var logDensity = largest + BigReal.Log(sum);
            total += logDensity;
            magnitude += BigReal.Abs(logDensity);
        }
        return new ExactEStep(responsibilities, total, magnitude, terms);
    }

    /// <summary>The M-step; regularization is added to every variance.</summary>
    /// <param name="rows">N x D, flat.</param>
    /// <param name="responsibilities">[N][K].</param>
    /// <param name="regularization">In squared units of the data.</param>
    public ExactMixture MStep(double[] rows, BigReal[][] responsibilities, double regularization = 0)
    {
        var d = Dimension;
        var points = rows.Chunk(d).Select(row => Array.ConvertAll(row, x => (BigReal)x)).ToArray();
        BigReal n = points.Length;
        var counts = Enumerable.Range(0, Components).Select(k => Sum(responsibilities.Select(r => r[k]))).ToArray();
        var means = Means.Select((mean, k) => counts[k].IsZero ? mean : Enumerable.Range(0, d)
            .Select(j => Sum(points.Select((x, i) => responsibilities[i][k] * x[j])) / counts[k]).ToArray()).ToArray();
        var scatters = means.Select((mean, k) => Scatter(points, mean, responsibilities, k)).ToArray();

        BigReal[][] Own(int k) => Matrix(d, (i, j) => scatters[k][i][j] / counts[k] + (i == j ? regularization : 0));
        var pooled = CovarianceType == "tied" ? Matrix(d, (i, j) => Sum(scatters.Select(s => s[i][j])) / n + (i == j ? regularization : 0)) : [];
        var covariances = counts.Select((count, k) => CovarianceType switch
        {
            "tied" => pooled,
            _ when count.IsZero => Covariances[k],
            "spherical" => Spherical(Own(k)),
            _ => Own(k),
        });
        return new ExactMixture(CovarianceType, [.. counts.Select(count => count / n)], means, [.. covariances]) { Truncates = Truncates };
    }

    /// <summary>An E-step and an M-step.</summary>
    public ExactMixture Step(double[] rows, double regularization = 0) => MStep(rows, EStep(rows).Responsibilities, regularization);

    /// <summary>Exactly so many iterations, without rounding in between.</summary>
    public ExactMixture Fit(double[] rows, int iterations, double regularization = 0)
    {
        var mixture = this;
        for (var t = 0; t < iterations; t++) mixture = mixture.Step(rows, regularization);
        return mixture;
    }

    /// <summary>The lower Cholesky factor of a component's covariance, [D][D].</summary>
    /// <exception cref="ExactSingularException">The covariance is not positive definite.</exception>
    public BigReal[][] CholeskyFactor(int k) => Factor(Covariances[k], k);

    /// <summary>The determinant of a component's covariance, as its natural logarithm.</summary>
    public BigReal LogDeterminant(int k) => 2 * Sum(Factor(Covariances[k], k).Select((row, i) => BigReal.Log(row[i])));

    private static BigReal[][] Factor(BigReal[][] matrix, int component)
    {
        var lower = Matrix(matrix.Length, (_, _) => BigReal.Zero);
        for (var i = 0; i < matrix.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i][j];
                for (var m = 0; m < j; m++) rest -= lower[i][m] * lower[j][m];
                if (i == j && rest <= s_nothing * matrix[i][i]) throw new ExactSingularException(component, i);
                lower[i][j] = i == j ? BigReal.Sqrt(rest) : rest / lower[j][j];
            }
        }
        return lower;
    }

    private static BigReal LogNormalizer(BigReal[][] factor) =>
        -(factor.Length * s_logTwoPi / 2 + Sum(factor.Select((row, i) => BigReal.Log(row[i]))));

    private static BigReal SquaredDistance(BigReal[] x, BigReal[] mean, BigReal[][] factor)
    {
        var z = new BigReal[x.Length];
        BigReal sum = 0;
        for (var i = 0; i < z.Length; i++)
        {
            var rest = x[i] - mean[i];
            for (var j = 0; j < i; j++)
            {
                if (!factor[i][j].IsZero) rest -= factor[i][j] * z[j];
            }
            z[i] = rest / factor[i][i];
            sum += z[i] * z[i];
        }
        return sum;
    }

    // sum r (x - mu)(x - mu)^T; only the diagonal where the type has no more.
    private BigReal[][] Scatter(BigReal[][] points, BigReal[] mean, BigReal[][] responsibilities, int k)
    {
        var d = mean.Length;
        var sums = Matrix(d, (_, _) => BigReal.Zero);
        var hasMatrix = CovarianceType is "full" or "tied";
        for (var n = 0; n < points.Length; n++)
        {
            if (responsibilities[n][k].IsZero) continue;
            var deviations = points[n].Select((x, j) => x - mean[j]).ToArray();
            for (var i = 0; i < d; i++)
            {
                var weighted = responsibilities[n][k] * deviations[i];
                for (var j = hasMatrix ? 0 : i; j <= i; j++) sums[i][j] += weighted * deviations[j];
            }
        }
        return Matrix(d, (i, j) => sums[Math.Max(i, j)][Math.Min(i, j)]);
    }

    private static BigReal[][] Spherical(BigReal[][] matrix)
    {
        var average = Sum(matrix.Select((row, i) => row[i])) / matrix.Length;
        return Matrix(matrix.Length, (i, j) => i == j ? average : 0);
    }

    private static BigReal Sum(IEnumerable<BigReal> values) => values.Aggregate(BigReal.Zero, (sum, x) => sum + x);

    private static BigReal[][] Matrix(int size, Func<int, int, BigReal> entry) =>
        [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => entry(i, j)).ToArray())];
}

/// <summary>What an E-step finds.</summary>
/// <param name="Responsibilities">[N][K].</param>
/// <param name="LogLikelihood">The sum over the points of the log-density, in nats.</param>
/// <param name="Magnitude">The sum of the log-densities without their signs: what rounding of a sum is measured by.</param>
/// <param name="LogTerms">[N][K]: the logarithm of weight times density; null for weight 0.</param>
public sealed record ExactEStep(BigReal[][] Responsibilities, BigReal LogLikelihood, BigReal Magnitude, BigReal?[][] LogTerms);
