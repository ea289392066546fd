using System.Runtime.CompilerServices;
using Gmm.Fast.Data;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// The two kernels of covariances with off-diagonal entries, lanes across points.
///   distances:     q = |W (x - mu)|^2, W = L^-1 lower triangular, L L^T the covariance   (Bishop, PRML, equations 2.44 and 2.45)
///   accumulation:  S += r d d^T, one triangle                                             (Bishop, PRML, equation 9.25)
/// The factor lies in panels of 4 rows: for column j the 4 entries of rows 4p..4p+3, zero above the diagonal and below the last row, for
/// j = 0 .. min(4p + 4, D) - 1. A tile is 4 rows of the factor times 2 vectors of points: 8 accumulators, which fit 16 registers as well as 32.
/// Rejected: forward substitution with L (each row waits for the one before), W^T W as one full matrix (twice the flops, half the digits), and
/// accumulating with horizontal sums per point.
/// </summary>
internal static unsafe class TriangularKernel
{
    private const int PanelRows = 4;

    /// <summary>Numbers in the panels of one factor.</summary>
    public static int FactorLength(int dimension)
    {
        var length = 0;
        for (var i0 = 0; i0 < dimension; i0 += PanelRows) length += PanelRows * Math.Min(i0 + PanelRows, dimension);
        return length;
    }

    /// <summary>Lays the lower triangle of <paramref name="lower"/> [D x D] out in panels.</summary>
    public static void PackFactor(ReadOnlySpan<double> lower, int dimension, Span<double> factor)
    {
        var next = 0;
        for (var i0 = 0; i0 < dimension; i0 += PanelRows)
        {
            var columns = Math.Min(i0 + PanelRows, dimension);
            for (var j = 0; j < columns; j++)
            {
                for (var i = i0; i < i0 + PanelRows; i++) factor[next++] = i < dimension && j <= i ? lower[i * dimension + j] : 0;
            }
        }
    }

    /// <inheritdoc cref="ICovariance.SquaredDistances"/>
    public static void SquaredDistances<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* factor, T* deviations, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        Deviations.Form<TLanes, TVector, T>(block, mean, deviations);
        nint stride = block.Stride;
        var dimension = block.Columns;
        for (var p = 0; p < block.Padded; p += 2 * TLanes.Count)
        {
            TVector q0 = TLanes.Zero, q1 = TLanes.Zero;
            var f = factor;
            for (var i0 = 0; i0 < dimension; i0 += PanelRows)
            {
                TVector a0 = TLanes.Zero, a1 = TLanes.Zero, b0 = TLanes.Zero, b1 = TLanes.Zero;
                TVector c0 = TLanes.Zero, c1 = TLanes.Zero, e0 = TLanes.Zero, e1 = TLanes.Zero;
                var d = deviations + p;
                var end = f + PanelRows * Math.Min(i0 + PanelRows, dimension);
                for (; f < end; f += PanelRows, d += stride)
                {
                    var d0 = TLanes.Load(d);
                    var d1 = TLanes.Load(d + TLanes.Count);
                    var w = TLanes.Broadcast(f[0]);
                    a0 = TLanes.Fma(w, d0, a0);
                    a1 = TLanes.Fma(w, d1, a1);
                    w = TLanes.Broadcast(f[1]);
                    b0 = TLanes.Fma(w, d0, b0);
                    b1 = TLanes.Fma(w, d1, b1);
                    w = TLanes.Broadcast(f[2]);
                    c0 = TLanes.Fma(w, d0, c0);
                    c1 = TLanes.Fma(w, d1, c1);
                    w = TLanes.Broadcast(f[3]);
                    e0 = TLanes.Fma(w, d0, e0);
                    e1 = TLanes.Fma(w, d1, e1);
                }
                q0 = TLanes.Fma(e0, e0, TLanes.Fma(c0, c0, TLanes.Fma(b0, b0, TLanes.Fma(a0, a0, q0))));
                q1 = TLanes.Fma(e1, e1, TLanes.Fma(c1, c1, TLanes.Fma(b1, b1, TLanes.Fma(a1, a1, q1))));
            }
            TLanes.Store(distances + p, q0);
            TLanes.Store(distances + p + TLanes.Count, q1);
        }
    }

    /// <inheritdoc cref="ICovariance.Accumulate"/>
    public static void Accumulate<TLanes, TVector>(in ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var dimension = block.Columns;
        nint stride = block.Stride;
        var d = scratch;
        var rd = scratch + dimension * stride;
        Deviations.AccumulateFirst<TLanes, TVector>(block, responsibilities, center, d, rd, moments);

        var second = moments + 1 + dimension;
        var partials = stackalloc double[PanelRows * 2 * LaneSum.Partials];
        var last = dimension - 1;
        for (var i0 = 0; i0 < dimension; i0 += PanelRows)
        {
            // Rows and columns behind the last repeat it; their sums are not kept.
            var x0 = rd + i0 * stride;
            var x1 = rd + Math.Min(i0 + 1, last) * stride;
            var x2 = rd + Math.Min(i0 + 2, last) * stride;
            var x3 = rd + Math.Min(i0 + 3, last) * stride;
            for (var j0 = 0; j0 <= Math.Min(i0 + PanelRows - 1, last); j0 += 2)
            {
                var y0 = d + j0 * stride;
                var y1 = d + Math.Min(j0 + 1, last) * stride;
                Tile<TLanes, TVector>(block.Padded, x0, x1, x2, x3, y0, y1, partials);
                for (var a = 0; a < PanelRows; a++)
                {
                    for (var b = 0; b < 2; b++)
                    {
                        if (i0 + a < dimension && j0 + b <= i0 + a)
                            second[PackedLower.Index(i0 + a, j0 + b)] += LaneSum.Tree(partials + (2 * a + b) * LaneSum.Partials);
                    }
                }
            }
        }
    }

    // Sums over points of 4 rows times 2 columns, as eight partials each.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TLanes, TVector>(
        int padded, double* x0, double* x1, double* x2, double* x3, double* y0, double* y1, double* partials)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        const int N = LaneSum.Partials;
        for (var slot = 0; slot < N; slot += TLanes.Count)
        {
            TVector a0 = TLanes.Zero, a1 = TLanes.Zero, b0 = TLanes.Zero, b1 = TLanes.Zero;
            TVector c0 = TLanes.Zero, c1 = TLanes.Zero, e0 = TLanes.Zero, e1 = TLanes.Zero;
            for (nint p = slot; p < padded; p += N)
            {
                var v0 = TLanes.Load(y0 + p);
                var v1 = TLanes.Load(y1 + p);
                var u = TLanes.Load(x0 + p);
                a0 = TLanes.Fma(u, v0, a0);
                a1 = TLanes.Fma(u, v1, a1);
                u = TLanes.Load(x1 + p);
                b0 = TLanes.Fma(u, v0, b0);
                b1 = TLanes.Fma(u, v1, b1);
                u = TLanes.Load(x2 + p);
                c0 = TLanes.Fma(u, v0, c0);
                c1 = TLanes.Fma(u, v1, c1);
                u = TLanes.Load(x3 + p);
                e0 = TLanes.Fma(u, v0, e0);
                e1 = TLanes.Fma(u, v1, e1);
            }
            TLanes.Store(partials + slot, a0);
            TLanes.Store(partials + N + slot, a1);
            TLanes.Store(partials + 2 * N + slot, b0);
            TLanes.Store(partials + 3 * N + slot, b1);
            TLanes.Store(partials + 4 * N + slot, c0);
            TLanes.Store(partials + 5 * N + slot, c1);
            TLanes.Store(partials + 6 * N + slot, e0);
            TLanes.Store(partials + 7 * N + slot, e1);
        }
    }
}
