using CommunityToolkit.HighPerformance;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

public sealed unsafe partial class GaussianMixture
{
    // Points that a worker takes at a time.
    private const int ImputedTogether = 64;

    /// <summary>
    /// Fills in missing values, which are NaN: by their means given the present values of the point,
    ///   E[x_m | x_o] = sum over k of r_k(x_o) (mu_m + Sigma_mo Sigma_oo^-1 (x_o - mu_o))   (Bishop, PRML, equations 2.81 and 9.13)
    /// or, with a seed, by a draw from their distribution given the present ones: first a component, then the values under it. Means lie closer
    /// together than values do: for variances, correlations or counts of filled-in data take draws. The meaning of NaN of
    /// <see cref="MissingValues"/> does not matter here.
    /// </summary>
    /// <param name="points">[N x D]; NaN for missing values, otherwise finite. Weights are ignored.</param>
    /// <param name="rows">[N x D], receives the points, with all values; may be the memory of the points.</param>
    /// <param name="seed">Null for means. Otherwise point i draws from stream i of the seed, so its draw depends on no other point.</param>
    /// <param name="maxDegreeOfParallelism">
    /// The most threads, at least 1, or -1 for one per processor. The values have the same bits for any number.
    /// </param>
    /// <returns>The number of values that were filled in.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a number is infinite; the message names the place.</exception>
    public long Impute(Points points, Span<double> rows, long? seed = null, int maxDegreeOfParallelism = -1)
    {
        var threads = Threads(maxDegreeOfParallelism);
        Check.Shape(nameof(rows), rows.Length, points.Count, Dimension);
        CheckDimension(points);
        if (points.Count == 0) return 0;
        if (points.IsSingle)
        {
            for (var i = 0; i < points.Count; i++)
            {
                var row = points.Floats.GetRowSpan(i);
                for (var j = 0; j < row.Length; j++) rows[i * Dimension + j] = row[j];
            }
        }
        else
        {
            for (var i = 0; i < points.Count; i++) points.Doubles.GetRowSpan(i).CopyTo(rows.Slice(i * Dimension, Dimension));
        }
        fixed (double* memory = rows) return new Imputer(this, memory, points.Count, seed).Run(threads);
    }

    /// <summary>Fills in the missing values of rows in place, by several workers.</summary>
    private sealed class Imputer(GaussianMixture model, double* rows, int count, long? seed)
    {
        private readonly double[][] _roots = seed is null
            ? []
            : [.. Enumerable.Range(0, model.Mixture.Parameters.Matrices)
                .Select(matrix => model.Mixture.Family.Root(model.Mixture.Parameters.CovarianceOf(matrix), model.Dimension))];

        private int _next;
        private long _filled;

        public long Run(int threads)
        {
            // Before anything is filled in: rows may be the only copy of the points.
            for (var i = 0; i < count; i++) Check.NotInfinite("points", new ReadOnlySpan<double>(rows + (nint)i * model.Dimension, model.Dimension), i);
            using var team = new WorkTeam(threads);
            team.Run(Math.Clamp(count / ImputedTogether, 1, threads), Work);
            return _filled;
        }

        private void Work(int worker)
        {
            var (dimension, components) = (model.Dimension, model.ComponentCount);
            var mask = new ulong[GapMask.Words(dimension)];
            double[] present = new double[dimension], responsibilities = new double[components], z = new double[dimension], drawn = new double[dimension];
            long filled = 0;
            for (var first = Take(); first < count; first = Take())
            {
                for (var i = first; i < Math.Min(count, first + ImputedTogether); i++)
                {
                    var point = new Span<double>(rows + (nint)i * dimension, dimension);
                    var known = GapMask.Of((ReadOnlySpan<double>)point, mask);
                    if (known == dimension) continue;
                    filled += dimension - known;
                    Fill(point, i, mask, known, present, responsibilities, z, drawn);
                }
            }
            Interlocked.Add(ref _filled, filled);
        }

        private int Take() => Interlocked.Add(ref _next, ImputedTogether) - ImputedTogether;

        private void Fill(
            Span<double> point, int number, ulong[] mask, int known, double[] present, double[] responsibilities, double[] z, double[] drawn)
        {
            var marginal = known == 0 ? null : model.Marginals.Of(mask);
            var order = marginal is null ? [.. Enumerable.Range(0, point.Length)] : marginal.Order;
            for (var j = 0; j < known; j++) present[j] = point[order[j]];
            if (marginal is null) model.Weights.CopyTo(responsibilities);
            else marginal.Point.Responsibilities(present.AsSpan(0, known), responsibilities);
            if (seed is { } given)
            {
                var normals = new NormalStream(new Xoshiro256(given, number));
                var k = Pick(responsibilities, normals.Uniforms.NextDouble());

                // A draw z of all dimensions becomes one given x_o as z_m + B (x_o - z_o): that has the mean and the covariance, and is normal.
                for (var j = 0; j < z.Length; j++) z[j] = normals.Next();
                model.Mixture.Family.Color(_roots[model.Mixture.Parameters.MatrixOf(k)], model.Mean(k), z, drawn);
                Regress(point, order, known, marginal is null ? [] : marginal.Regression(k), drawn, 1);
                return;
            }
            for (var i = known; i < order.Length; i++) point[order[i]] = 0;
            for (var k = 0; k < responsibilities.Length; k++)
            {
                if (responsibilities[k] > 0) Regress(point, order, known, marginal is null ? [] : marginal.Regression(k), model.Mean(k), responsibilities[k]);
            }
        }

        // Adds share (c_m + B (x_o - c_o)) to the missing dimensions of a point; those of a draw are still NaN, and set.
        private static void Regress(
            Span<double> point, int[] order, int known, ReadOnlySpan<double> regression, ReadOnlySpan<double> center, double share)
        {
            for (var i = known; i < order.Length; i++)
            {
                var value = center[order[i]];
                for (var j = 0; j < known && regression.Length > 0; j++)
                    value += regression[(i - known) * known + j] * (point[order[j]] - center[order[j]]);
                ref var target = ref point[order[i]];
                target = double.IsNaN(target) ? value : target + share * value;
            }
        }
    }
}
