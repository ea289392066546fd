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
            var factor = factors.AsSpan(k * dimension * dimension, dimension * dimension);
            for (var row = 0; row < dimension; row++)
            {
                var value = Parameters.Means[k * dimension + row];
                for (var j = 0; j <= row; j++) value = Math.FusedMultiplyAdd(factor[row * dimension + j], z[j], value);
                rows[i * dimension + row] = value;
            }
        }
    }

    private double[] LowerFactors()
    {
        var length = Dimension * Dimension;
        var factors = new double[ComponentCount * length];
        for (var k = 0; k < ComponentCount; k++)
        {
            var factor = factors.AsSpan(k * length, length);
            Covariance(k, factor);
            Cholesky.TryFactor(factor, Dimension, out _, out _);
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
