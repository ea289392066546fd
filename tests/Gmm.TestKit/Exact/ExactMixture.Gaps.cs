namespace Gmm.TestKit.Exact;

/// <summary>
/// Steps over points with missing values, NaN, point by point (Little and Rubin, "Statistical Analysis with Missing Data", 3rd ed., sections 8.2 and
/// 11.2). A point without a value counts nowhere.
/// </summary>
public sealed partial class ExactMixture
{
    /// <summary>The log-likelihood of the present values.</summary>
    /// <param name="rows">N x D, flat; NaN for missing values.</param>
    /// <param name="pointWeights">[N]; null for 1 each.</param>
    public BigReal LogLikelihoodWithGaps(double[] rows, double[]? pointWeights = null) => StepWithGaps(rows, 0, pointWeights).LogLikelihood;

    /// <summary>The log-likelihood of the present values, and the parameters after an E-step and an M-step.</summary>
    /// <param name="rows">N x D, flat; NaN for missing values.</param>
    /// <param name="regularization">In squared units of the data.</param>
    /// <param name="pointWeights">[N]; null for 1 each.</param>
    public (BigReal LogLikelihood, ExactMixture Next) StepWithGaps(double[] rows, double regularization = 0, double[]? pointWeights = null)
    {
        var d = Dimension;
        var points = rows.Chunk(d).Select((row, i) => (Row: row, Count: pointWeights is null ? BigReal.One : pointWeights[i]))
            .Where(point => point.Row.Any(x => !double.IsNaN(x))).ToArray();
        var completed = new (BigReal[] Expected, BigReal[][] Left)[points.Length][];
        var shares = new BigReal[points.Length][];
        BigReal logLikelihood = 0;
        for (var n = 0; n < points.Length; n++)
        {
            var present = Enumerable.Range(0, d).Where(j => !double.IsNaN(points[n].Row[j])).ToArray();
            var x = present.Select(j => (BigReal)points[n].Row[j]).ToArray();
            var logs = Enumerable.Range(0, Components).Select(k => LogTerm(k, present, x)).ToArray();
            var largest = logs.Max()!.Value;
            var terms = logs.Select(log => log is null || (Truncates && log - largest < s_truncation) ? 0 : BigReal.Exp(log.Value - largest)).ToArray();
            var sum = Sum(terms);
            shares[n] = [.. terms.Select(term => points[n].Count * term / sum)];
            logLikelihood += points[n].Count * (largest + BigReal.Log(sum));
            completed[n] = [.. Enumerable.Range(0, Components).Select(k => Complete(k, points[n].Row, present))];
        }
        return (logLikelihood, Maximize(completed, shares, regularization));
    }

    private BigReal? LogTerm(int k, int[] present, BigReal[] x)
    {
        if (Weights[k].IsZero) return null;
        var factor = Factor(Part(Covariances[k], present, present), k);
        return BigReal.Log(Weights[k]) + LogNormalizer(factor) - SquaredDistance(x, [.. present.Select(j => Means[k][j])], factor) / 2;
    }

    // E[x], and Cov[x] of what is missing.
    private (BigReal[] Expected, BigReal[][] Left) Complete(int k, double[] row, int[] present)
    {
        var missing = Enumerable.Range(0, row.Length).Except(present).ToArray();
        var factor = Factor(Part(Covariances[k], present, present), k);

        // With z = L^-1 (x_o - mu_o) and y_i = L^-1 Sigma_oi: E[x_i] = mu_i + y_i z, Cov[x_i, x_j] = Sigma_ij - y_i y_j.
        BigReal[] Whiten(BigReal[] v)
        {
            var z = new BigReal[v.Length];
            for (var i = 0; i < v.Length; i++)
            {
                var rest = v[i];
                for (var j = 0; j < i; j++) rest -= factor[i][j] * z[j];
                z[i] = rest / factor[i][i];
            }
            return z;
        }
        var white = Whiten([.. present.Select(j => row[j] - Means[k][j])]);
        var y = missing.ToDictionary(i => i, i => Whiten([.. present.Select(j => Covariances[k][j][i])]));
        var expected = Enumerable.Range(0, row.Length).Select(j => y.TryGetValue(j, out var own)
            ? Means[k][j] + Sum(own.Select((v, p) => v * white[p]))
            : (BigReal)row[j]).ToArray();
        var left = Matrix(row.Length, (i, j) => y.TryGetValue(i, out var a) && y.TryGetValue(j, out var b)
            ? Covariances[k][i][j] - Sum(a.Select((v, p) => v * b[p]))
            : 0);
        return (expected, left);
    }

    private ExactMixture Maximize((BigReal[] Expected, BigReal[][] Left)[][] completed, BigReal[][] shares, double regularization)
    {
        var d = Dimension;
        var counts = Enumerable.Range(0, Components).Select(k => Sum(shares.Select(r => r[k]))).ToArray();
        var total = Sum(counts);
        var means = Means.Select((mean, k) => counts[k].IsZero ? mean : Enumerable.Range(0, d)
            .Select(j => Sum(completed.Select((c, n) => shares[n][k] * c[k].Expected[j])) / counts[k]).ToArray()).ToArray();
        var scatters = means.Select((mean, k) => Matrix(d, (i, j) => Sum(completed.Select((c, n) =>
            shares[n][k] * ((c[k].Expected[i] - mean[i]) * (c[k].Expected[j] - mean[j]) + c[k].Left[i][j]))))).ToArray();
        var pooled = Matrix(d, (i, j) => Sum(scatters.Select(s => s[i][j])) / total);
        BigReal[][] Restrict(BigReal[][] own) => Matrix(d, (i, j) => i != j && !Layout.HasOffDiagonal(CovarianceType)
            ? 0
            : (Layout.IsSpherical(CovarianceType) ? Spherical(own) : own)[i][j] + (i == j ? regularization : 0));
        var covariances = counts.Select((count, k) => Layout.IsShared(CovarianceType) ? Restrict(pooled)
            : count.IsZero ? Covariances[k]
            : Restrict(Matrix(d, (i, j) => scatters[k][i][j] / count))).ToArray();
        return new ExactMixture(CovarianceType, [.. counts.Select(count => count / total)], means, covariances) { Truncates = Truncates };
    }

    private static BigReal[][] Part(BigReal[][] matrix, int[] rows, int[] columns) => [.. rows.Select(i => columns.Select(j => matrix[i][j]).ToArray())];
}
