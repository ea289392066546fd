using Gmm.Fast.Data;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Covariance;

/// <summary>d = x - mu for the points of a block, and what the covariance types share: moments of order 0 and 1, and distances without off-diagonal terms.</summary>
internal static unsafe class Deviations
{
    /// <summary>d [D x Stride] of a block about <paramref name="mean"/> [D].</summary>
    public static void Form<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* d)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        nint stride = block.Stride;
        for (var j = 0; j < block.Columns; j++)
        {
            var x = block.X + j * stride;
            var dj = d + j * stride;
            var m = TLanes.Broadcast(mean[j]);
            for (var p = 0; p < block.Padded; p += TLanes.Count) TLanes.Store(dj + p, TLanes.Subtract(TLanes.Load(x + p), m));
        }
    }

    /// <summary>d and r d [D x Stride] of a block; adds sum r to moments[0] and sum r d to moments[1..D].</summary>
    public static void AccumulateFirst<TLanes, TVector>(
        in ColumnBlock<double> block, double* responsibilities, double* center, double* d, double* rd, double* moments)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        nint stride = block.Stride;
        moments[0] += LaneSum.Of<TLanes, TVector>(responsibilities, block.Padded);
        for (var j = 0; j < block.Columns; j++)
        {
            var x = block.X + j * stride;
            var dj = d + j * stride;
            var rdj = rd + j * stride;
            var m = TLanes.Broadcast(center[j]);
            for (var p = 0; p < block.Padded; p += TLanes.Count)
            {
                var value = TLanes.Subtract(TLanes.Load(x + p), m);
                TLanes.Store(dj + p, value);
                TLanes.Store(rdj + p, TLanes.Multiply(TLanes.Load(responsibilities + p), value));
            }
            moments[1 + j] += LaneSum.Of<TLanes, TVector>(rdj, block.Padded);
        }
    }

    /// <summary>
    /// q = sum over j of ((x_j - mu_j) w_j)^2 for the points of a block [Padded]; w_j = factor[j * factorStep], so a step of 0 is one scale for all
    /// features. Scaled before squaring: neither tiny nor huge variances leave the range of the element type.
    /// </summary>
    public static void SumOfScaledSquares<TLanes, TVector, T>(in ColumnBlock<T> block, T* mean, T* factor, int factorStep, T* distances)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        nint stride = block.Stride;
        for (var p = 0; p < block.Padded; p += 2 * TLanes.Count)
        {
            TVector q0 = TLanes.Zero, q1 = TLanes.Zero;
            var x = block.X + p;
            var scale = factor;
            for (var j = 0; j < block.Columns; j++, x += stride, scale += factorStep)
            {
                var m = TLanes.Broadcast(mean[j]);
                var w = TLanes.Broadcast(*scale);
                var z0 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x), m), w);
                var z1 = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + TLanes.Count), m), w);
                q0 = TLanes.Fma(z0, z0, q0);
                q1 = TLanes.Fma(z1, z1, q1);
            }
            TLanes.Store(distances + p, q0);
            TLanes.Store(distances + p + TLanes.Count, q1);
        }
    }

    /// <summary>The sum over a block of r d_j^2, from the products made by <see cref="AccumulateFirst"/>.</summary>
    public static double SumOfProducts<TLanes, TVector>(double* rd, double* d, int padded)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var partials = stackalloc double[LaneSum.Partials];
        for (var slot = 0; slot < LaneSum.Partials; slot += TLanes.Count)
        {
            var sum = TLanes.Zero;
            for (var p = slot; p < padded; p += LaneSum.Partials) sum = TLanes.Fma(TLanes.Load(rd + p), TLanes.Load(d + p), sum);
            TLanes.Store(partials + slot, sum);
        }
        return LaneSum.Tree(partials);
    }
}
