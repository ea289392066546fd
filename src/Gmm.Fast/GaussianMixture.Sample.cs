using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    /// <summary>
    /// Draws points from the mixture. The same seed gives the same numbers on every machine and release. Uniforms come from xoshiro256** seeded by
    /// SplitMix64. Per point, a uniform u chooses the first component whose cumulative weight exceeds u. Then D normals z follow by Marsaglia's polar
    /// method, in pairs, of which one left over is the next normal. The point is x = mu + L z with the Cholesky factor L.
    /// </summary>
    /// <param name="seed">Any number.</param>
    /// <param name="rows">[N x D], receives the points; N is its length divided by D.</param>
    /// <param name="labels">[N], receives the components of the points, from 0; may be empty.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Sample(long seed, Span<double> rows, Span<int> labels = default)
    {
        var dimension = Dimension;
        if (rows.Length % dimension != 0)
            Throw.Argument(nameof(rows), $"rows has {rows.Length} values; a multiple of {dimension}, the dimension, is required");
        var count = rows.Length / dimension;
        if (!labels.IsEmpty) Check.Shape(nameof(labels), labels.Length, count, 1);

        new Sampler(this, seed).Draw(rows, labels);
    }

    /// <summary>
    /// Draws the points of <see cref="Sample(long, Span{double}, Span{int})"/> some at a time, so that memory does not grow with their number.
    /// </summary>
    /// <param name="seed">Any number.</param>
    /// <param name="count">N, at least 0.</param>
    /// <param name="receiver">Receives the points in order, on the calling thread.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 0.</exception>
    public void Sample(long seed, long count, SampleReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        Check.AtLeast(nameof(count), count, 0);
        const int Numbers = 1 << 16;
        var together = (int)Math.Min(count, Math.Max(1, Numbers / Dimension));
        var (rows, labels, sampler) = (new double[together * Dimension], new int[together], new Sampler(this, seed));
        for (long first = 0; first < count; first += together)
        {
            var part = (int)Math.Min(together, count - first);
            sampler.Draw(rows.AsSpan(0, part * Dimension), labels.AsSpan(0, part));
            receiver(rows.AsSpan(0, part * Dimension), labels.AsSpan(0, part));
        }
    }

    private static int Pick(ReadOnlySpan<double> weights, double uniform)
    {
        double cumulative = 0;
        var last = 0;
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] == 0) continue;
            cumulative += weights[k];
            last = k;
            if (uniform < cumulative) break;
        }
        return last;
    }

    /// <summary>Draws the points of one seed, some at a time.</summary>
    internal sealed class Sampler
    {
        private readonly GaussianMixture _model;
        private readonly double[][] _roots;
        private readonly NormalStream _normals;
        private readonly double[] _z;

        public Sampler(GaussianMixture model, long seed)
        {
            (_model, _normals, _z) = (model, new NormalStream(new Xoshiro256(seed)), new double[model.Dimension]);
            var parameters = model.Mixture.Parameters;
            _roots = new double[parameters.Matrices][];
            for (var matrix = 0; matrix < _roots.Length; matrix++)
                _roots[matrix] = parameters.Family.Root(parameters.CovarianceOf(matrix), parameters.Dimension);
        }

        /// <summary>Draws the next points.</summary>
        /// <param name="rows">[N x D].</param>
        /// <param name="labels">[N], or empty.</param>
        public void Draw(Span<double> rows, Span<int> labels = default)
        {
            var (parameters, d) = (_model.Mixture.Parameters, _model.Dimension);
            for (var i = 0; i * d < rows.Length; i++)
            {
                var k = Pick(_model.Weights, _normals.Uniforms.NextDouble());
                if (!labels.IsEmpty) labels[i] = k;
                for (var j = 0; j < d; j++) _z[j] = _normals.Next();
                parameters.Family.Color(_roots[parameters.MatrixOf(k)], parameters.Mean(k), _z, rows.Slice(i * d, d));
            }
        }
    }
}
