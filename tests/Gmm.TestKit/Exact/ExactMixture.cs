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
/// Weights of points are optional; a point of weight w counts like w points at its place, also where w is no integer.
/// One rule is the engine's own and is stated in its documentation: a component more than 64.5 ln 2 below a point's largest has responsibility exactly 0
/// for it. A component that has no responsibility left gets weight 0 and keeps mean and covariance.
/// </summary>
public sealed partial class ExactMixture
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

    /// <summary>One of <see cref="Layout.CovarianceTypes"/>.</summary>
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
    /// <param name="covarianceType">One of <see cref="Layout.CovarianceTypes"/>.</param>
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
    /// <param name="pointWeights">[N], finite and not negative; null for 1 each. They change the log-likelihood and its magnitude only.</param>
    /// <exception cref="ArgumentException">There are not N weights.</exception>
    /// <exception cref="ExactSingularException">A covariance is not positive definite.</exception>
    public ExactEStep EStep(double[] rows, double[]? pointWeights = null)
    {
        var (n, d) = (rows.Length / Dimension, Dimension);
        var pointCounts = PointCounts(n, pointWeights);
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
            var logDensity = pointCounts[i] * (largest + BigReal.Log(sum));
            total += logDensity;
            magnitude += BigReal.Abs(logDensity);
        }
        return new ExactEStep(responsibilities, total, magnitude, terms);
    }

    /// <summary>The M-step; regularization is added to every variance.</summary>
    /// <param name="rows">N x D, flat.</param>
    /// <param name="responsibilities">[N][K].</param>
    /// <param name="regularization">In squared units of the data.</param>
    /// <param name="pointWeights">[N], finite, not negative, not all 0; null for 1 each. Every responsibility counts so many times.</param>
    /// <exception cref="ArgumentException">There are not N weights.</exception>
    public ExactMixture MStep(double[] rows, BigReal[][] responsibilities, double regularization = 0, double[]? pointWeights = null)
    {
        var d = Dimension;
        var points = rows.Chunk(d).Select(row => Array.ConvertAll(row, x => (BigReal)x)).ToArray();
        var pointCounts = PointCounts(points.Length, pointWeights);
        var total = Sum(pointCounts);
        var shares = responsibilities.Select((r, i) => Array.ConvertAll(r, share => pointCounts[i] * share)).ToArray();
        var counts = Enumerable.Range(0, Components).Select(k => Sum(shares.Select(r => r[k]))).ToArray();
        var means = Means.Select((mean, k) => counts[k].IsZero ? mean : Enumerable.Range(0, d)
            .Select(j => Sum(points.Select((x, i) => shares[i][k] * x[j])) / counts[k]).ToArray()).ToArray();
        var scatters = means.Select((mean, k) => Scatter(points, mean, shares, k)).ToArray();

        BigReal[][] Over(BigReal[][] scatter, BigReal count) => Matrix(d, (i, j) => scatter[i][j] / count + (i == j ? regularization : 0));
        BigReal[][] Pooled() => Over(Matrix(d, (i, j) => Sum(scatters.Select(s => s[i][j]))), total);
        BigReal[][][] Separate(Func<BigReal[][], BigReal[][]> restrict) =>
            [.. counts.Select((count, k) => count.IsZero ? Covariances[k] : restrict(Over(scatters[k], count)))];
        BigReal[][][] Shared(BigReal[][] matrix) => [.. counts.Select(_ => matrix)];
        var covariances = CovarianceType switch
        {
            "full" or "diag" => Separate(own => own),
            "spherical" => Separate(Spherical),
            "tied" or "tied-diag" => Shared(Pooled()),
            "tied-spherical" => Shared(Spherical(Pooled())),
            _ => throw Layout.Unknown(CovarianceType),
        };
        return new ExactMixture(CovarianceType, [.. counts.Select(count => count / total)], means, covariances) { Truncates = Truncates };
    }

    /// <summary>An E-step and an M-step; parameters as for these.</summary>
    public ExactMixture Step(double[] rows, double regularization = 0, double[]? pointWeights = null) =>
        MStep(rows, EStep(rows).Responsibilities, regularization, pointWeights);

    /// <summary>Exactly so many iterations, without rounding in between; the other parameters as for the steps.</summary>
    public ExactMixture Fit(double[] rows, int iterations, double regularization = 0, double[]? pointWeights = null)
    {
        var mixture = this;
        for (var t = 0; t < iterations; t++) mixture = mixture.Step(rows, regularization, pointWeights);
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

    // How many times each of n points counts.
    private static BigReal[] PointCounts(int n, double[]? pointWeights)
    {
        if (pointWeights is not null && pointWeights.Length != n) throw new ArgumentException($"{pointWeights.Length} weights for {n} points.");
        return [.. Enumerable.Range(0, n).Select(i => pointWeights is null ? BigReal.One : pointWeights[i])];
    }

    // sum r (x - mu)(x - mu)^T; only the diagonal where the type has no more.
    private BigReal[][] Scatter(BigReal[][] points, BigReal[] mean, BigReal[][] shares, int k)
    {
        var d = mean.Length;
        var sums = Matrix(d, (_, _) => BigReal.Zero);
        var hasMatrix = Layout.HasOffDiagonal(CovarianceType);
        for (var n = 0; n < points.Length; n++)
        {
            if (shares[n][k].IsZero) continue;
            var deviations = points[n].Select((x, j) => x - mean[j]).ToArray();
            for (var i = 0; i < d; i++)
            {
                var weighted = shares[n][k] * deviations[i];
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
/// <param name="LogLikelihood">The sum over the points of weight times log-density, in nats.</param>
/// <param name="Magnitude">The same sum of the log-densities without their signs: what rounding of a sum is measured by.</param>
/// <param name="LogTerms">[N][K]: the logarithm of weight times density; null for weight 0.</param>
public sealed record ExactEStep(BigReal[][] Responsibilities, BigReal LogLikelihood, BigReal Magnitude, BigReal?[][] LogTerms);
