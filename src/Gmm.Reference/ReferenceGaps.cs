namespace Gmm.Reference;

/// <summary>
/// EM for rows with missing values, as printed in Little and Rubin, "Statistical Analysis with Missing Data" (3rd ed., 2019), sections 8.2 and 11.2,
/// and for mixtures in Ghahramani and Jordan, "Supervised learning from incomplete data via an EM approach" (NIPS 6, 1994), section 3.2.
/// A value that is NaN is missing. Row by row, o are the columns with a value and m those without:
///   density      N(x_o | mu_o, Sigma_oo)
///   expectation  E[x_m] = mu_m + Sigma_mo Sigma_oo^-1 (x_o - mu_o),  Cov[x_m] = Sigma_mm - Sigma_mo Sigma_oo^-1 Sigma_om
/// The M-step is that of complete rows with E[x] in place of x, and Cov[x_m] added to what a row contributes to the covariance.
/// A row without any value has density 1. It says nothing and counts nowhere, as if its sample weight were 0.
/// </summary>
public static class ReferenceGaps
{
    /// <summary>The log-likelihood of the present values, in nats.</summary>
    /// <param name="data">N x D; NaN for missing values.</param>
    /// <param name="mixture">The parameters.</param>
    /// <param name="sampleWeights">N; null for 1 each.</param>
    public static double LogLikelihood(double[][] data, ReferenceMixture mixture, double[]? sampleWeights = null)
    {
        var sum = 0.0;
        for (var n = 0; n < data.Length; n++)
        {
            var weight = sampleWeights is null ? 1 : sampleWeights[n];
            if (weight > 0)
                sum += weight * ReferenceEm.LogSumExp(LogJoint(data[n], mixture));
        }

        return sum;
    }

    /// <summary>ln pi_k + ln N(x_o | mu_o, Sigma_oo) of one row: K numbers.</summary>
    /// <param name="row">D numbers; NaN for missing values.</param>
    /// <param name="mixture">The parameters.</param>
    public static double[] LogJoint(double[] row, ReferenceMixture mixture)
    {
        var present = Columns(row, missing: false);
        return [.. Enumerable.Range(0, mixture.Components).Select(k => Math.Log(mixture.Weights[k]) + (present.Length == 0 ? 0 : ReferenceEm.LogDensity(
            Part(row, present), Part(mixture.Means[k], present), ReferenceCholesky.Factor(Part(mixture.Covariances[k], present, present)))))];
    }

    /// <summary>The probabilities of the components given the present values of one row.</summary>
    /// <param name="row">D numbers; NaN for missing values.</param>
    /// <param name="mixture">The parameters.</param>
    public static double[] Responsibilities(double[] row, ReferenceMixture mixture)
    {
        var logs = LogJoint(row, mixture);
        var total = ReferenceEm.LogSumExp(logs);
        return [.. logs.Select(log => Math.Exp(log - total))];
    }

    /// <summary>E[x] of one row under one component, and the D x D covariance that is left of it, 0 where a value is present.</summary>
    /// <param name="row">D numbers; NaN for missing values.</param>
    /// <param name="mixture">The parameters.</param>
    /// <param name="component">k.</param>
    public static (double[] Expected, double[][] Covariance) Complete(double[] row, ReferenceMixture mixture, int component)
    {
        int[] present = Columns(row, missing: false), missing = Columns(row, missing: true);
        var (mean, sigma) = (mixture.Means[component], mixture.Covariances[component]);
        var expected = row.ToArray();
        var covariance = row.Select(_ => new double[row.Length]).ToArray();

        // Column i of the solution is Sigma_oo^-1 Sigma_oi: the weights with which the present values tell of column i.
        var weights = Solve(Part(sigma, present, present), Part(sigma, present, missing));
        for (var i = 0; i < missing.Length; i++)
        {
            expected[missing[i]] = mean[missing[i]];
            for (var p = 0; p < present.Length; p++)
                expected[missing[i]] += weights[p][i] * (row[present[p]] - mean[present[p]]);
            for (var j = 0; j < missing.Length; j++)
            {
                covariance[missing[i]][missing[j]] = sigma[missing[i]][missing[j]];
                for (var p = 0; p < present.Length; p++)
                    covariance[missing[i]][missing[j]] -= sigma[missing[i]][present[p]] * weights[p][j];
            }
        }

        return (expected, covariance);
    }

    /// <summary>One E-step and one M-step.</summary>
    /// <param name="data">N x D; NaN for missing values.</param>
    /// <param name="mixture">The current parameters.</param>
    /// <param name="regularization">Added to every variance, in squared units of the data.</param>
    /// <param name="sampleWeights">N; null for 1 each.</param>
    /// <returns>The next parameters; a component without rows keeps mean and covariance.</returns>
    public static ReferenceMixture Step(double[][] data, ReferenceMixture mixture, double regularization = 0, double[]? sampleWeights = null)
    {
        int components = mixture.Components, dimension = mixture.Dimension;
        var rows = Enumerable.Range(0, data.Length)
            .Where(n => (sampleWeights is null || sampleWeights[n] > 0) && data[n].Any(x => !double.IsNaN(x))).ToArray();
        var shares = rows.Select(n => Responsibilities(data[n], mixture).Select(r => (sampleWeights is null ? 1 : sampleWeights[n]) * r).ToArray()).ToArray();
        var total = shares.Sum(row => row.Sum());
        var counts = Enumerable.Range(0, components).Select(k => shares.Sum(row => row[k])).ToArray();
        var means = mixture.Means.Select(mean => mean.ToArray()).ToArray();
        var scatters = new double[components][][];

        for (var k = 0; k < components; k++)
        {
            scatters[k] = means[k].Select(_ => new double[dimension]).ToArray();
            if (counts[k] == 0)
                continue;

            var completed = rows.Select(n => Complete(data[n], mixture, k)).ToArray();
            for (var i = 0; i < dimension; i++)
                means[k][i] = completed.Select((c, n) => shares[n][k] * c.Expected[i]).Sum() / counts[k];
            for (var i = 0; i < dimension; i++)
            {
                for (var j = 0; j < dimension; j++)
                {
                    scatters[k][i][j] = completed.Select((c, n) =>
                        shares[n][k] * ((c.Expected[i] - means[k][i]) * (c.Expected[j] - means[k][j]) + c.Covariance[i][j])).Sum();
                }
            }
        }

        var covariances = Enumerable.Range(0, components).Select(k => Restrict(mixture, scatters, counts, total, regularization, k)).ToArray();
        return new ReferenceMixture(mixture.CovarianceType, [.. counts.Select(count => count / total)], means, covariances);
    }

    // The maximum under each restriction is an average: over components, over the diagonal, or over both.
    private static double[][] Restrict(
        ReferenceMixture mixture, double[][][] scatters, double[] counts, double total, double regularization, int k)
    {
        var type = mixture.CovarianceType;
        var shared = type is ReferenceCovariance.Tied or ReferenceCovariance.TiedDiagonal or ReferenceCovariance.TiedSpherical;
        if (!shared && counts[k] == 0)
            return mixture.Covariances[k];

        var dimension = mixture.Dimension;
        double Entry(int i, int j) => shared ? scatters.Sum(s => s[i][j]) / total : scatters[k][i][j] / counts[k];
        double Variance(int i) => type is ReferenceCovariance.Spherical or ReferenceCovariance.TiedSpherical
            ? Enumerable.Range(0, dimension).Average(j => Entry(j, j))
            : Entry(i, i);
        var hasMatrix = type is ReferenceCovariance.Full or ReferenceCovariance.Tied;
        return [.. Enumerable.Range(0, dimension).Select(i => Enumerable.Range(0, dimension)
            .Select(j => i == j ? Variance(i) + regularization : hasMatrix ? Entry(i, j) : 0).ToArray())];
    }

    // A X = B by elimination with the largest pivot of each column.
    private static double[][] Solve(double[][] matrix, double[][] right)
    {
        var size = matrix.Length;
        var a = matrix.Select((row, i) => row.Concat(right[i]).ToArray()).ToArray();
        for (var column = 0; column < size; column++)
        {
            var pivot = Enumerable.Range(column, size - column).MaxBy(i => Math.Abs(a[i][column]));
            (a[column], a[pivot]) = (a[pivot], a[column]);
            for (var i = 0; i < size; i++)
            {
                if (i == column)
                    continue;
                var factor = a[i][column] / a[column][column];
                for (var j = column; j < a[i].Length; j++)
                    a[i][j] -= factor * a[column][j];
            }
        }

        return [.. a.Select((row, i) => row[size..].Select(x => x / row[i]).ToArray())];
    }

    private static int[] Columns(double[] row, bool missing) =>
        [.. Enumerable.Range(0, row.Length).Where(j => double.IsNaN(row[j]) == missing)];

    private static double[] Part(double[] vector, int[] columns) => [.. columns.Select(j => vector[j])];

    private static double[][] Part(double[][] matrix, int[] rows, int[] columns) => [.. rows.Select(i => Part(matrix[i], columns))];
}
