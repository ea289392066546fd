namespace Gmm.Fast.Linalg;

/// <summary>
/// Computes eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 4th ed.,
/// algorithm 8.5.3), which keep the digits of graded matrices. Used for components that collapsed, so not in every iteration.
/// </summary>
internal static class SymmetricEigenvectors
{
    private const int MaxSweeps = 60;

    /// <summary>
    /// Overwrites <paramref name="matrix"/> [n x n, row-major] with its eigenvalues on the diagonal. Row i of <paramref name="vectors"/> [n x n]
    /// receives the eigenvector of length 1 of eigenvalue i.
    /// </summary>
    public static void Decompose(Span<double> matrix, int n, Span<double> vectors) => Decompose(matrix, n, vectors, MatrixTeam.Alone);

    /// <summary>Does the same; returns false when canceled, with neither numbers nor vectors of any meaning.</summary>
    public static bool Decompose(Span<double> matrix, int n, Span<double> vectors, MatrixTeam team)
    {
        vectors.Clear();
        for (var i = 0; i < n; i++) vectors[i * n + i] = 1;
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var rotated = false;
            for (var p = 0; p < n; p++)
            {
                if (team.IsCanceled) return false;
                for (var q = p + 1; q < n; q++) rotated |= Rotate(matrix, n, vectors, p, q);
            }
            if (!rotated) return true;
        }
        return true;
    }

    // Makes entry (p, q) zero. Returns false where it is negligible beside the diagonal already.
    private static bool Rotate(Span<double> a, int n, Span<double> vectors, int p, int q)
    {
        double app = a[p * n + p], aqq = a[q * n + q], apq = a[q * n + p];
        if (Math.Abs(apq) <= double.Epsilon + 1e-17 * Math.Sqrt(Math.Abs(app)) * Math.Sqrt(Math.Abs(aqq))) return false;
        var tau = (aqq - app) / (2 * apq);
        var t = double.IsFinite(tau * tau) ? (tau >= 0 ? 1 : -1) / (Math.Abs(tau) + Math.Sqrt(1 + tau * tau)) : 1 / (2 * tau);
        var c = 1 / Math.Sqrt(1 + t * t);
        var s = t * c;
        for (var i = 0; i < n; i++)
        {
            double aip = a[i * n + p], aiq = a[i * n + q];
            a[i * n + p] = c * aip - s * aiq;
            a[i * n + q] = s * aip + c * aiq;
        }
        for (var i = 0; i < n; i++)
        {
            double api = a[p * n + i], aqi = a[q * n + i];
            a[p * n + i] = c * api - s * aqi;
            a[q * n + i] = s * api + c * aqi;
            double vp = vectors[p * n + i], vq = vectors[q * n + i];
            vectors[p * n + i] = c * vp - s * vq;
            vectors[q * n + i] = s * vp + c * vq;
        }
        a[p * n + q] = a[q * n + p] = 0;
        return true;
    }
}
