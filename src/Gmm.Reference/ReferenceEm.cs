namespace Gmm.Reference;

/// <summary>
/// EM for Gaussian mixtures as printed in Bishop, "Pattern Recognition and Machine Learning" (2006), section 9.2.2; equation numbers are his.
/// The one departure: densities are kept as logarithms, since exp(-800) is 0 in double precision and 9.23 would then be 0/0.
/// Every data set is N rows of D numbers. No input is changed, and no small number is added anywhere to keep a division alive.
/// Sample weights are optional. With w_n, row n stands for w_n equal rows: every sum over n has w_n gamma(z_nk) or w_n ln p(x_n) for its terms, and
/// N is the sum of w_n. The weights need not be integers; a row of weight 0 takes no part.
/// </summary>
public static class ReferenceEm
{
    /// <summary>Alternates E-steps and M-steps from the initial parameters until the stop rule or the iteration limit ends the run.</summary>
    /// <param name="data">N x D.</param>
    /// <param name="initial">theta_0, used as given (no regularization is added to it).</param>
    /// <param name="options">Stop rule, limit and regularization.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    /// <returns>theta_t and how it was reached.</returns>
    /// <exception cref="ArgumentException">Data, parameters, options or weights cannot be used; the message says where and why.</exception>
    /// <exception cref="InvalidOperationException">A covariance is not positive definite, or a row is too far away for a double.</exception>
    public static ReferenceFit Fit(double[][] data, ReferenceMixture initial, ReferenceOptions options, double[]? sampleWeights = null)
    {
        ReferenceMixture.Require(options.MaxIterations >= 1, $"MaxIterations is {options.MaxIterations}; at least 1 is required.");

        var mixture = initial;
        var (responsibilities, logLikelihood) = EStep(data, mixture, sampleWeights);
        var regularization = ColumnVariances(data, sampleWeights).Select(v => options.Regularization + options.RelativeRegularization * v).ToArray();
        var total = TotalWeight(data, sampleWeights);
        var lastEStep = responsibilities;
        var trace = new List<double> { logLikelihood };
        var converged = false;

        for (var t = 1; t <= options.MaxIterations && !converged; t++)
        {
            // One iteration: theta_t from the responsibilities under theta_(t-1). The E-step under theta_t serves twice, as the
            // log-likelihood of this iteration and as the first half of the next.
            lastEStep = responsibilities;
            mixture = MStep(data, mixture, responsibilities, regularization, sampleWeights);
            (responsibilities, logLikelihood) = EStep(data, mixture, sampleWeights);
            trace.Add(logLikelihood);

            converged = options.Stop switch
            {
                ReferenceStop.TotalRise => trace[t] - trace[t - 1] < options.Threshold,
                ReferenceStop.MeanChange => t >= 2 && Math.Abs(trace[t - 1] / total - trace[t - 2] / total) < options.Threshold,
                _ => false,
            };
        }

        return new ReferenceFit(mixture, trace.Count - 1, converged, [.. trace], responsibilities, lastEStep);
    }

    /// <summary>One E-step and one M-step.</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The current parameters.</param>
    /// <param name="regularization">Added to every variance, in squared units of the data.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    /// <returns>The next parameters.</returns>
    public static ReferenceMixture Step(double[][] data, ReferenceMixture mixture, double regularization = 0, double[]? sampleWeights = null) =>
        MStep(data, mixture, EStep(data, mixture, sampleWeights).Responsibilities, regularization, sampleWeights);

    /// <summary>gamma(z_nk), the probability that component k explains row n (9.13, 9.23).</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The parameters.</param>
    /// <returns>N x K; every row sums to 1.</returns>
    public static double[][] Responsibilities(double[][] data, ReferenceMixture mixture) => EStep(data, mixture).Responsibilities;

    /// <summary>ln p(X) = sum_n w_n ln sum_k pi_k N(x_n | mu_k, Sigma_k), in nats (9.28).</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The parameters.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    public static double LogLikelihood(double[][] data, ReferenceMixture mixture, double[]? sampleWeights = null) =>
        EStep(data, mixture, sampleWeights).LogLikelihood;

    /// <summary>The log-likelihood over N, in nats per row; with sample weights over their sum.</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The parameters.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    public static double MeanLogLikelihood(double[][] data, ReferenceMixture mixture, double[]? sampleWeights = null) =>
        LogLikelihood(data, mixture, sampleWeights) / TotalWeight(data, sampleWeights);

    /// <summary>The E-step: responsibilities (9.23) and, from the same numbers, the log-likelihood (9.28).</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The current parameters.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    /// <returns>
    /// N x K responsibilities, into which the weights do not enter, and the total log-likelihood in nats. A row of weight 0 has responsibilities too,
    /// but all 0 where its log-density is -infinity under every component.
    /// </returns>
    /// <exception cref="InvalidOperationException">The log-density of a row is -infinity under every component, and its weight is not 0.</exception>
    public static (double[][] Responsibilities, double LogLikelihood) EStep(
        double[][] data, ReferenceMixture mixture, double[]? sampleWeights = null)
    {
        ValidateWeights(data, sampleWeights);
        var responsibilities = LogJoint(data, mixture);
        var logLikelihood = 0.0;
        for (var n = 0; n < data.Length; n++)
        {
            var row = responsibilities[n];
            var logDensity = LogSumExp(row);
            var weight = Weight(sampleWeights, n);
            if (double.IsNegativeInfinity(logDensity))
            {
                if (weight > 0)
                    throw new InvalidOperationException($"Row {n} is so far away that its log-density is -infinity under every component.");
                Array.Clear(row);
                continue;
            }

            logLikelihood += weight * logDensity;

            // 9.23 with numerator and denominator divided by the largest term: rows sum to 1 to the last digit, however small p(x) is.
            var largest = row.Max();
            for (var k = 0; k < row.Length; k++)
                row[k] = Math.Exp(row[k] - largest);
            var sum = row.Sum();
            for (var k = 0; k < row.Length; k++)
                row[k] /= sum;
        }

        return (responsibilities, logLikelihood);
    }

    /// <summary>The M-step: the parameters that are best for given responsibilities (9.24 to 9.27).</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">
    /// The current parameters. They matter only for the covariance type and for a component with effective count exactly 0, whose mean and
    /// covariance are undefined (0/0 in 9.24): it gets weight 0 and keeps what it had, except that a tied covariance is shared with the rest.
    /// </param>
    /// <param name="responsibilities">N x K.</param>
    /// <param name="regularization">Added to every variance, in squared units of the data.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    /// <returns>The next parameters.</returns>
    public static ReferenceMixture MStep(
        double[][] data, ReferenceMixture mixture, double[][] responsibilities, double regularization = 0, double[]? sampleWeights = null) =>
        MStep(data, mixture, responsibilities, Enumerable.Repeat(regularization, mixture.Dimension).ToArray(), sampleWeights);

    /// <summary>The M-step with a regularization for each column.</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The current parameters; see the other M-step.</param>
    /// <param name="responsibilities">N x K.</param>
    /// <param name="regularization">D, added to the variances; their mean where one variance stands for all columns.</param>
    /// <param name="sampleWeights">N, finite, not negative, not all 0; null for 1 each.</param>
    /// <returns>The next parameters.</returns>
    public static ReferenceMixture MStep(
        double[][] data, ReferenceMixture mixture, double[][] responsibilities, double[] regularization, double[]? sampleWeights = null)
    {
        Validate(data, mixture);
        ValidateWeights(data, sampleWeights);
        ReferenceMixture.Require(regularization.Length == mixture.Dimension, $"Regularization has {regularization.Length} numbers; it must have {mixture.Dimension}.");
        foreach (var added in regularization)
            ReferenceMixture.Require(added >= 0 && double.IsFinite(added), $"Regularization is {added}; it must be at least 0.");
        ReferenceMixture.Require(responsibilities.Length == data.Length && responsibilities.All(r => r.Length == mixture.Components),
            $"Responsibilities must be {data.Length} x {mixture.Components} numbers.");

        // What a row contributes to component k: w_n gamma(z_nk).
        var total = TotalWeight(data, sampleWeights);
        var present = Enumerable.Range(0, data.Length).Where(n => Weight(sampleWeights, n) > 0).ToArray();
        var shares = responsibilities.Select((row, n) => row.Select(r => Weight(sampleWeights, n) * r).ToArray()).ToArray();

        int components = mixture.Components, dimension = mixture.Dimension;
        var counts = new double[components];
        var weights = new double[components];
        var means = new double[components][];
        var covariances = new double[components][][];

        for (var k = 0; k < components; k++)
        {
            foreach (var n in present)
                counts[k] += shares[n][k]; // N_k, 9.27
            weights[k] = counts[k] / total; // pi_k, 9.26

            if (counts[k] == 0)
            {
                means[k] = [.. mixture.Means[k]];
                covariances[k] = Matrix(dimension, (i, j) => mixture.Covariances[k][i][j]);
                continue;
            }

            means[k] = new double[dimension]; // mu_k, 9.24
            foreach (var n in present)
            {
                for (var i = 0; i < dimension; i++)
                    means[k][i] += shares[n][k] * data[n][i];
            }

            for (var i = 0; i < dimension; i++)
                means[k][i] /= counts[k];

            // Sigma_k, 9.25. A second pass about the new mean: the difference E[x x^T] - mu mu^T has no digits left when the mean is large.
            var sum = Matrix(dimension, (_, _) => 0);
            foreach (var n in present)
            {
                for (var i = 0; i < dimension; i++)
                {
                    for (var j = 0; j < dimension; j++)
                        sum[i][j] += shares[n][k] * (data[n][i] - means[k][i]) * (data[n][j] - means[k][j]);
                }
            }

            covariances[k] = Matrix(dimension, (i, j) => sum[i][j] / counts[k]);
        }

        // The maximum under each restriction is an average of the unrestricted matrices: over components, over the diagonal, or over both.
        var pooled = Matrix(dimension, (i, j) => Enumerable.Range(0, components).Sum(k => counts[k] * covariances[k][i][j]) / total);
        for (var k = 0; k < components; k++)
        {
            var own = covariances[k];
            var shared = mixture.CovarianceType is ReferenceCovariance.Tied or ReferenceCovariance.TiedDiagonal or ReferenceCovariance.TiedSpherical;
            if (shared || counts[k] > 0)
            {
                covariances[k] = Matrix(dimension, (i, j) => (i == j ? Added(mixture.CovarianceType, regularization, i) : 0) + mixture.CovarianceType switch
                {
                    ReferenceCovariance.Full => own[i][j],
                    ReferenceCovariance.Tied => pooled[i][j],
                    ReferenceCovariance.Diagonal => i == j ? own[i][i] : 0,
                    ReferenceCovariance.Spherical => i == j ? DiagonalAverage(own) : 0,
                    ReferenceCovariance.TiedDiagonal => i == j ? pooled[i][i] : 0,
                    ReferenceCovariance.TiedSpherical => i == j ? DiagonalAverage(pooled) : 0,
                    _ => throw new ArgumentException($"{mixture.CovarianceType} is no covariance type."),
                });
            }
        }

        return new ReferenceMixture(mixture.CovarianceType, weights, means, covariances);
    }

    /// <summary>ln pi_k + ln N(x_n | mu_k, Sigma_k), the logarithm of one term of 9.7; -infinity for a component of weight 0.</summary>
    /// <param name="data">N x D.</param>
    /// <param name="mixture">The parameters.</param>
    /// <returns>N x K, in nats.</returns>
    public static double[][] LogJoint(double[][] data, ReferenceMixture mixture)
    {
        Validate(data, mixture);
        var factors = mixture.Covariances.Select(ReferenceCholesky.Factor).ToArray();
        return data.Select(x => Enumerable.Range(0, mixture.Components)
            .Select(k => Math.Log(mixture.Weights[k]) + LogDensity(x, mixture.Means[k], factors[k])).ToArray()).ToArray();
    }

    /// <summary>ln N(x | mu, Sigma) = -(D ln 2 pi + ln |Sigma| + (x - mu)^T Sigma^-1 (x - mu)) / 2 (2.43).</summary>
    /// <param name="x">D numbers.</param>
    /// <param name="mean">mu, D numbers.</param>
    /// <param name="factor">The Cholesky factor of Sigma, D x D.</param>
    public static double LogDensity(double[] x, double[] mean, double[][] factor) =>
        -0.5 * (x.Length * Math.Log(2 * Math.PI) + ReferenceCholesky.LogDeterminant(factor) + SquaredMahalanobis(x, mean, factor));

    /// <summary>(x - mu)^T Sigma^-1 (x - mu), the squared Mahalanobis distance (2.44).</summary>
    /// <param name="x">D numbers.</param>
    /// <param name="mean">mu, D numbers.</param>
    /// <param name="factor">The Cholesky factor of Sigma, D x D.</param>
    public static double SquaredMahalanobis(double[] x, double[] mean, double[][] factor)
    {
        var difference = x.Select((value, i) => value - mean[i]).ToArray();
        return ReferenceCholesky.ForwardSolve(factor, difference).Sum(z => z * z);
    }

    /// <summary>ln sum_k exp(a_k). The largest term is taken out first, so that its exponential is 1 and the sum cannot underflow to 0.</summary>
    /// <param name="logs">K logarithms; -infinity stands for a term 0.</param>
    public static double LogSumExp(double[] logs)
    {
        var largest = logs.Max();
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(logs.Sum(a => Math.Exp(a - largest)));
    }

    private static double[][] Matrix(int size, Func<int, int, double> entry) =>
        Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => entry(i, j)).ToArray()).ToArray();

    // Equal numbers are their own mean, to the last bit.
    private static double Added(ReferenceCovariance type, double[] regularization, int column) =>
        type is ReferenceCovariance.Spherical or ReferenceCovariance.TiedSpherical && regularization.Distinct().Count() > 1
            ? regularization.Average() : regularization[column];

    /// <summary>The variances of the columns over all rows, with divisor N.</summary>
    private static double[] ColumnVariances(double[][] data, double[]? sampleWeights)
    {
        var total = TotalWeight(data, sampleWeights);
        return data.Length == 0 ? [] : Enumerable.Range(0, data[0].Length).Select(j =>
        {
            var mean = data.Select((x, n) => Weight(sampleWeights, n) * x[j]).Sum() / total;
            return data.Select((x, n) => Weight(sampleWeights, n) * (x[j] - mean) * (x[j] - mean)).Sum() / total;
        }).ToArray();
    }

    private static double DiagonalAverage(double[][] matrix) => Enumerable.Range(0, matrix.Length).Average(i => matrix[i][i]);

    private static double Weight(double[]? sampleWeights, int row) => sampleWeights is null ? 1 : sampleWeights[row];

    private static double TotalWeight(double[][] data, double[]? sampleWeights) => sampleWeights is null ? data.Length : sampleWeights.Sum();

    private static void ValidateWeights(double[][] data, double[]? sampleWeights)
    {
        if (sampleWeights is null)
            return;

        ReferenceMixture.Require(sampleWeights.Length == data.Length, $"There are {sampleWeights.Length} sample weights for {data.Length} rows.");
        var bad = Array.FindIndex(sampleWeights, w => !double.IsFinite(w) || w < 0);
        if (bad >= 0)
            throw new ArgumentException($"The sample weight of row {bad} is {sampleWeights[bad]}; it must be finite and at least 0.");
        var total = sampleWeights.Sum();
        ReferenceMixture.Require(total > 0 && double.IsFinite(total), $"Sample weights sum to {total}; the sum must be above 0 and finite.");
    }

    private static void Validate(double[][] data, ReferenceMixture mixture)
    {
        mixture.Validate();
        ReferenceMixture.Require(data.Length > 0, "The data have no rows.");
        var bad = Array.FindIndex(data, x => x.Length != mixture.Dimension || !x.All(double.IsFinite));
        ReferenceMixture.Require(bad < 0, $"Row {bad} must be {mixture.Dimension} finite numbers.");
    }
}
