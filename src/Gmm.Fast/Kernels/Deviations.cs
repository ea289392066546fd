using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Kernels without off-diagonal terms, lanes across points.
///   distances:  q = sum over j of ((x_j - mu_j) w_j)^2
///   moments:    N += r,  F_j += r d_j,  S_jj += r d_j^2,  d = x - center
/// None is inlined: together with its caller it would go beyond what the compiler inlines, and operations on lanes become calls, twelve times slower.
/// Rejected for the distances: x^2 / s^2 - 2 x mu / s^2 + mu^2 / s^2 as matrix products; it loses all digits where the mean is large.
/// </summary>
internal static unsafe class Deviations
{
    /// <summary>
    /// Distances [K x Stride] with w_j = factors[k * factorLength + j], and one scale for all features where that length is 1; without factors the
    /// scale is 1. Scaled before squaring: neither tiny nor huge variances leave the range of the element type. A strip of points at a time for all
    /// components: its columns stay in the first-level cache.
    /// </summary>
    public static void Distances<TLanes, TVector, T>(in PointBlock<T> block, int components, T* means, T* factors, nint factorLength, T* joint)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var strip = BlockShape.StripPoints<T>(block.Columns);
        for (var p = 0; p < block.Padded; p += strip)
        {
            var points = Math.Min(strip, block.Padded - p);
            for (nint k = 0; k < components; k++)
            {
                var factor = factors is null ? null : factors + k * factorLength;
                SumsOfSquares<TLanes, TVector, T>(
                    block, p, points, means + k * block.Columns, factor, factorLength > 1 ? 1 : 0, joint + k * block.Stride + p);
            }
        }
    }

    // Four vectors of points together, with 16 registers too: two sums are not enough to hide what a product takes. mu - x, not x - mu: that takes x
    // from memory in the same instruction, and the square is the same.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SumsOfSquares<TLanes, TVector, T>(
        in PointBlock<T> block, nint first, nint points, T* mean, T* factor, nint factorStep, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        nint stride = block.Stride;
        var end = mean + block.Columns;
        for (nint p = 0; p < points; p += 4 * TLanes.Count)
        {
            TVector q0 = TLanes.Zero, q1 = TLanes.Zero, q2 = TLanes.Zero, q3 = TLanes.Zero;
            var x = block.X + first + p;
            if (factor is null)
            {
                for (var m = mean; m < end; m++, x += stride)
                {
                    var mu = TLanes.Broadcast(*m);
                    var z = TLanes.Subtract(mu, TLanes.Load(x));
                    q0 = TLanes.Fma(z, z, q0);
                    z = TLanes.Subtract(mu, TLanes.Load(x + TLanes.Count));
                    q1 = TLanes.Fma(z, z, q1);
                    z = TLanes.Subtract(mu, TLanes.Load(x + 2 * TLanes.Count));
                    q2 = TLanes.Fma(z, z, q2);
                    z = TLanes.Subtract(mu, TLanes.Load(x + 3 * TLanes.Count));
                    q3 = TLanes.Fma(z, z, q3);
                }
            }
            else
            {
                var w = factor;
                for (var m = mean; m < end; m++, x += stride, w += factorStep)
                {
                    TVector mu = TLanes.Broadcast(*m), scale = TLanes.Broadcast(*w);
                    var z = TLanes.Multiply(TLanes.Subtract(mu, TLanes.Load(x)), scale);
                    q0 = TLanes.Fma(z, z, q0);
                    z = TLanes.Multiply(TLanes.Subtract(mu, TLanes.Load(x + TLanes.Count)), scale);
                    q1 = TLanes.Fma(z, z, q1);
                    z = TLanes.Multiply(TLanes.Subtract(mu, TLanes.Load(x + 2 * TLanes.Count)), scale);
                    q2 = TLanes.Fma(z, z, q2);
                    z = TLanes.Multiply(TLanes.Subtract(mu, TLanes.Load(x + 3 * TLanes.Count)), scale);
                    q3 = TLanes.Fma(z, z, q3);
                }
            }
            TLanes.Store(distances + p, q0);
            TLanes.Store(distances + p + TLanes.Count, q1);
            TLanes.Store(distances + p + 2 * TLanes.Count, q2);
            TLanes.Store(distances + p + 3 * TLanes.Count, q3);
        }
    }

    /// <summary>
    /// Adds the moments of a block to <paramref name="sums"/> [K x (1 + D + D)], or with a <paramref name="secondStep"/> of 0, their trace, to
    /// [K x (1 + D + 1)]; shares become responsibilities. <paramref name="tile"/> [LaneSum.TileLength].
    /// Four features at a time for all components: their columns stay in the first-level cache, and eight sums hide what a product takes. Every feature
    /// is summed alone, so the groups decide no bits.
    /// </summary>
    public static void Moments<TLanes, TVector, T>(
        in PointBlock<T> block, int components, T* joint, T* scales, T* centers, nint secondStep, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var j = 0;
        for (; j + FourRows.Count <= block.Columns; j += FourRows.Count)
            Group<TLanes, TVector, T, FourRows>(block, j, components, joint, scales, centers, secondStep, tile, sums);
        switch (block.Columns - j)
        {
            case 3: Group<TLanes, TVector, T, ThreeRows>(block, j, components, joint, scales, centers, secondStep, tile, sums); break;
            case 2: Group<TLanes, TVector, T, TwoRows>(block, j, components, joint, scales, centers, secondStep, tile, sums); break;
            case 1: Group<TLanes, TVector, T, OneRow>(block, j, components, joint, scales, centers, secondStep, tile, sums); break;
        }
    }

    // Features from j, as many as there are rows, of all components.
    private static void Group<TLanes, TVector, T, TRows>(
        in PointBlock<T> block, int j, int components, T* joint, T* scales, T* centers, nint secondStep, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
    {
        var length = 1 + block.Columns + (secondStep == 0 ? 1 : block.Columns);
        for (var k = 0; k < components; k++, joint += block.Stride, centers += block.Columns, sums += length)
        {
            if (j > 0) Features<TLanes, TVector, T, TRows, Below>(block, j, joint, scales, centers, tile);
            else if (block.Columns > TRows.Count) Features<TLanes, TVector, T, TRows, OnTop>(block, j, joint, scales, centers, tile);
            else Features<TLanes, TVector, T, TRows, Alone>(block, j, joint, scales, centers, tile);
            AddGroup<T, TRows>(tile, j, sums, block.Columns, secondStep);
        }
    }

    // N, which is the same in every group and belongs to the first, F, and the second moments or their trace.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddGroup<T, TRows>(double* tile, int j, double* sums, int dimension, nint secondStep)
        where T : unmanaged
        where TRows : struct, IRows
    {
        var n = LaneSum.PartialsOf<T>();
        if (j == 0) LaneSum.Add<T>(tile, sums, 1);
        LaneSum.Add<T>(tile += n, sums + 1 + j, TRows.Count);
        tile += TRows.Count * n;
        var second = sums + 1 + dimension;
        if (secondStep != 0)
        {
            LaneSum.Add<T>(tile, second + j, TRows.Count);
            return;
        }
        for (var i = 0; i < TRows.Count; i++, tile += n) LaneSum.Add<T>(tile, second, 1);
    }

    // The partial sums of r, of r d for each feature and of r d^2 for each, of one component. The deviation is -d, and what has its sign is subtracted:
    // that takes x from memory in the same instruction, and no bit depends on it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Features<TLanes, TVector, T, TRows, TPlace>(
        in PointBlock<T> block, int j, T* shares, T* scales, T* center, double* tile)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
        where TRows : struct, IRows
        where TPlace : struct, IPlace
    {
        nint stride = block.Stride, n = LaneSum.PartialsOf<T>(), padded = block.Padded;
        T* x0 = block.X + j * stride, x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
        TVector m0 = TLanes.Broadcast(center[j]), m1 = TLanes.Zero, m2 = TLanes.Zero, m3 = TLanes.Zero;
        if (TRows.Count > 1) m1 = TLanes.Broadcast(center[j + 1]);
        if (TRows.Count > 2) m2 = TLanes.Broadcast(center[j + 2]);
        if (TRows.Count > 3) m3 = TLanes.Broadcast(center[j + 3]);
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            var count = TLanes.Zero;
            TVector f0 = TLanes.Zero, f1 = TLanes.Zero, f2 = TLanes.Zero, f3 = TLanes.Zero;
            TVector s0 = TLanes.Zero, s1 = TLanes.Zero, s2 = TLanes.Zero, s3 = TLanes.Zero;
            for (var p = slot; p < padded; p += n)
            {
                var r = TLanes.Load(shares + p);
                if (TPlace.IsFirst)
                {
                    r = TLanes.Multiply(r, TLanes.Load(scales + p));
                    if (TPlace.IsFollowed) TLanes.Store(shares + p, r);
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
            }
            var next = tile + slot;
            LaneSum.Put<TLanes, TVector, T>(ref next, count);
            LaneSum.Put<TLanes, TVector, T>(ref next, f0);
            if (TRows.Count > 1) LaneSum.Put<TLanes, TVector, T>(ref next, f1);
            if (TRows.Count > 2) LaneSum.Put<TLanes, TVector, T>(ref next, f2);
            if (TRows.Count > 3) LaneSum.Put<TLanes, TVector, T>(ref next, f3);
            LaneSum.Put<TLanes, TVector, T>(ref next, s0);
            if (TRows.Count > 1) LaneSum.Put<TLanes, TVector, T>(ref next, s1);
            if (TRows.Count > 2) LaneSum.Put<TLanes, TVector, T>(ref next, s2);
            if (TRows.Count > 3) LaneSum.Put<TLanes, TVector, T>(ref next, s3);
        }
    }
}
