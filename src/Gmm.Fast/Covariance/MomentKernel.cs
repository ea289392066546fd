using System.Runtime.CompilerServices;
using Gmm.Fast.Data;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// Moments of covariances with off-diagonal entries, lanes across points.
///   N += r,  F += r d,  S += (r d) d^T, one triangle,  d = x - centre   (Bishop, PRML, equations 9.25 and 9.27)
/// S is summed in panels of 4 rows: first the triangle on the diagonal, which keeps r d of its rows, then rectangles of 4 rows times 4 columns
/// where there are 32 registers; 3 times 3 where there are 16. At the end of a block the sums over its lanes are added up and join the statistics.
/// Rejected: lanes across features (a tile of 8 x 8 on the diagonal
/// wastes 20 % of the products at D = 32); e = sqrt(r) d for both sides of a product (the root, and F needs the
/// multiplier); keeping d (it leaves the first-level cache and comes back, while a subtraction beside four products costs nothing where adders are
/// not multipliers).
/// </summary>
internal static unsafe class MomentKernel
{
    private const int PanelRows = 4;

    // With 16 registers: 9 sums, 3 columns, their 3 centres and one row are exactly 16. Four rows times two columns had 8 sums, none to spare for
    // the latency of the products, and reached 55 % of the peak.
    private const int FewRegistersRows = 3;

    /// <summary>Columns of scratch: r d of one panel, the rows of each vector of points one after the other.</summary>
    public const int ScratchColumns = PanelRows;

    /// <summary>
    /// Adds a block to <paramref name="sums"/> [1 + D + D(D+1)/2]. <paramref name="shares"/> and <paramref name="scales"/> [Padded], the shares become
    /// responsibilities where there is more than one panel; <paramref name="center"/> [D]; <paramref name="scratch"/> [ScratchColumns x Stride];
    /// <paramref name="tile"/> [LaneSum.TileLength].
    /// </summary>
    public static void Run<TLanes, TVector, T>(in ColumnBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var (dimension, i0) = (block.Columns, 0);
        if (TLanes.HasManyRegisters)
        {
            for (; i0 + PanelRows <= dimension; i0 += PanelRows)
                Panel<TLanes, TVector, T, FourRows>(block, i0, shares, scales, center, scratch, tile, sums);
        }
        else
        {
            for (; i0 + FewRegistersRows <= dimension; i0 += FewRegistersRows)
                Panel<TLanes, TVector, T, ThreeRows>(block, i0, shares, scales, center, scratch, tile, sums);
        }
        switch (dimension - i0)
        {
            case 3: Panel<TLanes, TVector, T, ThreeRows>(block, i0, shares, scales, center, scratch, tile, sums); break;
            case 2: Panel<TLanes, TVector, T, TwoRows>(block, i0, shares, scales, center, scratch, tile, sums); break;
            case 1: Panel<TLanes, TVector, T, OneRow>(block, i0, shares, scales, center, scratch, tile, sums); break;
        }
    }

    private static void Panel<TLanes, TVector, T, TRows>(in ColumnBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        nint n = LaneSum.PartialsOf<T>();
        for (nint slot = 0; slot < n; slot += TLanes.Count) Triangle<TLanes, TVector, T, TRows>(block, slot, i0, shares, scales, center, rd, tile);
        AddTriangle<T, TRows>(tile, i0, sums, block.Columns);

        // All slots of the same columns in turn: narrow vectors find them in the first-level cache.
        var columns = TLanes.HasManyRegisters ? PanelRows : FewRegistersRows;
        for (var j0 = 0; j0 < i0; j0 += columns)
        {
            for (nint slot = 0; slot < n; slot += TLanes.Count)
            {
                if (TLanes.HasManyRegisters) Rectangle<TLanes, TVector, T, TRows>(block, slot, j0, center, rd, tile);
                else Square<TLanes, TVector, T, TRows>(block, slot, j0, center, rd, tile);
            }
            if (TLanes.HasManyRegisters) AddTile<T, TRows>(tile, Entry(sums, block.Columns, i0, j0), i0);
            else AddSquare<T, TRows>(tile, Entry(sums, block.Columns, i0, j0), i0);
        }
    }

    // Not inlined, like the other loop: the compiler's budget for inlining is one of them.
    // The square on the diagonal from row i0: r d of its rows, F, and those of its entries of S that are not above the diagonal. The first one makes
    // responsibilities of the shares, and N.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Triangle<TLanes, TVector, T, TRows>(
        in ColumnBlock<T> block, nint slot, int i0, T* shares, T* scales, T* center, T* rd, double* tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>(), padded = block.Padded;
        var x = block.X + i0 * stride;
        var keep = block.Columns > TRows.Count;
        TVector m0 = TLanes.Broadcast(center[i0]), m1 = TLanes.Zero, m2 = TLanes.Zero, m3 = TLanes.Zero;
        if (TRows.Count > 1) m1 = TLanes.Broadcast(center[i0 + 1]);
        if (TRows.Count > 2) m2 = TLanes.Broadcast(center[i0 + 2]);
        if (TRows.Count > 3) m3 = TLanes.Broadcast(center[i0 + 3]);
        var count = TLanes.Zero;
        TVector f0 = TLanes.Zero, f1 = TLanes.Zero, f2 = TLanes.Zero, f3 = TLanes.Zero;
        TVector s00 = TLanes.Zero, s10 = TLanes.Zero, s11 = TLanes.Zero, s20 = TLanes.Zero, s21 = TLanes.Zero;
        TVector s22 = TLanes.Zero, s30 = TLanes.Zero, s31 = TLanes.Zero, s32 = TLanes.Zero, s33 = TLanes.Zero;
        for (var p = slot; p < padded; p += n)
        {
            var r = TLanes.Load(shares + p);
            if (i0 == 0)
            {
                r = TLanes.Multiply(r, TLanes.Load(scales + p));
                if (keep) TLanes.Store(shares + p, r);
                count = TLanes.Add(count, r);
            }
            var d0 = TLanes.Subtract(TLanes.Load(x + p), m0);
            var w = TLanes.Multiply(r, d0);
            if (keep) TLanes.Store(rd + PanelRows * p, w);
            f0 = TLanes.Add(f0, w);
            s00 = TLanes.Fma(w, d0, s00);
            if (TRows.Count == 1) continue;

            var d1 = TLanes.Subtract(TLanes.Load(x + stride + p), m1);
            w = TLanes.Multiply(r, d1);
            if (keep) TLanes.Store(rd + PanelRows * p + TLanes.Count, w);
            f1 = TLanes.Add(f1, w);
            s10 = TLanes.Fma(w, d0, s10);
            s11 = TLanes.Fma(w, d1, s11);
            if (TRows.Count == 2) continue;

            var d2 = TLanes.Subtract(TLanes.Load(x + 2 * stride + p), m2);
            w = TLanes.Multiply(r, d2);
            if (keep) TLanes.Store(rd + PanelRows * p + 2 * TLanes.Count, w);
            f2 = TLanes.Add(f2, w);
            s20 = TLanes.Fma(w, d0, s20);
            s21 = TLanes.Fma(w, d1, s21);
            s22 = TLanes.Fma(w, d2, s22);
            if (TRows.Count == 3) continue;

            var d3 = TLanes.Subtract(TLanes.Load(x + 3 * stride + p), m3);
            w = TLanes.Multiply(r, d3);
            if (keep) TLanes.Store(rd + PanelRows * p + 3 * TLanes.Count, w);
            f3 = TLanes.Add(f3, w);
            s30 = TLanes.Fma(w, d0, s30);
            s31 = TLanes.Fma(w, d1, s31);
            s32 = TLanes.Fma(w, d2, s32);
            s33 = TLanes.Fma(w, d3, s33);
        }

        var next = tile + slot;
        Put<TLanes, TVector, T>(ref next, count);
        Put<TLanes, TVector, T>(ref next, f0);
        Put<TLanes, TVector, T>(ref next, s00);
        if (TRows.Count == 1) return;
        Put<TLanes, TVector, T>(ref next, f1);
        Put<TLanes, TVector, T>(ref next, s10);
        Put<TLanes, TVector, T>(ref next, s11);
        if (TRows.Count == 2) return;
        Put<TLanes, TVector, T>(ref next, f2);
        Put<TLanes, TVector, T>(ref next, s20);
        Put<TLanes, TVector, T>(ref next, s21);
        Put<TLanes, TVector, T>(ref next, s22);
        if (TRows.Count == 3) return;
        Put<TLanes, TVector, T>(ref next, f3);
        Put<TLanes, TVector, T>(ref next, s30);
        Put<TLanes, TVector, T>(ref next, s31);
        Put<TLanes, TVector, T>(ref next, s32);
        Put<TLanes, TVector, T>(ref next, s33);
    }

    // Rows from i0, whose r d are known, times a tile of columns from j0, all below the diagonal.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rectangle<TLanes, TVector, T, TRows>(in ColumnBlock<T> block, nint slot, int j0, T* center, T* rd, double* tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>();
        var mean = VectorTile<TLanes, TVector, T>.BroadcastEach(center + j0);
        var a = VectorTile<TLanes, TVector, T>.Zero;
        var b = VectorTile<TLanes, TVector, T>.Zero;
        var c = VectorTile<TLanes, TVector, T>.Zero;
        var e = VectorTile<TLanes, TVector, T>.Zero;
        // Base addresses and one index: nothing but the index moves.
        var c0 = block.X + j0 * stride;
        T* c1 = c0 + stride, c2 = c1 + stride, c3 = c2 + stride;
        for (nint p = slot, padded = block.Padded; p < padded; p += n)
        {
            var v = VectorTile<TLanes, TVector, T>.Load(c0 + p, c1 + p, c2 + p, c3 + p).Minus(mean);
            var rows = rd + PanelRows * p;
            a = a.PlusProduct(TLanes.Load(rows), v);
            if (TRows.Count > 1) b = b.PlusProduct(TLanes.Load(rows + TLanes.Count), v);
            if (TRows.Count > 2) c = c.PlusProduct(TLanes.Load(rows + 2 * TLanes.Count), v);
            if (TRows.Count > 3) e = e.PlusProduct(TLanes.Load(rows + 3 * TLanes.Count), v);
        }
        var next = tile + slot;
        var row = n * VectorTile<TLanes, TVector, T>.Vectors;
        a.StoreWide(next, n);
        if (TRows.Count > 1) b.StoreWide(next + row, n);
        if (TRows.Count > 2) c.StoreWide(next + 2 * row, n);
        if (TRows.Count > 3) e.StoreWide(next + 3 * row, n);
    }

    // The same for 16 registers: up to 3 rows times 3 columns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Square<TLanes, TVector, T, TRows>(in ColumnBlock<T> block, nint slot, int j0, T* center, T* rd, double* tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>();
        TVector m0 = TLanes.Broadcast(center[j0]), m1 = TLanes.Broadcast(center[j0 + 1]), m2 = TLanes.Broadcast(center[j0 + 2]);
        TVector a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero;
        TVector b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero;
        TVector c0 = TLanes.Zero, c1 = TLanes.Zero, c2 = TLanes.Zero;
        T* x0 = block.X + j0 * stride, x1 = x0 + stride, x2 = x1 + stride;
        for (nint p = slot, padded = block.Padded; p < padded; p += n)
        {
            var v0 = TLanes.Subtract(TLanes.Load(x0 + p), m0);
            var v1 = TLanes.Subtract(TLanes.Load(x1 + p), m1);
            var v2 = TLanes.Subtract(TLanes.Load(x2 + p), m2);
            var row = TLanes.Load(rd + PanelRows * p);
            a0 = TLanes.Fma(row, v0, a0);
            a1 = TLanes.Fma(row, v1, a1);
            a2 = TLanes.Fma(row, v2, a2);
            if (TRows.Count == 1) continue;
            row = TLanes.Load(rd + PanelRows * p + TLanes.Count);
            b0 = TLanes.Fma(row, v0, b0);
            b1 = TLanes.Fma(row, v1, b1);
            b2 = TLanes.Fma(row, v2, b2);
            if (TRows.Count == 2) continue;
            row = TLanes.Load(rd + PanelRows * p + 2 * TLanes.Count);
            c0 = TLanes.Fma(row, v0, c0);
            c1 = TLanes.Fma(row, v1, c1);
            c2 = TLanes.Fma(row, v2, c2);
        }
        var next = tile + slot;
        Put<TLanes, TVector, T>(ref next, a0);
        Put<TLanes, TVector, T>(ref next, a1);
        Put<TLanes, TVector, T>(ref next, a2);
        if (TRows.Count == 1) return;
        Put<TLanes, TVector, T>(ref next, b0);
        Put<TLanes, TVector, T>(ref next, b1);
        Put<TLanes, TVector, T>(ref next, b2);
        if (TRows.Count == 2) return;
        Put<TLanes, TVector, T>(ref next, c0);
        Put<TLanes, TVector, T>(ref next, c1);
        Put<TLanes, TVector, T>(ref next, c2);
    }

    // The partials of the next sum of a tile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLanes, TVector, T>(ref double* next, TVector sum)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        TLanes.StoreWide(next, sum);
        next += LaneSum.PartialsOf<T>();
    }

    // N, then row after row F and the entries of S. N is the same in every panel, and belongs to the first.
    private static void AddTriangle<T, TRows>(double* tile, int i0, double* sums, int dimension)
        where T : unmanaged
        where TRows : struct, IRows
    {
        LaneSum.Fold<T>(tile, 1 + TRows.Count + PackedLower.Length(TRows.Count));
        if (i0 == 0) sums[0] += tile[0];
        var next = tile + 1;
        for (var i = i0; i < i0 + TRows.Count; i++)
        {
            sums[1 + i] += *next++;
            var entries = Entry(sums, dimension, i, i0);
            for (var j = 0; j <= i - i0; j++) entries[j] += *next++;
        }
    }

    // Rows of 4 sums; entry: of the first row and column, a row is one longer than the one above.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddTile<T, TRows>(double* tile, double* entry, int row)
        where T : unmanaged
        where TRows : struct, IRows
    {
        for (var i = 0; i < TRows.Count; i++, tile += 4 * LaneSum.PartialsOf<T>(), entry += row + i)
            LaneSum.AddFour<T>(tile, entry);
    }

    // The same for rows of 3.
    private static void AddSquare<T, TRows>(double* tile, double* entry, int row)
        where T : unmanaged
        where TRows : struct, IRows
    {
        LaneSum.Fold<T>(tile, TRows.Count * FewRegistersRows);
        for (var i = 0; i < TRows.Count; i++, tile += FewRegistersRows, entry += row + i)
        {
            for (var j = 0; j < FewRegistersRows; j++) entry[j] += tile[j];
        }
    }

    private static double* Entry(double* sums, int dimension, int i, int j) => sums + 1 + dimension + PackedLower.Index(i, j);
}
