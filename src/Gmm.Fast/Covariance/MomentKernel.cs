using System.Runtime.CompilerServices;
using Gmm.Fast.Data;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// Moments of covariances with off-diagonal entries, lanes across points.
///   N += r,  F += r d,  S += (r d) d^T, one triangle,  d = x - centre   (Bishop, PRML, equations 9.25 and 9.27)
/// S is summed in panels of 4 rows: first the triangle on the diagonal, which keeps r d of its rows, then rectangles of 4 rows times 4 columns
/// where there are 32 registers, times 2 where there are 16. Every lane keeps a sum of its own (partial) until the shard is done.
/// Rejected: horizontal sums per block (as dear as a third of the products at 192 points); lanes across features (a tile of 8 x 8 on the diagonal
/// wastes 20 % of the products at D = 32); e = sqrt(r) d for both sides of a product (the root, and F needs the
/// multiplier); keeping d (it leaves the first-level cache and comes back, while a subtraction beside four products costs nothing where adders are
/// not multipliers).
/// </summary>
internal static unsafe class MomentKernel
{
    private const int PanelRows = 4;

    /// <summary>Columns of scratch: r d of one panel, the rows of each vector of points one after the other.</summary>
    public const int ScratchColumns = PanelRows;

    /// <summary>
    /// Adds a block to <paramref name="partials"/> [(1 + D + D(D+1)/2) x partials of T]. <paramref name="shares"/> and
    /// <paramref name="scales"/> [Padded], the shares become responsibilities where there is more than one panel; <paramref name="center"/> [D];
    /// <paramref name="scratch"/> [ScratchColumns x Stride].
    /// </summary>
    public static void Run<TLanes, TVector, T>(in ColumnBlock<T> block, T* shares, T* scales, T* center, T* scratch, double* partials)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var (dimension, i0) = (block.Columns, 0);
        for (; i0 + PanelRows <= dimension; i0 += PanelRows)
            Panel<TLanes, TVector, T, FourRows>(block, i0, shares, scales, center, scratch, partials);
        switch (dimension - i0)
        {
            case 3: Panel<TLanes, TVector, T, ThreeRows>(block, i0, shares, scales, center, scratch, partials); break;
            case 2: Panel<TLanes, TVector, T, TwoRows>(block, i0, shares, scales, center, scratch, partials); break;
            case 1: Panel<TLanes, TVector, T, OneRow>(block, i0, shares, scales, center, scratch, partials); break;
        }
    }

    private static void Panel<TLanes, TVector, T, TRows>(in ColumnBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* partials)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>();
        var second = partials + (1 + block.Columns) * n;
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            if (TLanes.HasManyRegisters || TRows.Count < PanelRows)
            {
                Triangle<TLanes, TVector, T, TRows>(block, slot, i0, shares, scales, center, rd, partials, second);
            }
            else
            {
                // Ten sums and their operands are too many: two triangles of two rows and the square below the first.
                Triangle<TLanes, TVector, T, TwoRows>(block, slot, i0, shares, scales, center, rd, partials, second);
                Triangle<TLanes, TVector, T, TwoRows>(block, slot, i0 + 2, shares, scales, center, rd + 2 * TLanes.Count, partials, second);
                Rectangle<TLanes, TVector, T, TwoRows>(block, slot, i0 + 2, i0, center, rd + 2 * TLanes.Count, second);
            }
        }

        // All slots of the same columns in turn: narrow vectors find them in the first-level cache.
        for (var j0 = 0; j0 < i0; j0 += VectorTile<TLanes, TVector, T>.Vectors)
        {
            for (nint slot = 0; slot < n; slot += TLanes.Count) Rectangle<TLanes, TVector, T, TRows>(block, slot, i0, j0, center, rd, second);
        }
    }

    // Not inlined, like the other loop: the compiler's budget for inlining is one of them.
    // The square on the diagonal from row i0: r d of its rows, F, and those of its entries of S that are not above the diagonal. The first one makes
    // responsibilities of the shares, and N.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Triangle<TLanes, TVector, T, TRows>(
        in ColumnBlock<T> block, nint slot, int i0, T* shares, T* scales, T* center, T* rd, double* partials, double* second)
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

        if (i0 == 0) TLanes.AddTo(partials + slot, count);
        var first = partials + (1 + i0) * n + slot;
        TLanes.AddTo(first, f0);
        TLanes.AddTo(Entry(second, i0, i0, n) + slot, s00);
        if (TRows.Count == 1) return;
        TLanes.AddTo(first + n, f1);
        var row = Entry(second, i0 + 1, i0, n) + slot;
        TLanes.AddTo(row, s10);
        TLanes.AddTo(row + n, s11);
        if (TRows.Count == 2) return;
        TLanes.AddTo(first + 2 * n, f2);
        row = Entry(second, i0 + 2, i0, n) + slot;
        TLanes.AddTo(row, s20);
        TLanes.AddTo(row + n, s21);
        TLanes.AddTo(row + 2 * n, s22);
        if (TRows.Count == 3) return;
        TLanes.AddTo(first + 3 * n, f3);
        row = Entry(second, i0 + 3, i0, n) + slot;
        TLanes.AddTo(row, s30);
        TLanes.AddTo(row + n, s31);
        TLanes.AddTo(row + 2 * n, s32);
        TLanes.AddTo(row + 3 * n, s33);
    }

    // Rows from i0, whose r d are known, times a tile of columns from j0, all below the diagonal.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Rectangle<TLanes, TVector, T, TRows>(in ColumnBlock<T> block, nint slot, int i0, int j0, T* center, T* rd, double* second)
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
        a.AddTo(Entry(second, i0, j0, n) + slot, n);
        if (TRows.Count > 1) b.AddTo(Entry(second, i0 + 1, j0, n) + slot, n);
        if (TRows.Count > 2) c.AddTo(Entry(second, i0 + 2, j0, n) + slot, n);
        if (TRows.Count > 3) e.AddTo(Entry(second, i0 + 3, j0, n) + slot, n);
    }

    private static double* Entry(double* second, int i, int j, nint n) => second + PackedLower.Index(i, j) * n;
}
