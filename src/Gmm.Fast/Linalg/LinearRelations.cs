using System.Numerics.Tensors;

namespace Gmm.Fast.Linalg;

/// <summary>Describes a column that others determine but for a constant: x_column = constant + sum of coefficient times x_other.</summary>
/// <param name="Column">The column, from 0.</param>
/// <param name="Others">The columns that determine it, ascending.</param>
/// <param name="Coefficients">One per other column, in units of the columns.</param>
/// <param name="Residual">The part of its variance that they leave, at most the tolerance.</param>
internal sealed record LinearRelation(int Column, int[] Others, double[] Coefficients, double Residual)
{
    /// <summary>Gives the variance that the others leave of the column under a covariance [d x d].</summary>
    public double ResidualOf(ReadOnlySpan<double> covariance, int d)
    {
        int[] columns = [Column, .. Others];
        double[] signed = [1, .. Coefficients.Select(coefficient => -coefficient)];
        var variance = 0.0;
        for (var a = 0; a < columns.Length; a++)
        {
            for (var b = 0; b < columns.Length; b++) variance += signed[a] * signed[b] * covariance[columns[a] * d + columns[b]];
        }
        return variance;
    }
}

/// <summary>
/// Finds columns that others determine, by a Cholesky factorization of the correlations with diagonal pivoting (Higham, Accuracy and Stability of
/// Numerical Algorithms, 2nd ed., section 10.3). Of the pivots that are large enough it takes the first and not the largest, so the column that is
/// called determined is a late one.
/// </summary>
internal static class LinearRelations
{
    // A pivot is large enough from this part of its column's variance on; then a hundredth of it, and so on.
    private const double FirstPivot = 1e-2;
    private const double FewerPerStage = 100;

    // In standard deviations of the determined column: less is rounding.
    private const double LeastCoefficient = 1e-6;

    /// <summary>Lists the columns whose variance others leave at most <paramref name="tolerance"/> of, in their order.</summary>
    /// <param name="covariance">[n x n]; columns of variance 0 take no part.</param>
    /// <param name="n">The number of columns.</param>
    /// <param name="tolerance">Above 0.</param>
    public static List<LinearRelation> Find(ReadOnlySpan<double> covariance, int n, double tolerance)
    {
        var deviations = new double[n];
        for (var j = 0; j < n; j++) deviations[j] = Math.Sqrt(Math.Max(0, covariance[j * n + j]));
        var rest = new List<int>(Enumerable.Range(0, n).Where(j => deviations[j] > 0));
        var schur = new double[n * n];
        foreach (var i in rest)
        {
            foreach (var j in rest) schur[i * n + j] = covariance[i * n + j] / deviations[i] / deviations[j];
        }

        var (pivots, rows) = (new List<int>(), new List<double[]>());
        var least = Math.Max(FirstPivot, tolerance);
        while (true)
        {
            var at = rest.FindIndex(j => schur[j * n + j] > least);
            if (at < 0)
            {
                if (least == tolerance) break;
                least = Math.Max(least / FewerPerStage, tolerance);
                continue;
            }
            var pivot = rest[at];
            rest.RemoveAt(at);
            var row = schur.AsSpan(pivot * n, n).ToArray();
            TensorPrimitives.Divide(row, Math.Sqrt(row[pivot]), row);
            foreach (var i in rest)
            {
                var target = schur.AsSpan(i * n, n);
                TensorPrimitives.MultiplyAdd<double>(row, -row[i], target, target);
            }
            pivots.Add(pivot);
            rows.Add(row);
        }
        return [.. rest.Select(column => Relation(column, Math.Max(0, schur[column * n + column]), pivots, rows, deviations))];
    }

    // Solves R x = r for the triangle R of the pivots and the column r of the determined one.
    private static LinearRelation Relation(int column, double residual, List<int> pivots, List<double[]> rows, double[] deviations)
    {
        var x = new double[pivots.Count];
        for (var s = x.Length - 1; s >= 0; s--)
        {
            var sum = rows[s][column];
            for (var t = s + 1; t < x.Length; t++) sum -= rows[s][pivots[t]] * x[t];
            x[s] = sum / rows[s][pivots[s]];
        }
        // What the others leave of the column moves their coefficients too.
        var least = Math.Max(LeastCoefficient, Math.Sqrt(residual));
        int[] used = [.. Enumerable.Range(0, x.Length).Where(s => Math.Abs(x[s]) > least).OrderBy(s => pivots[s])];
        return new LinearRelation(column, [.. used.Select(s => pivots[s])], [.. used.Select(s => x[s] * deviations[column] / deviations[pivots[s]])], residual);
    }
}
