using System.Runtime.CompilerServices;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// q = |W (x - mu)|^2, W lower triangular (Bishop, PRML, equations 2.44 and 2.45), for one point and one component per lane. Each number of the
/// triangles is used once per point; beyond the first-level cache, to read them is all the time there is, so nothing is read in vain: the means of
/// a group, then its triangle without zeros, as one stream. The D mod 4 rows that fill no panel stand on top, where rows are short; then one panel
/// of 4 rows if D mod 8 is at least 4, then two at a time: 8 chains of products, as many as two units with a latency of 4 keep busy.
/// Rejected: the zeros in the panels of <see cref="DistanceKernel"/>; deviations kept in memory, which cost as much to load as the means do.
/// Not done: to stop where a whole group is beyond the cut already. It would lose no bit, but only mixtures of distant components would gain.
/// </summary>
internal readonly unsafe struct TriangularPoint : IPointKernel
{
    private const int PanelRows = 4;

    public static int Length(int dimension) => dimension + PackedLower.Length(dimension);

    public static void Lay(MixtureParameters parameters, int k, double* target, int stride)
    {
        var dimension = parameters.Dimension;
        foreach (var mean in parameters.Mean(k))
        {
            *target = mean;
            target += stride;
        }
        var factors = parameters.Factors;
        var first = k * parameters.FactorLength;
        var row = 0;
        for (; row < dimension % PanelRows; row++) Strip(1, 0, row + 1);
        if (dimension % (2 * PanelRows) >= PanelRows)
        {
            Strip(PanelRows, 0, row + PanelRows);
            row += PanelRows;
        }
        for (; row < dimension; row += PanelRows)
        {
            // Two panels: what both have a column of, the rest of the first, the rest of the second.
            Strip(2 * PanelRows, 0, row);
            Strip(PanelRows, row, row + PanelRows);
            row += PanelRows;
            Strip(PanelRows, row - PanelRows, row + PanelRows);
        }

        // Some rows, column after column, from the diagonal down.
        void Strip(int count, int column, int end)
        {
            for (; column < end; column++)
            {
                for (var i = Math.Max(row, column); i < row + count; i++, target += stride)
                    *target = factors[first + DistanceKernel.FactorIndex(i, column, dimension)];
            }
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

    // Fewer than 4 rows, a triangle by itself.
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

    // Columns [j, end) of 4 rows, all below the diagonal.
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

    // The last 4 columns of 4 rows, from the diagonal down.
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
