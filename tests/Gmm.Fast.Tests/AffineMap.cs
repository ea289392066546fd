using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Maps x to A x + b, with an A that keeps the covariance type.</summary>
internal sealed record AffineMap(double[][] A, double[] B, double LogDeterminant)
{
    /// <summary>
    /// Full and tied: a lower triangle with 0.5 to 2.5 on its diagonal and at most 0.5 below; diagonal: such a diagonal;
    /// spherical: a scaled reflection, I - 2 v v^T / |v|^2.
    /// </summary>
    public static AffineMap Random(Random random, string type, int d)
    {
        var a = new double[d][];
        double logDeterminant = 0;
        var v = Enumerable.Range(0, d).Select(_ => SpdMatrix.StandardNormal(random)).ToArray();
        var scale = 0.5 + 2 * random.NextDouble();
        for (var i = 0; i < d; i++)
        {
            var stretch = (random.Next(2) == 0 ? -1 : 1) * (0.5 + 2 * random.NextDouble());
            a[i] = new double[d];
            for (var j = 0; j < d; j++)
            {
                a[i][j] = type switch
                {
                    "full" or "tied" => i == j ? stretch : j < i ? random.NextDouble() - 0.5 : 0,
                    "diag" or "tied-diag" => i == j ? stretch : 0,
                    "spherical" or "tied-spherical" => scale * ((i == j ? 1 : 0) - 2 * v[i] * v[j] / v.Sum(x => x * x)),
                    _ => throw Layout.Unknown(type),
                };
            }
            logDeterminant += Math.Log(Layout.IsSpherical(type) ? scale : Math.Abs(stretch));
        }
        return new AffineMap(a, [.. Enumerable.Range(0, d).Select(_ => 5 * SpdMatrix.StandardNormal(random))], logDeterminant);
    }

    public double[] Point(double[] x) => [.. A.Select((row, i) => row.Zip(x, (a, value) => a * value).Sum() + B[i])];

    /// <summary>A S A^T.</summary>
    public double[][] Matrix(double[][] s)
    {
        var d = B.Length;
        var half = A.Select(row => Enumerable.Range(0, d).Select(j => Enumerable.Range(0, d).Sum(m => row[m] * s[m][j])).ToArray()).ToArray();
        var result = half.Select(row => A.Select(other => row.Zip(other, (x, y) => x * y).Sum()).ToArray()).ToArray();
        for (var i = 0; i < d; i++)
        {
            for (var j = 0; j < i; j++) result[j][i] = result[i][j];
        }
        return result;
    }
}
