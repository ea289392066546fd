namespace Gmm.Reference;

/// <summary>
/// Sigma = L L^T with L lower triangular. The Gaussian density needs Sigma only through L: ln |Sigma| = 2 sum_i ln L_ii, and
/// (x - mu)^T Sigma^-1 (x - mu) = |z|^2 where L z = x - mu. No inverse and no determinant is ever formed; both lose digits, and a
/// determinant also over- or underflows in many dimensions.
/// </summary>
public static class ReferenceCholesky
{
    /// <summary>The Cholesky factor of a symmetric positive definite matrix, row by row.</summary>
    /// <param name="matrix">D x D; only the lower triangle is read.</param>
    /// <param name="component">The number that the error message gives.</param>
    /// <returns>L, D x D, with zeros above the diagonal.</returns>
    /// <exception cref="InvalidOperationException">A pivot is not positive: the matrix is singular, indefinite, or not a number.</exception>
    public static double[][] Factor(double[][] matrix, int component = 0)
    {
        var size = matrix.Length;
        var lower = new double[size][];
        for (var i = 0; i < size; i++)
        {
            lower[i] = new double[size];
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i][j];
                for (var m = 0; m < j; m++)
                    rest -= lower[i][m] * lower[j][m];

                if (i == j && !(rest > 0 && double.IsFinite(rest)))
                    throw new InvalidOperationException($"The covariance of component {component} is not positive definite: pivot {i} is {rest}.");
                lower[i][j] = i > j ? rest / lower[j][j] : Math.Sqrt(rest);
            }
        }

        return lower;
    }

    /// <summary>Forward substitution: the z with L z = v.</summary>
    /// <param name="lower">L, D x D.</param>
    /// <param name="v">D numbers.</param>
    /// <returns>z, D numbers.</returns>
    public static double[] ForwardSolve(double[][] lower, double[] v)
    {
        var z = new double[v.Length];
        for (var i = 0; i < v.Length; i++)
        {
            var rest = v[i];
            for (var j = 0; j < i; j++)
                rest -= lower[i][j] * z[j];
            z[i] = rest / lower[i][i];
        }

        return z;
    }

    /// <summary>ln |L L^T|, twice the sum of the logarithms of the diagonal.</summary>
    /// <param name="lower">L, D x D.</param>
    public static double LogDeterminant(double[][] lower)
    {
        var sum = 0.0;
        for (var i = 0; i < lower.Length; i++)
            sum += Math.Log(lower[i][i]);
        return 2 * sum;
    }
}
