using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;

namespace Gmm.Fast;

public sealed partial class GaussianMixture
{
    /// <summary>
    /// Writes how far each coordinate of a point is from what its others predict, in standard deviations, under the component with the largest
    /// responsibility: z_j = (x_j - E[x_j | the others]) / sd[x_j | the others] = (P (x - mu))_j / sqrt(P_jj) with the precision matrix P (Bishop,
    /// PRML, equations 2.96 and 2.97 with the precisions of 2.75). The largest |z_j| names the coordinate that makes the point unusual: one that no
    /// histogram shows where columns depend on each other. Where <see cref="MissingValues"/> allows NaN, a missing coordinate has the z-score NaN, and the
    /// others are those of the mixture of the present dimensions.
    /// </summary>
    /// <param name="rows">[N x D], finite, or NaN where that is allowed; N is the length divided by D. A component is inverted once for all points.</param>
    /// <param name="zScores">[N x D], receives the z-scores.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is not finite.</exception>
    public void ConditionalZScores(ReadOnlySpan<double> rows, Span<double> zScores)
    {
        var n = Dimension;
        if (rows.Length % n != 0) Throw.Argument(nameof(rows), $"rows has {rows.Length} values; a multiple of {n}, the dimension, is required");
        Check.Shape(nameof(zScores), zScores.Length, rows.Length / n, n);
        const int HasMissing = -1;
        var labels = new int[rows.Length / n];
        Dictionary<ulong[], List<int>> patterns = new(new GapMask.Comparer());
        for (var i = 0; i < labels.Length; i++)
        {
            var point = rows.Slice(i * n, n);
            labels[i] = HasGaps(point) ? HasMissing : Label(point);
            if (labels[i] != HasMissing) continue;
            var mask = new ulong[GapMask.Words(n)];
            GapMask.Of(point, mask);
            if (patterns.TryGetValue(mask, out var same)) same.Add(i);
            else patterns.Add(mask, [i]);
        }
        foreach (var (mask, points) in patterns) ZScores(mask, points, rows, zScores);
        foreach (var k in labels.Distinct().Order())
        {
            if (k == HasMissing) continue;
            var inverse = Mixture.Family.HasOffDiagonal ? InverseRoot(k) : null;
            for (var i = 0; i < labels.Length; i++)
            {
                if (labels[i] != k) continue;
                if (inverse is null) ZScores(k, rows.Slice(i * n, n), zScores.Slice(i * n, n));
                else ZScores(inverse, Mean(k), rows.Slice(i * n, n), zScores.Slice(i * n, n));
            }
        }
    }

    // Writes the z-scores of the points of one pattern.
    private void ZScores(ulong[] mask, List<int> points, ReadOnlySpan<double> rows, Span<double> zScores)
    {
        var n = Dimension;
        var order = new int[n];
        var present = order.AsSpan(0, GapMask.Split(mask, order));
        foreach (var i in points) zScores.Slice(i * n, n).Fill(double.NaN);
        if (present.IsEmpty) return;
        var numbers = new double[points.Count * present.Length];
        for (var p = 0; p < points.Count; p++)
        {
            for (var j = 0; j < present.Length; j++) numbers[p * present.Length + j] = rows[points[p] * n + present[j]];
        }
        var scores = new double[numbers.Length];
        Marginal(present).ConditionalZScores(numbers, scores);
        for (var p = 0; p < points.Count; p++)
        {
            for (var j = 0; j < present.Length; j++) zScores[points[p] * n + present[j]] = scores[p * present.Length + j];
        }
    }

    // Gives W [D x D], lower triangular, with W^T W the precision matrix.
    private double[] InverseRoot(int k)
    {
        var inverse = Mixture.Family.Root(Mixture.Parameters.CovarianceOf(Mixture.Parameters.MatrixOf(k)), Dimension);
        Cholesky.InvertLower(inverse, Dimension);
        return inverse;
    }

    private void ZScores(int k, ReadOnlySpan<double> point, Span<double> z)
    {
        var mean = Mean(k);
        for (var j = 0; j < z.Length; j++) z[j] = (point[j] - mean[j]) / Math.Sqrt(Variance(k, j));
    }

    private static void ZScores(double[] inverse, ReadOnlySpan<double> mean, ReadOnlySpan<double> point, Span<double> z)
    {
        var n = z.Length;
        var precisions = new double[n];
        z.Clear();
        for (var i = 0; i < n; i++)
        {
            var row = inverse.AsSpan(i * n, i + 1);
            double whitened = 0;
            for (var j = 0; j <= i; j++) whitened = Math.FusedMultiplyAdd(row[j], point[j] - mean[j], whitened);
            for (var j = 0; j <= i; j++)
            {
                z[j] = Math.FusedMultiplyAdd(row[j], whitened, z[j]);
                precisions[j] = Math.FusedMultiplyAdd(row[j], row[j], precisions[j]);
            }
        }
        for (var j = 0; j < n; j++) z[j] /= Math.Sqrt(precisions[j]);
    }
}
