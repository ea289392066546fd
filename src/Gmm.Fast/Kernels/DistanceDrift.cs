using System.Numerics;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Bounds how far the distances d(x) = |W (x - mu)| from a component fall when its parameters change from W0, mu0 to W1, mu1. With M = W0 W1^-1,
///   W0 (x - mu0) = M W1 (x - mu1) + W0 (mu1 - mu0),   so   d1(x) >= (d0(x) - |W0 (mu1 - mu0)|) / |M|
/// (triangle inequality; for unit matrices this is the bound of Elkan, Using the triangle inequality to accelerate k-means, ICML 2003).
/// Kernels compute z = W (x - mu) with an error of at most gamma |W| |x - mu| in each row, gamma about D units in the last place (Higham, Accuracy
/// and Stability of Numerical Algorithms, 2nd edition, section 3.5), hence of at most gamma |W|_F |W^-1|_F of its length.
/// </summary>
/// <param name="Shift">What is taken from a distance, at least 0.</param>
/// <param name="Scale">The factor of the rest; 0 where nothing is certain.</param>
/// <param name="Rounding">The most that a computed distance differs from the exact one, as a part of it.</param>
/// <param name="Offset">The most that it differs beside that.</param>
internal readonly record struct DistanceDrift(double Shift, double Scale, double Rounding, double Offset)
{
    // Sums of D products, differences, and the roundings of factors and means to the element type: several times what they can be.
    private const double Roundings = 16;

    // Where rounding may take more of a distance, nothing is certain.
    private const double MostRounding = 1e-3;

    /// <summary>Bounds nothing.</summary>
    public static DistanceDrift Unknown { get; } = new(0, 0, 1, 0);

    /// <summary>Bounds the change of a triangular factor.</summary>
    /// <param name="mean0">[D], before.</param>
    /// <param name="factor0">W0 in panels.</param>
    /// <param name="mean1">[D], after.</param>
    /// <param name="factor1">W1 in panels.</param>
    /// <param name="scratch">[2 x D x D].</param>
    public static unsafe DistanceDrift OfTriangles<T>(
        ReadOnlySpan<double> mean0, ReadOnlySpan<double> factor0, ReadOnlySpan<double> mean1, ReadOnlySpan<double> factor1, double* scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var d = mean0.Length;
        double* inverse = scratch, product = inverse + (nint)d * d;
        double square0 = 0, square1 = 0, inverseSquare = 0, productSquare = 0, distance = 0, shift = 0;

        // Row by row: W1^-1 by substitution, then row i of M = W0 W1^-1.
        for (var i = 0; i < d; i++)
        {
            var row = inverse + (nint)i * d;
            new Span<double>(row, i + 1).Clear();
            var diagonal = factor1[TriangularPanels.Index(i, i, d)];
            for (var j = 0; j < i; j++)
            {
                var w = factor1[TriangularPanels.Index(i, j, d)];
                square1 += w * w;
                DenseRows.AddMultiple(-w / diagonal, inverse + (nint)j * d, row, j + 1);
            }
            row[i] = 1 / diagonal;
            square1 += diagonal * diagonal;
            inverseSquare += DenseRows.Dot(row, row, i + 1);

            new Span<double>(product, i + 1).Clear();
            double moved = 0;
            for (var j = 0; j <= i; j++)
            {
                var w = factor0[TriangularPanels.Index(i, j, d)];
                square0 += w * w;
                moved += w * (mean1[j] - mean0[j]);
                DenseRows.AddMultiple(w, inverse + (nint)j * d, product, j + 1);
            }
            shift += moved * moved;
            productSquare += DenseRows.Dot(product, product, i + 1);
            product[i] -= 1;
            distance += DenseRows.Dot(product, product, i + 1);
        }

        // |M| is at most |M|_F and at most 1 + |M - I|_F.
        var growth = Math.Min(Math.Sqrt(productSquare), 1 + Math.Sqrt(distance));
        return Of<T>(mean0, mean1, Math.Sqrt(shift), growth, Math.Sqrt(square0), Math.Sqrt(square1), Math.Sqrt(inverseSquare));
    }

    /// <summary>Bounds the change of scales, which are the inverse standard deviations of the dimensions.</summary>
    /// <param name="mean0">[D], before.</param>
    /// <param name="scales0">[D], or [1] for all dimensions.</param>
    /// <param name="mean1">[D], after.</param>
    /// <param name="scales1">[D], or [1] for all dimensions.</param>
    public static DistanceDrift OfScales<T>(
        ReadOnlySpan<double> mean0, ReadOnlySpan<double> scales0, ReadOnlySpan<double> mean1, ReadOnlySpan<double> scales1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double growth = 0, shift = 0, largest0 = 0, largest1 = 0;
        for (var j = 0; j < scales0.Length; j++)
        {
            growth = Math.Max(growth, scales0[j] / scales1[j]);
            (largest0, largest1) = (Math.Max(largest0, scales0[j]), Math.Max(largest1, scales1[j]));
        }
        for (var j = 0; j < mean0.Length; j++)
        {
            var moved = scales0[scales0.Length > 1 ? j : 0] * (mean1[j] - mean0[j]);
            shift += moved * moved;
        }

        // Each row has one product, so the norms of the rows are those of the numbers themselves.
        return Of<T>(mean0, mean1, Math.Sqrt(shift), growth, largest0, largest1, 1 / largest1);
    }

    // Means are rounded to the element type, which moves points by as much: |W| times that.
    private static DistanceDrift Of<T>(
        ReadOnlySpan<double> mean0, ReadOnlySpan<double> mean1, double shift, double growth, double norm0, double norm1, double inverseNorm)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (unit, fine) = (double.ScaleB(1, typeof(T) == typeof(float) ? -24 : -53), Roundings * (mean0.Length + 4) * double.ScaleB(1, -53));
        var rounding = Roundings * (mean0.Length + 4) * unit * norm1 * inverseNorm;
        var offset = typeof(T) == typeof(float) ? Roundings * unit * norm1 * Length(mean1) : 0;
        shift += fine * norm0 * (Length(mean0) + Length(mean1));
        growth += fine * norm0 * inverseNorm * (1 + norm1 * inverseNorm);
        return rounding < MostRounding && double.IsFinite(growth) && double.IsFinite(shift) && double.IsFinite(offset)
            ? new DistanceDrift(shift, 1 / growth, rounding, offset)
            : Unknown;
    }

    private static double Length(ReadOnlySpan<double> vector)
    {
        double sum = 0;
        foreach (var value in vector) sum += value * value;
        return Math.Sqrt(sum);
    }
}
