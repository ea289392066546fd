using Gmm.Fast.Simd;

namespace Gmm.Fast.Linalg;

/// <summary>
/// Factors A = L L^T for a symmetric positive definite A (Golub and Van Loan, Matrix Computations, 4th ed., algorithm 4.2.1), and inverts L.
/// Both run along rows, in vectors.
/// </summary>
internal static unsafe class Cholesky
{
    private const double UnitRoundoff = 1.1102230246251565e-16;
    private const int StackNumbers = 1024;

    // Blocks are faster from about half of this on. Up to here earlier versions have fixed the bits of fits.
    private const int WidestRows = 161;

    // The rounding that sums over points leave of a variance of 0, in units of u a_jj: twice the 16 that stop 12,000 fits of points on a line.
    private const int RoundingOfMoments = 32;

    /// <summary>
    /// Overwrites the lower triangle of <paramref name="matrix"/> [n x n, row-major] with L; the upper triangle is neither read nor written.
    /// Returns false with the failing pivot, from 0, and its value where A is not positive definite in working precision. A pivot of at most
    /// (n + 32) u a_jj is rounding error alone: n u from this factorization (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
    /// theorem 10.7), 32 u from the sums that A comes from. Large matrices take <see cref="WideCholesky"/>.
    /// </summary>
    public static bool TryFactor(Span<double> matrix, int n, out int failedPivot, out double pivotValue)
    {
        if (IsWide(n))
        {
            using var wide = new WideCholesky(matrix, n);
            if (!wide.TryFactor(MatrixTeam.Alone, out failedPivot, out pivotValue)) return false;
            wide.CopyTo(matrix);
            return true;
        }
        fixed (double* rows = matrix) return TryFactor(rows, n, n, originals: null, n, out failedPivot, out pivotValue);
    }

    /// <summary>Factors a block on the diagonal of a matrix.</summary>
    /// <param name="rows">[n x stride]; the block less the products of the columns before it.</param>
    /// <param name="stride">Numbers between two rows.</param>
    /// <param name="n">The order of the block.</param>
    /// <param name="originals">[n]: its diagonal in the matrix itself; null where the block is the whole matrix.</param>
    /// <param name="order">The order of the matrix.</param>
    /// <param name="failedPivot">The failing pivot of the block, from 0.</param>
    /// <param name="pivotValue">Its value.</param>
    public static bool TryFactor(double* rows, int stride, int n, double* originals, int order, out int failedPivot, out double pivotValue)
    {
        for (var j = 0; j < n; j++)
        {
            var row = rows + j * stride;
            var diagonal = originals is null ? row[j] : originals[j];
            var pivot = row[j] - DenseRows.Dot(row, row, j);
            if (!(pivot > Noise(order) * diagonal && double.IsFinite(pivot)))
            {
                (failedPivot, pivotValue) = (j, pivot);
                return false;
            }
            Column(rows, stride, n, j, Math.Sqrt(pivot));
        }
        (failedPivot, pivotValue) = (-1, 0);
        return true;
    }

    /// <summary>Tells whether a matrix of order n is better factored in blocks.</summary>
    public static bool IsWide(int n) => n > WidestRows;

    /// <summary>
    /// Factors a matrix that is positive definite but for rounding: one that <see cref="TryFactor(Span{double}, int, out int, out double)"/> factored
    /// in another order of rows and columns, or a part of such a one. A pivot that is rounding error alone counts as the largest such error.
    /// </summary>
    public static void Factor(Span<double> matrix, int n)
    {
        fixed (double* rows = matrix)
        {
            for (var j = 0; j < n; j++)
            {
                var row = rows + j * n;
                Column(rows, n, n, j, Math.Sqrt(Math.Max(row[j] - DenseRows.Dot(row, row, j), Noise(n) * row[j])));
            }
        }
    }

    /// <summary>
    /// Overwrites the lower triangle L of <paramref name="matrix"/> [n x n] with its inverse W, row by row: W_ii = 1 / L_ii and, for the part left of
    /// the diagonal, W_i = -(sum over p below i of L_ip W_p) / L_ii.
    /// </summary>
    public static void InvertLower(Span<double> matrix, int n)
    {
        var copy = n <= StackNumbers ? stackalloc double[n] : new double[n];
        fixed (double* rows = matrix)
        {
            for (var i = 0; i < n; i++)
            {
                var row = matrix.Slice(i * n, i + 1);
                row.CopyTo(copy);
                row.Clear();
                for (var p = 0; p < i; p++) DenseRows.AddMultiple(copy[p], rows + p * n, rows + i * n, p + 1);
                var head = 1 / copy[i];
                for (var j = 0; j < i; j++) row[j] *= -head;
                row[i] = head;
            }
        }
    }

    private static double Noise(int n) => (n + RoundingOfMoments) * UnitRoundoff;

    // Writes column j of L, whose diagonal entry is known.
    private static void Column(double* rows, int stride, int n, int j, double root)
    {
        var row = rows + j * stride;
        row[j] = root;
        for (var i = j + 1; i < n; i++) rows[i * stride + j] = (rows[i * stride + j] - DenseRows.Dot(rows + i * stride, row, j)) / root;
    }
}
