using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Linalg;

/// <summary>
/// Computes eigenvalues of a symmetric matrix: Householder reduction to tridiagonal form, then QL with implicit Wilkinson shifts
/// (Golub and Van Loan, Matrix Computations, 4th ed., algorithms 8.3.1 and 8.3.3). About 4/3 n^3 flops, once per component after a fit.
/// Rejected: Jacobi rotations, shorter and more exact for graded matrices, but with several times the work.
/// </summary>
internal static class SymmetricEigenvalues
{
    private const int MaxSweeps = 60;

    /// <summary>Gives the smallest and the largest eigenvalue of <paramref name="matrix"/> [n x n, row-major].</summary>
    public static (double Smallest, double Largest) Extremes(ReadOnlySpan<double> matrix, int n)
    {
        var diagonal = new double[n];
        var offDiagonal = new double[n];
        var scaled = matrix.ToArray();
        var exponent = Normalize(scaled);
        Tridiagonalize(scaled, n, diagonal, offDiagonal);
        Diagonalize(diagonal, offDiagonal);
        return (double.ScaleB(diagonal.Min(), exponent), double.ScaleB(diagonal.Max(), exponent));
    }

    /// <summary>
    /// Gives the smallest and the largest eigenvalue of a positive definite <paramref name="matrix"/> [n x n, row-major]. The smallest is the
    /// reciprocal of the largest of the inverse, made from the Cholesky factor, which keeps its digits where columns have very different units.
    /// </summary>
    public static (double Smallest, double Largest) ExtremesOfPositiveDefinite(ReadOnlySpan<double> matrix, int n)
    {
        var (smallest, largest) = Extremes(matrix, n);
        var factor = matrix.ToArray();
        var exponent = Normalize(factor);
        if (!Cholesky.TryFactor(factor, n, out _, out _)) return (smallest, largest);
        Cholesky.InvertLower(factor, n);
        var inverse = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                double sum = 0;
                for (var p = i; p < n; p++) sum += factor[p * n + i] * factor[p * n + j];
                inverse[i * n + j] = inverse[j * n + i] = sum;
            }
        }
        return (double.ScaleB(1 / Extremes(inverse, n).Largest, exponent), largest);
    }

    /// <summary>Gives the largest eigenvalue of a symmetric tridiagonal matrix, both [n] overwritten; the last number beside the diagonal is not used.</summary>
    public static double LargestOfTridiagonal(double[] diagonal, double[] offDiagonal)
    {
        Diagonalize(diagonal, offDiagonal);
        return diagonal.Max();
    }

    // Divides by the power of two of the largest entry, so that no square over- or underflows, and returns its exponent.
    private static int Normalize(double[] matrix)
    {
        var largest = matrix.Max(Math.Abs);
        if (largest == 0 || !double.IsFinite(largest)) return 0;
        var exponent = Math.ILogB(largest);
        for (var i = 0; i < matrix.Length; i++) matrix[i] = double.ScaleB(matrix[i], -exponent);
        return exponent;
    }

    [MethodImpl(Compiled.Once)]
    private static void Tridiagonalize(double[] a, int n, double[] diagonal, double[] offDiagonal)
    {
        var v = new double[n];
        var p = new double[n];
        for (var k = 0; k < n - 2; k++)
        {
            double norm2 = 0;
            for (var i = k + 1; i < n; i++) norm2 += a[i * n + k] * a[i * n + k];
            var norm = Math.Sqrt(norm2);
            if (norm == 0) continue;

            // v = x + sign(x_0) |x| e_0;  H = I - beta v v^T, beta = 2 / v^T v.
            var alpha = a[(k + 1) * n + k] >= 0 ? -norm : norm;
            for (var i = k + 1; i < n; i++) v[i] = a[i * n + k];
            v[k + 1] -= alpha;
            var beta = 1 / (norm2 - alpha * a[(k + 1) * n + k]);

            // A - v w^T - w v^T with p = beta A v, w = p - (beta p^T v / 2) v.
            double pv = 0;
            for (var i = k + 1; i < n; i++)
            {
                double sum = 0;
                for (var j = k + 1; j < n; j++) sum += a[i * n + j] * v[j];
                p[i] = beta * sum;
                pv += p[i] * v[i];
            }
            for (var i = k + 1; i < n; i++) p[i] -= 0.5 * beta * pv * v[i];
            for (var i = k + 1; i < n; i++)
            {
                for (var j = k + 1; j < n; j++) a[i * n + j] -= v[i] * p[j] + p[i] * v[j];
            }
            a[(k + 1) * n + k] = alpha;
        }
        for (var i = 0; i < n; i++)
        {
            diagonal[i] = a[i * n + i];
            offDiagonal[i] = i + 1 < n ? a[(i + 1) * n + i] : 0;
        }
    }

    private static void Diagonalize(double[] d, double[] e)
    {
        for (var low = 0; low < d.Length; low++)
        {
            for (var sweep = 0; sweep < MaxSweeps; sweep++)
            {
                var high = low;
                while (high + 1 < d.Length && Math.Abs(e[high]) > double.Epsilon + 1.1e-16 * (Math.Abs(d[high]) + Math.Abs(d[high + 1]))) high++;
                if (high == low) break;
                Rotate(d, e, low, high);
            }
        }
    }

    // Does one implicit QL step on rows low..high.
    [MethodImpl(Compiled.Once)]
    private static void Rotate(double[] d, double[] e, int low, int high)
    {
        var g = (d[low + 1] - d[low]) / (2 * e[low]);
        var r = Math.Sqrt(g * g + 1);
        g = d[high] - d[low] + e[low] / (g + (g >= 0 ? r : -r));
        double s = 1, c = 1, p = 0;
        for (var i = high - 1; i >= low; i--)
        {
            var f = s * e[i];
            var b = c * e[i];
            r = Math.Sqrt(f * f + g * g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[high] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
        }
        d[low] -= p;
        e[low] = g;
        e[high] = 0;
    }
}
