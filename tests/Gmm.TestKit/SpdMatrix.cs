using CsCheck;

namespace Gmm.TestKit;

/// <summary>Random symmetric positive definite matrices of a chosen condition number.</summary>
public static class SpdMatrix
{
    /// <summary>
    /// Matrices as (size, condition number, flat D x D entries): sizes 1 to <paramref name="maxSize"/>, condition numbers 1 to
    /// <paramref name="maxCondition"/> evenly in the exponent, largest eigenvalues 1/100 to 100.
    /// </summary>
    public static Gen<(int D, double Condition, double[] Matrix)> Generator(int maxSize = 12, double maxCondition = 1e6) =>
        Gen.Select(Gen.Int[1, maxSize], Gen.Double[0, Math.Log10(maxCondition)], Gen.Double[-2, 2], Gen.Int[0, 1 << 20],
            (d, condition, scale, seed) =>
                (d, Math.Pow(10, condition), Build(new Random(seed), d, Math.Pow(10, condition), Math.Pow(10, scale))));

    /// <summary>
    /// A A^T + eps I with A = Q diag(sqrt(lambda_i - eps)) and a random orthogonal Q: eigenvalues lambda evenly spaced in the exponent from
    /// <paramref name="largest"/> down to eps = largest / condition. A plain Gaussian A would leave the condition number to chance.
    /// </summary>
    /// <param name="random">The source of Q.</param>
    /// <param name="d">Size.</param>
    /// <param name="condition">Largest over smallest eigenvalue, at least 1; without meaning for d = 1.</param>
    /// <param name="largest">The largest eigenvalue.</param>
    /// <returns>D x D, flat, exactly symmetric.</returns>
    public static double[] Build(Random random, int d, double condition = 10, double largest = 1)
    {
        var q = Orthogonal(random, d);
        var eps = d == 1 ? 0 : largest / condition;
        var matrix = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = i == j ? eps : 0;
                for (var m = 0; m < d; m++)
                    sum += q[i * d + m] * (Eigenvalue(m, d, condition, largest) - eps) * q[j * d + m];
                matrix[i * d + j] = matrix[j * d + i] = sum;
            }
        }

        return matrix;
    }

    /// <summary>Eigenvalue <paramref name="index"/> of <see cref="Build"/>, largest first.</summary>
    public static double Eigenvalue(int index, int d, double condition, double largest) =>
        d == 1 ? largest : largest * Math.Pow(condition, -(double)index / (d - 1));

    /// <summary>The lower Cholesky factor, D x D flat; only the lower triangle of the input is read.</summary>
    public static double[] LowerFactor(double[] matrix, int d)
    {
        var lower = new double[d * d];
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i * d + j];
                for (var m = 0; m < j; m++)
                    rest -= lower[i * d + m] * lower[j * d + m];
                lower[i * d + j] = i == j ? Math.Sqrt(rest) : rest / lower[j * d + j];
            }
        }

        return lower;
    }

    /// <summary>A standard normal number.</summary>
    public static double StandardNormal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    // D reflections I - 2 v v^T / |v|^2 along random directions, applied to the identity.
    private static double[] Orthogonal(Random random, int d)
    {
        var q = new double[d * d];
        for (var i = 0; i < d; i++)
            q[i * d + i] = 1;

        for (var reflection = 0; reflection < d; reflection++)
        {
            var v = Enumerable.Range(0, d).Select(_ => StandardNormal(random)).ToArray();
            var norm = v.Sum(x => x * x);
            for (var row = 0; row < d; row++)
            {
                var dot = 0.0;
                for (var i = 0; i < d; i++)
                    dot += q[row * d + i] * v[i];
                for (var i = 0; i < d; i++)
                    q[row * d + i] -= 2 * dot / norm * v[i];
            }
        }

        return q;
    }
}
