using System.Runtime.CompilerServices;
using Gmm.Fast.Data;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>
/// Kernels without off-diagonal terms, lanes across points.
///   distances:  q = sum over j of ((x_j - mu_j) w_j)^2
///   moments:    N += r,  F_j += r d_j,  S_jj += r d_j^2,  d = x - centre
/// None is inlined: together with its caller it would go beyond what the compiler inlines, and operations on lanes become calls, twelve times slower.
/// Rejected for the distances: x^2 / s^2 - 2 x mu / s^2 + mu^2 / s^2 as matrix products; it loses all digits where the mean is large.
/// </summary>
internal static unsafe class Deviations
{
    /// <summary>
    /// Distances [Padded] with w_j = factor[j * factorStep], so a step of 0 is one scale for all features. Scaled before squaring: neither tiny
    /// nor huge variances leave the range of the element type. Without a factor the scale is 1. Four vectors of points together, with 16 registers
    /// too: two sums are not enough to hide what a product takes.
    /// </summary>
    public static void SumOfSquares<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* factor, nint factorStep, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged =>
        SumsOfSquares<QuadLanes<TLanes, TVector, T>, Quad<TVector>, T>(block, mean, factor, factorStep, distances);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SumsOfSquares<TQuads, TQuad, T>(in ColumnBlock<T> block, T* mean, T* factor, nint factorStep, T* distances)
        where TQuads : struct, ILaneArithmetic<TQuad, T>
        where TQuad : struct
        where T : unmanaged
    {
        nint stride = block.Stride;
        var end = mean + block.Columns;
        for (nint p = 0; p < block.Padded; p += TQuads.Count)
        {
            var q = TQuads.Zero;
            var x = block.X + p;
            if (factor is null)
            {
                for (var m = mean; m < end; m++, x += stride)
                {
                    var z = TQuads.Subtract(TQuads.Load(x), TQuads.Broadcast(*m));
                    q = TQuads.Fma(z, z, q);
                }
            }
            else
            {
                var w = factor;
                for (var m = mean; m < end; m++, x += stride, w += factorStep)
                {
                    var z = TQuads.Multiply(TQuads.Subtract(TQuads.Load(x), TQuads.Broadcast(*m)), TQuads.Broadcast(*w));
                    q = TQuads.Fma(z, z, q);
                }
            }
            TQuads.Store(distances + p, q);
        }
    }

    /// <summary>
    /// Adds the moments of a block to <paramref name="sums"/> [1 + D + D], or with a <paramref name="secondStep"/> of 0, their trace, to [1 + D + 1];
    /// shares become responsibilities. <paramref name="tile"/> [LaneSum.TileLength]. Every feature is summed alone, so that the number of registers
    /// decides nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Moments<TLanes, TVector, T>(
        in ColumnBlock<T> block, T* shares, T* scales, T* center, nint secondStep, double* tile, double* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        nint n = LaneSum.PartialsOf<T>(), stride = block.Stride, padded = block.Padded;
        LaneSum.Scale<TLanes, TVector, T>(shares, scales, padded, tile);
        sums[0] += LaneSum.Tree<T>(tile);
        var first = sums + 1;
        var second = first + block.Columns;
        var vectors = VectorTile<TLanes, TVector, T>.Vectors;
        var j = 0;
        for (; j + vectors <= block.Columns; j += vectors)
        {
            var mean = VectorTile<TLanes, TVector, T>.BroadcastEach(center + j);
            var column = block.X + j * stride;
            for (nint slot = 0; slot < n; slot += TLanes.Count)
            {
                var (sum, squares) = (VectorTile<TLanes, TVector, T>.Zero, VectorTile<TLanes, TVector, T>.Zero);
                for (var p = slot; p < padded; p += n)
                {
                    var d = VectorTile<TLanes, TVector, T>.Load(column + p, stride).Minus(mean);
                    var rd = d.Times(TLanes.Load(shares + p));
                    sum = sum.Plus(rd);
                    squares.AddProduct(rd, d);
                }
                sum.StoreWide(tile + slot, n);
                squares.StoreWide(tile + vectors * n + slot, n);
            }
            Add<T>(tile, vectors, first + j, second + j * secondStep, secondStep);
        }
        for (; j < block.Columns; j++)
        {
            var mean = TLanes.Broadcast(center[j]);
            var column = block.X + j * stride;
            for (nint slot = 0; slot < n; slot += TLanes.Count)
            {
                var (sum, squares) = (TLanes.Zero, TLanes.Zero);
                for (var p = slot; p < padded; p += n)
                {
                    var d = TLanes.Subtract(TLanes.Load(column + p), mean);
                    var rd = TLanes.Multiply(TLanes.Load(shares + p), d);
                    sum = TLanes.Add(sum, rd);
                    squares = TLanes.Fma(rd, d, squares);
                }
                TLanes.StoreWide(tile + slot, sum);
                TLanes.StoreWide(tile + n + slot, squares);
            }
            Add<T>(tile, 1, first + j, second + j * secondStep, secondStep);
        }
    }

    private static void Add<T>(double* tile, int features, double* first, double* second, nint secondStep)
        where T : unmanaged
    {
        LaneSum.Fold<T>(tile, 2 * features);
        for (var j = 0; j < features; j++)
        {
            first[j] += tile[j];
            second[j * secondStep] += tile[features + j];
        }
    }
}
