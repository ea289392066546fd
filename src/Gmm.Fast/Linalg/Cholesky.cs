namespace Gmm.Fast.Linalg;

/// <summary>
/// A = L L^T for a symmetric positive definite A (Golub and Van Loan, Matrix Computations, 4th ed., algorithm 4.2.1), and the inverse of L.
/// Runs once per component and iteration, so it is plain: the sweep over the points is where the time goes.
/// </summary>
internal static class Cholesky
{
    private const double UnitRoundoff = 1.1102230246251565e-16;

    /// <summary>
    /// Overwrites the lower triangle of <paramref name="matrix"/> [n x n, row-major] with L; the upper triangle is neither read nor written.
    /// False with the failing pivot (0-based) and its value where A is not positive definite in working precision:
    /// a pivot of at most n u a_jj is rounding error alone, so its sign says nothing (Higham, Accuracy and Stability, 2nd ed., theorem 10.7).
    /// </summary>
    public static bool TryFactor(Span<double> matrix, int n, out int failedPivot, out double pivotValue)
    {
        for (var j = 0; j < n; j++)
        {
            var diagonal = matrix[j * n + j];
            var pivot = diagonal;
            for (var p = 0; p < j; p++) pivot -= matrix[j * n + p] * matrix[j * n + p];
            if (!(pivot > n * UnitRoundoff * diagonal && double.IsFinite(pivot)))
            {
                (failedPivot, pivotValue) = (j, pivot);
                return false;
            }
            var root = Math.Sqrt(pivot);
            matrix[j * n + j] = root;
            for (var i = j + 1; i < n; i++)
            {
                var value = matrix[i * n + j];
                for (var p = 0; p < j; p++) value -= matrix[i * n + p] * matrix[j * n + p];
                matrix[i * n + j] = value / root;
            }
        }
        (failedPivot, pivotValue) = (-1, 0);
        return true;
    }

    /// <summary>Overwrites the lower triangle L of <paramref name="matrix"/> [n x n] with its inverse, column by column, by forward substitution.</summary>
    public static void InvertLower(Span<double> matrix, int n)
    {
        // Column j of the inverse needs columns >= j of L below row j only, so going from the last column to the first needs no copy but the diagonal.
        for (var j = n - 1; j >= 0; j--)
        {
            var head = 1 / matrix[j * n + j];
            matrix[j * n + j] = head;
            for (var i = n - 1; i > j; i--)
            {
                // Rows and columns behind j already hold the inverse W: W_ij = -(sum over p in (j, i] of W_ip L_pj) / L_jj.
                double sum = 0;
                for (var p = j + 1; p <= i; p++) sum += matrix[i * n + p] * matrix[p * n + j];
                matrix[i * n + j] = -sum * head;
            }
        }
    }
}
