using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    /// <summary>
    /// Draws points from the mixture. The same seed gives the same numbers on every machine and release: uniforms from xoshiro256** seeded by
    /// SplitMix64; per point first a uniform u that picks the first component whose cumulative weight exceeds u, then D normals by Marsaglia's polar
    /// method (pairs in the order drawn, one left over is used for the next normal), then x = mu + L z with the Cholesky factor L.
    /// </summary>
    /// <param name="seed">Any number.</param>
    /// <param name="rows">[N x D], receives the points; N is its length divided by D.</param>
    /// <param name="labels">[N], receives the components the points were drawn from; may be empty.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Sample(long seed, Span<double> rows, Span<int> labels = default)
    {
        var dimension = Dimension;
        if (rows.Length % dimension != 0)
            Throw.Argument(nameof(rows), $"rows has {rows.Length} values; a multiple of {dimension}, the dimension, is required");
        var count = rows.Length / dimension;
        if (!labels.IsEmpty) Check.Shape(nameof(labels), labels.Length, count, 1);

        var factors = LowerFactors();
        var normals = new NormalStream(new Xoshiro256(seed));
        var z = new double[dimension];
        for (var i = 0; i < count; i++)
        {
            var k = Pick(normals.Uniforms.NextDouble());
            if (!labels.IsEmpty) labels[i] = k;
            for (var j = 0; j < dimension; j++) z[j] = normals.Next();
            Color(z, Parameters.Mean(k), factors[factors.Length == 1 ? 0 : k], rows.Slice(i * dimension, dimension));
        }
    }

    // x = mu + L z; a factor of length D or 1 is the diagonal of L.
    private static void Color(ReadOnlySpan<double> z, ReadOnlySpan<double> mean, ReadOnlySpan<double> factor, Span<double> x)
    {
        var dimension = x.Length;
        var triangular = dimension > 1 && factor.Length == dimension * dimension;
        for (var row = 0; row < dimension; row++)
        {
            var value = mean[row];
            if (!triangular) value = Math.FusedMultiplyAdd(factor[factor.Length == 1 ? 0 : row], z[row], value);
            else for (var j = 0; j <= row; j++) value = Math.FusedMultiplyAdd(factor[row * dimension + j], z[j], value);
            x[row] = value;
        }
    }

    // One factor per matrix of the compact form: the Cholesky factor [D x D], or standard deviations [D] or [1].
    private double[][] LowerFactors()
    {
        var matrices = CovarianceType == CovarianceType.Tied ? 1 : ComponentCount;
        var length = Covariances.Length / matrices;
        var factors = new double[matrices][];
        for (var k = 0; k < matrices; k++)
        {
            factors[k] = Covariances.Slice(k * length, length).ToArray();
            if (CovarianceType is CovarianceType.Full or CovarianceType.Tied) Cholesky.TryFactor(factors[k], Dimension, out _, out _);
            else for (var j = 0; j < length; j++) factors[k][j] = Math.Sqrt(factors[k][j]);
        }
        return factors;
    }

    private int Pick(double uniform)
    {
        double cumulative = 0;
        var last = 0;
        for (var k = 0; k < ComponentCount; k++)
        {
            if (Parameters.Weights[k] == 0) continue;
            cumulative += Parameters.Weights[k];
            last = k;
            if (uniform < cumulative) break;
        }
        return last;
    }

    /// <summary>Standard normals by the polar method (Marsaglia and Bray, SIAM Review 6, 1964); needs no sine, whose bits differ between systems.</summary>
    private sealed class NormalStream(Xoshiro256 uniforms)
    {
        private double _left = double.NaN;

        public Xoshiro256 Uniforms => uniforms;

        public double Next()
        {
            if (!double.IsNaN(_left))
            {
                var value = _left;
                _left = double.NaN;
                return value;
            }
            double u, v, s;
            do
            {
                u = 2 * uniforms.NextDouble() - 1;
                v = 2 * uniforms.NextDouble() - 1;
                s = u * u + v * v;
            }
            while (s >= 1 || s == 0);
            var scale = Math.Sqrt(-2 * DoubleLanesScalar.Log(s) / s);
            _left = v * scale;
            return u * scale;
        }
    }
}
