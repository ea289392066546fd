using System.Diagnostics;

namespace Gmm.Fast.Linalg;

/// <summary>
/// Lays out a lower triangular factor [D x D] in panels of 4 rows. A panel lies column after column, with zeros above the diagonal and below the
/// last row.
/// </summary>
internal static class TriangularPanels
{
    public const int Rows = 4;

    /// <summary>Counts the numbers in the panels of one factor.</summary>
    public static int Length(int dimension)
    {
        var whole = dimension / Rows;
        return Start(whole) + (dimension % Rows == 0 ? 0 : Rows * dimension);
    }

    /// <summary>Gives the index of the first number of a panel.</summary>
    public static int Start(int panel) => Rows * Rows * (panel * (panel + 1) / 2);

    /// <summary>Copies the lower triangle of <paramref name="lower"/> [D x D] to <paramref name="panels"/> [Length].</summary>
    public static void Pack(ReadOnlySpan<double> lower, int dimension, Span<double> panels)
    {
        var next = 0;
        for (var i0 = 0; i0 < dimension; i0 += Rows)
        {
            var columns = Math.Min(i0 + Rows, dimension);
            for (var j = 0; j < columns; j++)
            {
                for (var i = i0; i < i0 + Rows; i++) panels[next++] = i < dimension && j <= i ? lower[i * dimension + j] : 0;
            }
        }
    }

    /// <summary>Writes a factor from <paramref name="panels"/> [Length] to <paramref name="lower"/> [D x D], zeros above its diagonal.</summary>
    public static void Unpack(ReadOnlySpan<double> panels, Span<double> lower)
    {
        var dimension = (int)Math.Sqrt(lower.Length);
        lower.Clear();
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j <= i; j++) lower[i * dimension + j] = panels[Index(i, j, dimension)];
        }
    }

    /// <summary>Gives the index of entry (row, column) of the lower triangle.</summary>
    public static int Index(int row, int column, int dimension)
    {
        Debug.Assert(column >= 0 && column <= row && row < dimension);
        return Start(row / Rows) + Rows * column + row % Rows;
    }

    /// <summary>Writes W x, and then W^T of it: the product with the inverse covariance W^T W.</summary>
    /// <param name="panels">[Length]: W.</param>
    /// <param name="x">[D].</param>
    /// <param name="product">[D], receives W^T W x.</param>
    public static void Normal(ReadOnlySpan<double> panels, ReadOnlySpan<double> x, Span<double> product)
    {
        product.Clear();
        for (var i0 = 0; i0 < x.Length; i0 += Rows)
        {
            var columns = Math.Min(i0 + Rows, x.Length);
            var panel = panels.Slice(Start(i0 / Rows), Rows * columns);
            double a = 0, b = 0, c = 0, d = 0;
            for (int j = 0, at = 0; j < columns; j++, at += Rows)
            {
                var four = panel.Slice(at, Rows);
                a = Math.FusedMultiplyAdd(four[0], x[j], a);
                b = Math.FusedMultiplyAdd(four[1], x[j], b);
                c = Math.FusedMultiplyAdd(four[2], x[j], c);
                d = Math.FusedMultiplyAdd(four[3], x[j], d);
            }
            for (int j = 0, at = 0; j < columns; j++, at += Rows)
            {
                var four = panel.Slice(at, Rows);
                product[j] += four[0] * a + four[1] * b + (four[2] * c + four[3] * d);
            }
        }
    }
}
