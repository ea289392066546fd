using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>Adds N, F and the diagonal of S of the active components.</summary>
internal readonly struct DiagonalMoments<TLanes, TVector, T> : IMoments<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Accumulate(in PointBlock<T> block, in MomentArguments<T> arguments) =>
        ColumnMoments<TLanes, TVector, T>.Accumulate(block, arguments, secondStep: 1);
}

/// <summary>Adds N, F and the trace of S of the active components.</summary>
internal readonly struct TraceMoments<TLanes, TVector, T> : IMoments<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Accumulate(in PointBlock<T> block, in MomentArguments<T> arguments) =>
        ColumnMoments<TLanes, TVector, T>.Accumulate(block, arguments, secondStep: 0);
}

/// <summary>
/// Sums the moments of covariances without off-diagonal entries, lanes across points.
///   N += r,  F_j += r d_j,  S_jj += r d_j^2,  d = x - center   (Bishop, PRML, equations 9.24, 9.25 and 9.27)
/// The kernel is not inlined, for the reason of <see cref="ScaledDeviations{TLanes, TVector, T}"/>.
/// </summary>
internal static unsafe class ColumnMoments<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Adds the moments of a block to the sums and turns shares into responsibilities. Four dimensions at a time go through all components: their
    /// columns stay in the first-level cache, and eight sums hide the latency of the products. Eight go where vectors have registers for their sums:
    /// the end of a loop, which no processor foresees, comes half as often. Every dimension is summed alone, so the groups decide no bits.
    /// </summary>
    /// <param name="block">The points.</param>
    /// <param name="arguments">The sums are [K x (1 + D + D)], or [K x (1 + D + 1)] with a trace.</param>
    /// <param name="secondStep">1 to keep the diagonal of S, 0 to keep its trace.</param>
    public static void Accumulate(in PointBlock<T> block, in MomentArguments<T> arguments, nint secondStep)
    {
        var j = 0;
        if (TLanes.HasManyRegisters)
        {
            for (; j + EightRows.Count <= block.Columns; j += EightRows.Count)
                Group<EightRows>(block, j, arguments, secondStep);
        }
        for (; j + FourRows.Count <= block.Columns; j += FourRows.Count)
            Group<FourRows>(block, j, arguments, secondStep);
        switch (block.Columns - j)
        {
            case 3: Group<ThreeRows>(block, j, arguments, secondStep); break;
            case 2: Group<TwoRows>(block, j, arguments, secondStep); break;
            case 1: Group<OneRow>(block, j, arguments, secondStep); break;
        }
    }

    // Adds the moments of all components in dimensions j to j + TRows.Count - 1.
    private static void Group<TRows>(in PointBlock<T> block, int j, in MomentArguments<T> arguments, nint secondStep)
        where TRows : struct, IRowCount
    {
        nint length = 1 + block.Columns + (secondStep == 0 ? 1 : block.Columns);
        for (nint a = 0; a < arguments.Active.Count; a++)
        {
            nint k = arguments.Active.Indices[a];
            T* shares = arguments.Joint + a * block.Stride, center = arguments.Centers + k * block.Columns;
            if (j > 0) Dimensions<TRows, LaterPanel>(block, j, shares, arguments.Scales, center, arguments.Tile);
            else if (block.Columns > TRows.Count) Dimensions<TRows, FirstPanel>(block, j, shares, arguments.Scales, center, arguments.Tile);
            else Dimensions<TRows, OnlyPanel>(block, j, shares, arguments.Scales, center, arguments.Tile);
            AddGroup<TRows>(arguments.Tile, j, arguments.Sums + k * length, block.Columns, secondStep);
        }
    }

    // Adds a tile to the sums: N, which only the first group has, F, and the second moments or their trace.
    [MethodImpl(Compiled.Once)]
    private static void AddGroup<TRows>(double* tile, int j, double* sums, int dimension, nint secondStep)
        where TRows : struct, IRowCount
    {
        var n = LaneSum.PartialsOf<T>();
        if (j == 0) LaneSum.Add<T>(tile, sums, 1);
        AddRows<TRows>(tile += n, sums + 1 + j);
        tile += TRows.Count * n;
        var second = sums + 1 + dimension;
        if (secondStep != 0)
        {
            AddRows<TRows>(tile, second + j);
            return;
        }
        for (var i = 0; i < TRows.Count; i++, tile += n) LaneSum.Add<T>(tile, second, 1);
    }

    // Adds the trees of the rows, of which four go together.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRows<TRows>(double* tile, double* sums)
        where TRows : struct, IRowCount
    {
        LaneSum.Add<T>(tile, sums, Math.Min(TRows.Count, FourRows.Count));
        if (TRows.Count > FourRows.Count)
            LaneSum.Add<T>(tile + FourRows.Count * LaneSum.PartialsOf<T>(), sums + FourRows.Count, TRows.Count - FourRows.Count);
    }

    // Sums r, r d for each dimension and r d^2 for each, of one component. The loop computes -d, so that the subtraction takes x from memory in the
    // same instruction, and subtracts every term of that sign. No bit depends on it.
    [MethodImpl(Compiled.Once)]
    private static void Dimensions<TRows, TPlace>(
        in PointBlock<T> block, int j, T* shares, T* scales, T* center, double* tile)
        where TRows : struct, IRowCount
        where TPlace : struct, IPanelPlace
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>(), padded = block.Padded;
        T* x0 = block.X + j * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
        T* x4 = x3 + stride, x5 = x4 + stride, x6 = x5 + stride, x7 = x6 + stride;
        TVector m0 = TLanes.Broadcast(center[j]), m1 = TLanes.Zero, m2 = TLanes.Zero, m3 = TLanes.Zero;
        TVector m4 = TLanes.Zero, m5 = TLanes.Zero, m6 = TLanes.Zero, m7 = TLanes.Zero;
        if (TRows.Count > 1) m1 = TLanes.Broadcast(center[j + 1]);
        if (TRows.Count > 2) m2 = TLanes.Broadcast(center[j + 2]);
        if (TRows.Count > 3) m3 = TLanes.Broadcast(center[j + 3]);
        if (TRows.Count > 4)
        {
            m4 = TLanes.Broadcast(center[j + 4]);
            m5 = TLanes.Broadcast(center[j + 5]);
            m6 = TLanes.Broadcast(center[j + 6]);
            m7 = TLanes.Broadcast(center[j + 7]);
        }
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            var count = TLanes.Zero;
            TVector f0 = TLanes.Zero, f1 = TLanes.Zero, f2 = TLanes.Zero, f3 = TLanes.Zero;
            TVector f4 = TLanes.Zero, f5 = TLanes.Zero, f6 = TLanes.Zero, f7 = TLanes.Zero;
            TVector s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            TVector s4 = TLanes.Zero, s5 = TLanes.Zero, s6 = TLanes.Zero, s7 = TLanes.Zero;
            for (var p = slot; p < padded; p += n)
            {
                var r = TLanes.Load(shares + p);
                if (TPlace.FormsResponsibilities)
                {
                    r = TLanes.Multiply(r, TLanes.Load(scales + p));
                    if (TPlace.HasLaterPanels) TLanes.Store(shares + p, r);
                    count = TLanes.Add(count, r);
                }
                var d = TLanes.Subtract(m0, TLanes.Load(x0 + p));
                var w = TLanes.Multiply(r, d);
                f0 = TLanes.Subtract(f0, w);
                s0 = TLanes.Fma(w, d, s0);
                if (TRows.Count == 1) continue;
                d = TLanes.Subtract(m1, TLanes.Load(x1 + p));
                w = TLanes.Multiply(r, d);
                f1 = TLanes.Subtract(f1, w);
                s1 = TLanes.Fma(w, d, s1);
                if (TRows.Count == 2) continue;
                d = TLanes.Subtract(m2, TLanes.Load(x2 + p));
                w = TLanes.Multiply(r, d);
                f2 = TLanes.Subtract(f2, w);
                s2 = TLanes.Fma(w, d, s2);
                if (TRows.Count == 3) continue;
                d = TLanes.Subtract(m3, TLanes.Load(x3 + p));
                w = TLanes.Multiply(r, d);
                f3 = TLanes.Subtract(f3, w);
                s3 = TLanes.Fma(w, d, s3);
                if (TRows.Count == 4) continue;
                d = TLanes.Subtract(m4, TLanes.Load(x4 + p));
                w = TLanes.Multiply(r, d);
                f4 = TLanes.Subtract(f4, w);
                s4 = TLanes.Fma(w, d, s4);
                d = TLanes.Subtract(m5, TLanes.Load(x5 + p));
                w = TLanes.Multiply(r, d);
                f5 = TLanes.Subtract(f5, w);
                s5 = TLanes.Fma(w, d, s5);
                d = TLanes.Subtract(m6, TLanes.Load(x6 + p));
                w = TLanes.Multiply(r, d);
                f6 = TLanes.Subtract(f6, w);
                s6 = TLanes.Fma(w, d, s6);
                d = TLanes.Subtract(m7, TLanes.Load(x7 + p));
                w = TLanes.Multiply(r, d);
                f7 = TLanes.Subtract(f7, w);
                s7 = TLanes.Fma(w, d, s7);
            }
            var next = tile + slot;
            LaneSum.Put<TLanes, TVector, T>(ref next, count);
            LaneSum.Put<TLanes, TVector, T>(ref next, f0);
            if (TRows.Count > 1) LaneSum.Put<TLanes, TVector, T>(ref next, f1);
            if (TRows.Count > 2) LaneSum.Put<TLanes, TVector, T>(ref next, f2);
            if (TRows.Count > 3) LaneSum.Put<TLanes, TVector, T>(ref next, f3);
            if (TRows.Count > 4)
            {
                LaneSum.Put<TLanes, TVector, T>(ref next, f4);
                LaneSum.Put<TLanes, TVector, T>(ref next, f5);
                LaneSum.Put<TLanes, TVector, T>(ref next, f6);
                LaneSum.Put<TLanes, TVector, T>(ref next, f7);
            }
            LaneSum.Put<TLanes, TVector, T>(ref next, s0);
            if (TRows.Count > 1) LaneSum.Put<TLanes, TVector, T>(ref next, s1);
            if (TRows.Count > 2) LaneSum.Put<TLanes, TVector, T>(ref next, s2);
            if (TRows.Count > 3) LaneSum.Put<TLanes, TVector, T>(ref next, s3);
            if (TRows.Count > 4)
            {
                LaneSum.Put<TLanes, TVector, T>(ref next, s4);
                LaneSum.Put<TLanes, TVector, T>(ref next, s5);
                LaneSum.Put<TLanes, TVector, T>(ref next, s6);
                LaneSum.Put<TLanes, TVector, T>(ref next, s7);
            }
        }
    }
}
