using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Squared Mahalanobis distances of matrices with off-diagonal entries, lanes across points.
///   q = |W (x - mu)|^2,  W = L^-1 lower triangular, L L^T the covariance   (Bishop, PRML, equations 2.44 and 2.45)
/// The factor lies in panels of 4 rows: for column j the 4 entries of rows 4p..4p+3, zero above the diagonal and below the last row, for
/// j = 0 .. min(4p + 4, D) - 1. A tile is 4 rows times 4 vectors of points where there are 32 registers, 4 times 2 where there are 16. The
/// deviations x - mu are formed in the square on the diagonal, the first to need them, and kept for the panels below; that square is multiplied
/// as the triangle it is.
/// Rejected: forward substitution with L (each row waits for the one before), W^T W as one full matrix (twice the flops, half the digits), a
/// pass of its own for the deviations (the stores cost as much as a tenth of the products at D = 32).
/// </summary>
internal static unsafe class DistanceKernel
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

    /// <summary>Where entry (row, column) of the lower triangle lies in the panels.</summary>
    public static int FactorIndex(int row, int column, int dimension)
    {
        Debug.Assert(column >= 0 && column <= row && row < dimension);
        var panel = row / PanelRows;
        return PanelRows * (PanelRows * panel * (panel + 1) / 2 + column) + row % PanelRows;
    }

    /// <summary>
    /// Distances [Padded] of all points of a block. <paramref name="mean"/> [D], <paramref name="factor"/> [FactorLength],
    /// <paramref name="deviations"/> room for D tiles.
    /// </summary>
    public static void Run<TLanes, TVector, T>(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        Run<TLanes, TVector, T, DistancesAlone>(block, mean, factor, deviations, whitened: null, distances);

    /// <summary>The same, and z = W (x - mu) itself into <paramref name="whitened"/> [D x Stride].</summary>
    public static void Whiten<TLanes, TVector, T>(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* whitened, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        Run<TLanes, TVector, T, WithWhitened>(block, mean, factor, deviations, whitened, distances);

    private static void Run<TLanes, TVector, T, TOutput>(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* whitened, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TOutput : struct, IOutput
    {
        switch (block.Columns)
        {
            case 1: Few<TLanes, TVector, T, OneRow, TOutput>(block, mean, factor, whitened, distances); break;
            case 2: Few<TLanes, TVector, T, TwoRows, TOutput>(block, mean, factor, whitened, distances); break;
            case 3: Few<TLanes, TVector, T, ThreeRows, TOutput>(block, mean, factor, whitened, distances); break;
            default: Many<TLanes, TVector, T, TOutput>(block, mean, factor, deviations, whitened, distances); break;
        }
    }

    // One panel is all there is. Not inlined, like its neighbors: the compiler's budget for inlining is one panel.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Few<TLanes, TVector, T, TRows, TOutput>(in PointBlock<T> block, T* mean, T* factor, T* whitened, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
        where TOutput : struct, IOutput
    {
        for (nint p = 0; p < block.Padded; p += VectorTile<TLanes, TVector, T>.Count)
        {
            Panel<TLanes, TVector, T, TRows, TOutput>(
                block.X + p, block.Stride, mean, factor, deviations: null, kept: null, keep: false, TOutput.IsWhitened ? whitened + p : null,
                VectorTile<TLanes, TVector, T>.Zero).Store(distances + p);
        }
    }

    // Panels of 4 rows, and a last one of fewer where D is no multiple of 4.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Many<TLanes, TVector, T, TOutput>(in PointBlock<T> block, T* mean, T* factor, T* deviations, T* whitened, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TOutput : struct, IOutput
    {
        nint stride = block.Stride, width = VectorTile<TLanes, TVector, T>.Count;
        var whole = block.Columns / PanelRows * PanelRows;
        for (nint p = 0; p < block.Padded; p += width)
        {
            var q = VectorTile<TLanes, TVector, T>.Zero;
            var z = TOutput.IsWhitened ? whitened + p : null;
            var x = block.X + p;
            var f = factor;
            var kept = deviations;
            for (var i0 = 0; i0 < whole; i0 += PanelRows)
            {
                q = Panel<TLanes, TVector, T, FourRows, TOutput>(
                    x, stride, mean + i0, f, deviations, kept, i0 + PanelRows < block.Columns, TOutput.IsWhitened ? z + i0 * stride : null, q);
                x += PanelRows * stride;
                f += PanelRows * (i0 + PanelRows);
                kept += PanelRows * width;
            }
            q.Store(distances + p);
            switch (block.Columns - whole)
            {
                case 1: Rest<TLanes, TVector, T, OneRow, TOutput>(x, stride, whole, mean, f, deviations, z, distances + p); break;
                case 2: Rest<TLanes, TVector, T, TwoRows, TOutput>(x, stride, whole, mean, f, deviations, z, distances + p); break;
                case 3: Rest<TLanes, TVector, T, ThreeRows, TOutput>(x, stride, whole, mean, f, deviations, z, distances + p); break;
            }
        }
    }

    // The last panel, where D is no multiple of 4.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rest<TLanes, TVector, T, TRows, TOutput>(T* x, nint stride, int i0, T* mean, T* factor, T* deviations, T* z, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
        where TOutput : struct, IOutput
    {
        var q = VectorTile<TLanes, TVector, T>.Load(distances);
        Panel<TLanes, TVector, T, TRows, TOutput>(
            x, stride, mean + i0, factor, deviations, deviations + i0 * (nint)VectorTile<TLanes, TVector, T>.Count,
            keep: false, TOutput.IsWhitened ? z + i0 * stride : null, q).Store(distances);
    }

    // q plus the squares of up to 4 rows. Deviations of earlier panels lie from deviations to kept; those formed here follow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static VectorTile<TLanes, TVector, T> Panel<TLanes, TVector, T, TRows, TOutput>(
        T* x, nint stride, T* mean, T* f, T* deviations, T* kept, bool keep, T* z, in VectorTile<TLanes, TVector, T> sum)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
        where TOutput : struct, IOutput
    {
        nint width = VectorTile<TLanes, TVector, T>.Count;
        var a = VectorTile<TLanes, TVector, T>.Zero;
        var b = VectorTile<TLanes, TVector, T>.Zero;
        var c = VectorTile<TLanes, TVector, T>.Zero;
        var e = VectorTile<TLanes, TVector, T>.Zero;
        VectorTile<TLanes, TVector, T> d;
        for (; deviations < kept; deviations += width, f += PanelRows)
        {
            d = VectorTile<TLanes, TVector, T>.Load(deviations);
            a.AddProduct(TLanes.Broadcast(f[0]), d);
            if (TRows.Count > 1) b.AddProduct(TLanes.Broadcast(f[1]), d);
            if (TRows.Count > 2) c.AddProduct(TLanes.Broadcast(f[2]), d);
            if (TRows.Count > 3) e.AddProduct(TLanes.Broadcast(f[3]), d);
        }

        // The square on the diagonal; keep: another panel is below and reads these deviations.
        d = VectorTile<TLanes, TVector, T>.Load(x).Minus(TLanes.Broadcast(mean[0]));
        if (keep) d.Store(kept);
        a.AddProduct(TLanes.Broadcast(f[0]), d);
        var q = sum;
        q.AddProduct(a, a);
        if (TOutput.IsWhitened) a.Store(z);
        if (TRows.Count > 1)
        {
            b.AddProduct(TLanes.Broadcast(f[1]), d);
            if (TRows.Count > 2) c.AddProduct(TLanes.Broadcast(f[2]), d);
            if (TRows.Count > 3) e.AddProduct(TLanes.Broadcast(f[3]), d);
            d = VectorTile<TLanes, TVector, T>.Load(x + stride).Minus(TLanes.Broadcast(mean[1]));
            if (keep) d.Store(kept + width);
            b.AddProduct(TLanes.Broadcast(f[5]), d);
            q.AddProduct(b, b);
            if (TOutput.IsWhitened) b.Store(z + stride);
        }
        if (TRows.Count > 2)
        {
            c.AddProduct(TLanes.Broadcast(f[6]), d);
            if (TRows.Count > 3) e.AddProduct(TLanes.Broadcast(f[7]), d);
            d = VectorTile<TLanes, TVector, T>.Load(x + 2 * stride).Minus(TLanes.Broadcast(mean[2]));
            if (keep) d.Store(kept + 2 * width);
            c.AddProduct(TLanes.Broadcast(f[10]), d);
            q.AddProduct(c, c);
            if (TOutput.IsWhitened) c.Store(z + 2 * stride);
        }
        if (TRows.Count > 3)
        {
            e.AddProduct(TLanes.Broadcast(f[11]), d);
            d = VectorTile<TLanes, TVector, T>.Load(x + 3 * stride).Minus(TLanes.Broadcast(mean[3]));
            if (keep) d.Store(kept + 3 * width);
            e.AddProduct(TLanes.Broadcast(f[15]), d);
            q.AddProduct(e, e);
            if (TOutput.IsWhitened) e.Store(z + 3 * stride);
        }
        return q;
    }
}
