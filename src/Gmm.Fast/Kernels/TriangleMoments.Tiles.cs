using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <content>
/// Loops over the points of a block. None is inlined: one of them fills the compiler's budget. A loop leaves the partial sums of its tile in
/// <c>tile</c> [TileLength], slot after slot, so narrow vectors find the columns in the first-level cache.
/// Deviations are formed as center - x, which takes x from memory in the same instruction. So r d has the other sign too: F subtracts it, and in
/// the products of S it cancels. No bit depends on it.
/// </content>
internal readonly unsafe partial struct TriangleMoments<TLanes, TVector, T>
{
    // Sums the square on the diagonal from row i0: -r d of its rows, F, and its entries of S that are not above the diagonal.
    [MethodImpl(Compiled.Once)]
    private static void Triangle<TRows, TPlace>(
        in PointBlock<T> block, int i0, T* shares, T* scales, T* center, T* rd, double* tile)
        where TRows : struct, IRowCount
        where TPlace : struct, IPanelPlace
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>(), padded = block.Padded;
        T* x0 = block.X + i0 * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
        TVector m0 = TLanes.Broadcast(center[i0]), m1 = TLanes.Zero, m2 = TLanes.Zero, m3 = TLanes.Zero;
        if (TRows.Count > 1) m1 = TLanes.Broadcast(center[i0 + 1]);
        if (TRows.Count > 2) m2 = TLanes.Broadcast(center[i0 + 2]);
        if (TRows.Count > 3) m3 = TLanes.Broadcast(center[i0 + 3]);
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            var count = TLanes.Zero;
            TVector f0 = TLanes.Zero, f1 = TLanes.Zero, f2 = TLanes.Zero, f3 = TLanes.Zero;
            TVector s00 = TLanes.Zero, s10 = TLanes.Zero, s11 = TLanes.Zero, s20 = TLanes.Zero, s21 = TLanes.Zero;
            TVector s22 = TLanes.Zero, s30 = TLanes.Zero, s31 = TLanes.Zero, s32 = TLanes.Zero, s33 = TLanes.Zero;
            var row = rd + KeptRows() * slot;
            for (var p = slot; p < padded; p += n, row += KeptRows() * n)
            {
                var r = TLanes.Load(shares + p);
                if (TPlace.FormsResponsibilities)
                {
                    r = TLanes.Multiply(r, TLanes.Load(scales + p));
                    if (TPlace.HasLaterPanels) TLanes.Store(shares + p, r);
                    count = TLanes.Add(count, r);
                }
                var d0 = TLanes.Subtract(m0, TLanes.Load(x0 + p));
                var w = TLanes.Multiply(r, d0);
                if (!TPlace.FormsResponsibilities) TLanes.Store(row, w);
                f0 = TLanes.Subtract(f0, w);
                s00 = TLanes.Fma(w, d0, s00);
                if (TRows.Count == 1) continue;

                var d1 = TLanes.Subtract(m1, TLanes.Load(x1 + p));
                w = TLanes.Multiply(r, d1);
                if (!TPlace.FormsResponsibilities) TLanes.Store(row + TLanes.Count, w);
                f1 = TLanes.Subtract(f1, w);
                s10 = TLanes.Fma(w, d0, s10);
                s11 = TLanes.Fma(w, d1, s11);
                if (TRows.Count == 2) continue;

                var d2 = TLanes.Subtract(m2, TLanes.Load(x2 + p));
                w = TLanes.Multiply(r, d2);
                if (!TPlace.FormsResponsibilities) TLanes.Store(row + 2 * TLanes.Count, w);
                f2 = TLanes.Subtract(f2, w);
                s20 = TLanes.Fma(w, d0, s20);
                s21 = TLanes.Fma(w, d1, s21);
                s22 = TLanes.Fma(w, d2, s22);
                if (TRows.Count == 3) continue;

                var d3 = TLanes.Subtract(m3, TLanes.Load(x3 + p));
                w = TLanes.Multiply(r, d3);
                if (!TPlace.FormsResponsibilities) TLanes.Store(row + 3 * TLanes.Count, w);
                f3 = TLanes.Subtract(f3, w);
                s30 = TLanes.Fma(w, d0, s30);
                s31 = TLanes.Fma(w, d1, s31);
                s32 = TLanes.Fma(w, d2, s32);
                s33 = TLanes.Fma(w, d3, s33);
            }

            var next = tile + slot;
            LaneSum.Put<TLanes, TVector, T>(ref next, count);
            LaneSum.Put<TLanes, TVector, T>(ref next, f0);
            if (TRows.Count > 1) LaneSum.Put<TLanes, TVector, T>(ref next, f1);
            if (TRows.Count > 2) LaneSum.Put<TLanes, TVector, T>(ref next, f2);
            if (TRows.Count > 3) LaneSum.Put<TLanes, TVector, T>(ref next, f3);
            LaneSum.Put<TLanes, TVector, T>(ref next, s00);
            if (TRows.Count == 1) continue;
            LaneSum.Put<TLanes, TVector, T>(ref next, s10);
            LaneSum.Put<TLanes, TVector, T>(ref next, s11);
            if (TRows.Count == 2) continue;
            LaneSum.Put<TLanes, TVector, T>(ref next, s20);
            LaneSum.Put<TLanes, TVector, T>(ref next, s21);
            LaneSum.Put<TLanes, TVector, T>(ref next, s22);
            if (TRows.Count == 3) continue;
            LaneSum.Put<TLanes, TVector, T>(ref next, s30);
            LaneSum.Put<TLanes, TVector, T>(ref next, s31);
            LaneSum.Put<TLanes, TVector, T>(ref next, s32);
            LaneSum.Put<TLanes, TVector, T>(ref next, s33);
        }
    }

    // Sums rows whose -r d are in rd times a tile of columns from j0, all below the diagonal.
    [MethodImpl(Compiled.Once)]
    private static void Rectangle<TRows>(in PointBlock<T> block, int j0, T* center, T* rd, double* tile)
        where TRows : struct, IRowCount
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>();
        var mean = VectorTile<TLanes, TVector, T>.BroadcastEach(center + j0);
        // Four base addresses and one index: only the index changes in the loop.
        var c0 = block.X + j0 * stride;
        T* c1 = c0 + stride, c2 = c1 + stride, c3 = c2 + stride;
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            var a = VectorTile<TLanes, TVector, T>.Zero;
            var b = VectorTile<TLanes, TVector, T>.Zero;
            var c = VectorTile<TLanes, TVector, T>.Zero;
            var e = VectorTile<TLanes, TVector, T>.Zero;
            for (nint p = slot, padded = block.Padded; p < padded; p += n)
            {
                var v = mean.Minus(VectorTile<TLanes, TVector, T>.Load(c0 + p, c1 + p, c2 + p, c3 + p));
                var rows = rd + KeptRows() * p;
                a.AddProduct(TLanes.Load(rows), v);
                if (TRows.Count > 1) b.AddProduct(TLanes.Load(rows + TLanes.Count), v);
                if (TRows.Count > 2) c.AddProduct(TLanes.Load(rows + 2 * TLanes.Count), v);
                if (TRows.Count > 3) e.AddProduct(TLanes.Load(rows + 3 * TLanes.Count), v);
            }
            var next = tile + slot;
            var row = n * VectorTile<TLanes, TVector, T>.Vectors;
            a.StoreWide(next, n);
            if (TRows.Count > 1) b.StoreWide(next + row, n);
            if (TRows.Count > 2) c.StoreWide(next + 2 * row, n);
            if (TRows.Count > 3) e.StoreWide(next + 3 * row, n);
        }
    }

    // Sums up to 3 rows whose -r d are in rd times 3 columns from j0, for 16 registers.
    [MethodImpl(Compiled.Once)]
    private static void Square<TRows>(in PointBlock<T> block, int j0, T* center, T* rd, double* tile)
        where TRows : struct, IRowCount
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>();
        TVector m0 = TLanes.Broadcast(center[j0]), m1 = TLanes.Broadcast(center[j0 + 1]), m2 = TLanes.Broadcast(center[j0 + 2]);
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            TVector a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero;
            TVector b0 = TLanes.Zero, b1 = TLanes.Zero, b2 = TLanes.Zero;
            TVector c0 = TLanes.Zero, c1 = TLanes.Zero, c2 = TLanes.Zero;
            T* x0 = block.X + j0 * stride, x1 = x0 + stride, x2 = x1 + stride;
            for (nint p = slot, padded = block.Padded; p < padded; p += n)
            {
                var v0 = TLanes.Subtract(m0, TLanes.Load(x0 + p));
                var v1 = TLanes.Subtract(m1, TLanes.Load(x1 + p));
                var v2 = TLanes.Subtract(m2, TLanes.Load(x2 + p));
                var row = TLanes.Load(rd + KeptRows() * p);
                a0 = TLanes.Fma(row, v0, a0);
                a1 = TLanes.Fma(row, v1, a1);
                a2 = TLanes.Fma(row, v2, a2);
                if (TRows.Count == 1) continue;
                row = TLanes.Load(rd + KeptRows() * p + TLanes.Count);
                b0 = TLanes.Fma(row, v0, b0);
                b1 = TLanes.Fma(row, v1, b1);
                b2 = TLanes.Fma(row, v2, b2);
                if (TRows.Count == 2) continue;
                row = TLanes.Load(rd + KeptRows() * p + 2 * TLanes.Count);
                c0 = TLanes.Fma(row, v0, c0);
                c1 = TLanes.Fma(row, v1, c1);
                c2 = TLanes.Fma(row, v2, c2);
            }
            var next = tile + slot;
            LaneSum.Put<TLanes, TVector, T>(ref next, a0);
            LaneSum.Put<TLanes, TVector, T>(ref next, a1);
            LaneSum.Put<TLanes, TVector, T>(ref next, a2);
            if (TRows.Count == 1) continue;
            LaneSum.Put<TLanes, TVector, T>(ref next, b0);
            LaneSum.Put<TLanes, TVector, T>(ref next, b1);
            LaneSum.Put<TLanes, TVector, T>(ref next, b2);
            if (TRows.Count == 2) continue;
            LaneSum.Put<TLanes, TVector, T>(ref next, c0);
            LaneSum.Put<TLanes, TVector, T>(ref next, c1);
            LaneSum.Put<TLanes, TVector, T>(ref next, c2);
        }
    }

    // Sums two panels of 3 rows whose -r d are in rd times two columns from j0.
    [MethodImpl(Compiled.Once)]
    private static void Strip(in PointBlock<T> block, int j0, T* center, T* rd, double* tile)
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>();
        TVector m0 = TLanes.Broadcast(center[j0]), m1 = TLanes.Broadcast(center[j0 + 1]);
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            TVector a0 = TLanes.Zero, a1 = TLanes.Zero, b0 = TLanes.Zero, b1 = TLanes.Zero, c0 = TLanes.Zero, c1 = TLanes.Zero;
            TVector d0 = TLanes.Zero, d1 = TLanes.Zero, e0 = TLanes.Zero, e1 = TLanes.Zero, f0 = TLanes.Zero, f1 = TLanes.Zero;
            T* x0 = block.X + j0 * stride, x1 = x0 + stride;
            var rows = rd + KeptRows() * slot;
            for (nint p = slot, padded = block.Padded; p < padded; p += n, rows += KeptRows() * n)
            {
                var v0 = TLanes.Subtract(m0, TLanes.Load(x0 + p));
                var v1 = TLanes.Subtract(m1, TLanes.Load(x1 + p));
                var row = TLanes.Load(rows);
                a0 = TLanes.Fma(row, v0, a0);
                a1 = TLanes.Fma(row, v1, a1);
                row = TLanes.Load(rows + TLanes.Count);
                b0 = TLanes.Fma(row, v0, b0);
                b1 = TLanes.Fma(row, v1, b1);
                row = TLanes.Load(rows + 2 * TLanes.Count);
                c0 = TLanes.Fma(row, v0, c0);
                c1 = TLanes.Fma(row, v1, c1);
                row = TLanes.Load(rows + 3 * TLanes.Count);
                d0 = TLanes.Fma(row, v0, d0);
                d1 = TLanes.Fma(row, v1, d1);
                row = TLanes.Load(rows + 4 * TLanes.Count);
                e0 = TLanes.Fma(row, v0, e0);
                e1 = TLanes.Fma(row, v1, e1);
                row = TLanes.Load(rows + 5 * TLanes.Count);
                f0 = TLanes.Fma(row, v0, f0);
                f1 = TLanes.Fma(row, v1, f1);
            }
            var next = tile + slot;
            LaneSum.Put<TLanes, TVector, T>(ref next, a0);
            LaneSum.Put<TLanes, TVector, T>(ref next, a1);
            LaneSum.Put<TLanes, TVector, T>(ref next, b0);
            LaneSum.Put<TLanes, TVector, T>(ref next, b1);
            LaneSum.Put<TLanes, TVector, T>(ref next, c0);
            LaneSum.Put<TLanes, TVector, T>(ref next, c1);
            LaneSum.Put<TLanes, TVector, T>(ref next, d0);
            LaneSum.Put<TLanes, TVector, T>(ref next, d1);
            LaneSum.Put<TLanes, TVector, T>(ref next, e0);
            LaneSum.Put<TLanes, TVector, T>(ref next, e1);
            LaneSum.Put<TLanes, TVector, T>(ref next, f0);
            LaneSum.Put<TLanes, TVector, T>(ref next, f1);
        }
    }

    // Counts the rows of r d that lie side by side in scratch.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KeptRows() => TLanes.HasManyRegisters ? PanelRows : StripRows;
}
