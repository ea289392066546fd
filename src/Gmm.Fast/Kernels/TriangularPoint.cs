using System.Runtime.CompilerServices;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes distances of one point from covariances with off-diagonal entries, one component per lane.
///   q = |W (x - mu)|^2,  W lower triangular   (Bishop, PRML, equations 2.44 and 2.45)
/// Each number of a triangle is used once per point, so reading bounds the speed. A group is one stream: its means, then its triangle without zeros.
/// The D mod 4 rows that fill no panel stand on top, where rows are short. Then comes one panel of 4 rows if D mod 8 is at least 4, then two panels
/// at a time: 8 chains of products keep two units with a latency of 4 busy.
/// Rejected: the panels of <see cref="TriangularForm{TLanes, TVector, T}"/>, which hold zeros.
/// Rejected: deviations kept in memory, which cost as much to load as the means.
/// Rejected: an early end where a whole group is beyond the cut, which gains only with distant components.
/// </summary>
internal readonly unsafe struct TriangularPoint : IPointKernel
{
    private const int PanelRows = 4;

    public static int Length(int dimension) => dimension + PackedLower.Length(dimension);

    public static void Lay(in DensityNumbers numbers, int k, double* target, int stride)
    {
        var dimension = numbers.Dimension;
        foreach (var mean in numbers.Mean(k))
        {
            *target = mean;
            target += stride;
        }
        var factor = numbers.Factor(k);
        var row = 0;
        for (; row < dimension % PanelRows; row++) Strip(factor, dimension, row, 1, 0, row + 1, ref target, stride);
        if (dimension % (2 * PanelRows) >= PanelRows)
        {
            Strip(factor, dimension, row, PanelRows, 0, row + PanelRows, ref target, stride);
            row += PanelRows;
        }
        for (; row < dimension; row += PanelRows)
        {
            // Two panels: the columns that both have, the rest of the first, the rest of the second.
            Strip(factor, dimension, row, 2 * PanelRows, 0, row, ref target, stride);
            Strip(factor, dimension, row, PanelRows, row, row + PanelRows, ref target, stride);
            row += PanelRows;
            Strip(factor, dimension, row, PanelRows, row - PanelRows, row + PanelRows, ref target, stride);
        }
    }

    // Writes columns [column, end) of rows [row, row + count), column after column, from the diagonal down.
    private static void Strip(ReadOnlySpan<double> factor, int dimension, int row, int count, int column, int end, ref double* target, int stride)
    {
        for (; column < end; column++)
        {
            for (var i = Math.Max(row, column); i < row + count; i++, target += stride)
                *target = factor[TriangularPanels.Index(i, column, dimension)];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SquaredDistances<TLanes, TVector>(double* groups, int padded, double* point, int dimension, double* distances)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint n = TLanes.Count;
        var means = groups;
        for (var end = distances + padded; distances < end; distances += n)
        {
            var w = means + dimension * n;
            nint row = dimension % PanelRows;
            var q = Top<TLanes, TVector>(ref w, means, point, row);
            TVector a = TLanes.Zero, b = TLanes.Zero, c = TLanes.Zero, d = TLanes.Zero;
            if (dimension % (2 * PanelRows) >= PanelRows)
            {
                Columns<TLanes, TVector>(ref w, means, point, 0, row, ref a, ref b, ref c, ref d);
                Triangle<TLanes, TVector>(ref w, means, point, row, ref a, ref b, ref c, ref d);
                q = TLanes.Fma(d, d, TLanes.Fma(c, c, TLanes.Fma(b, b, TLanes.Fma(a, a, q))));
                row += PanelRows;
            }
            for (; row < dimension; row += 2 * PanelRows)
            {
                TVector e = TLanes.Zero, f = TLanes.Zero, g = TLanes.Zero, h = TLanes.Zero;
                a = b = c = d = TLanes.Zero;
                for (nint j = 0; j < row; j++, w += 2 * PanelRows * n)
                {
                    var x = Deviation<TLanes, TVector>(means, point, j);
                    a = TLanes.Fma(TLanes.Load(w), x, a);
                    b = TLanes.Fma(TLanes.Load(w + n), x, b);
                    c = TLanes.Fma(TLanes.Load(w + 2 * n), x, c);
                    d = TLanes.Fma(TLanes.Load(w + 3 * n), x, d);
                    e = TLanes.Fma(TLanes.Load(w + 4 * n), x, e);
                    f = TLanes.Fma(TLanes.Load(w + 5 * n), x, f);
                    g = TLanes.Fma(TLanes.Load(w + 6 * n), x, g);
                    h = TLanes.Fma(TLanes.Load(w + 7 * n), x, h);
                }
                Triangle<TLanes, TVector>(ref w, means, point, row, ref a, ref b, ref c, ref d);
                Columns<TLanes, TVector>(ref w, means, point, row, row + PanelRows, ref e, ref f, ref g, ref h);
                Triangle<TLanes, TVector>(ref w, means, point, row + PanelRows, ref e, ref f, ref g, ref h);
                q = TLanes.Fma(d, d, TLanes.Fma(c, c, TLanes.Fma(b, b, TLanes.Fma(a, a, q))));
                q = TLanes.Fma(h, h, TLanes.Fma(g, g, TLanes.Fma(f, f, TLanes.Fma(e, e, q))));
            }
            TLanes.Store(distances, q);
            means = w;
        }
    }

    // Returns the sum of squares of the first 0 to 3 rows, a triangle by itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Top<TLanes, TVector>(ref double* w, double* means, double* point, nint rows)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        if (rows == 0) return TLanes.Zero;
        nint n = TLanes.Count;
        var x = Deviation<TLanes, TVector>(means, point, 0);
        var z = TLanes.Multiply(TLanes.Load(w), x);
        var q = TLanes.Multiply(z, z);
        w += n;
        if (rows == 1) return q;
        var y = Deviation<TLanes, TVector>(means, point, 1);
        z = TLanes.Fma(TLanes.Load(w + n), y, TLanes.Multiply(TLanes.Load(w), x));
        q = TLanes.Fma(z, z, q);
        w += 2 * n;
        if (rows == 2) return q;
        z = TLanes.Fma(TLanes.Load(w + n), y, TLanes.Multiply(TLanes.Load(w), x));
        z = TLanes.Fma(TLanes.Load(w + 2 * n), Deviation<TLanes, TVector>(means, point, 2), z);
        w += 3 * n;
        return TLanes.Fma(z, z, q);
    }

    // Adds columns [j, end) of 4 rows, all below the diagonal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns<TLanes, TVector>(
        ref double* w, double* means, double* point, nint j, nint end, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint n = TLanes.Count;
        for (; j < end; j++, w += PanelRows * n)
        {
            var x = Deviation<TLanes, TVector>(means, point, j);
            a = TLanes.Fma(TLanes.Load(w), x, a);
            b = TLanes.Fma(TLanes.Load(w + n), x, b);
            c = TLanes.Fma(TLanes.Load(w + 2 * n), x, c);
            d = TLanes.Fma(TLanes.Load(w + 3 * n), x, d);
        }
    }

    // Adds the last 4 columns of 4 rows, from the diagonal down.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Triangle<TLanes, TVector>(
        ref double* w, double* means, double* point, nint j, ref TVector a, ref TVector b, ref TVector c, ref TVector d)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint n = TLanes.Count;
        var x = Deviation<TLanes, TVector>(means, point, j);
        a = TLanes.Fma(TLanes.Load(w), x, a);
        b = TLanes.Fma(TLanes.Load(w + n), x, b);
        c = TLanes.Fma(TLanes.Load(w + 2 * n), x, c);
        d = TLanes.Fma(TLanes.Load(w + 3 * n), x, d);
        x = Deviation<TLanes, TVector>(means, point, j + 1);
        b = TLanes.Fma(TLanes.Load(w + 4 * n), x, b);
        c = TLanes.Fma(TLanes.Load(w + 5 * n), x, c);
        d = TLanes.Fma(TLanes.Load(w + 6 * n), x, d);
        x = Deviation<TLanes, TVector>(means, point, j + 2);
        c = TLanes.Fma(TLanes.Load(w + 7 * n), x, c);
        d = TLanes.Fma(TLanes.Load(w + 8 * n), x, d);
        x = Deviation<TLanes, TVector>(means, point, j + 3);
        d = TLanes.Fma(TLanes.Load(w + 9 * n), x, d);
        w += 10 * n;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Deviation<TLanes, TVector>(double* means, double* point, nint j)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        TLanes.Subtract(TLanes.Broadcast(point[j]), TLanes.Load(means + j * TLanes.Count));
}
