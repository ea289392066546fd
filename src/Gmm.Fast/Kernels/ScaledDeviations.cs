using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes the distances of forms without off-diagonal entries, lanes across points.
///   q = sum over j of ((x_j - mu_j) w_j)^2   (Bishop, PRML, equation 2.44)
/// Deviations are scaled before they are squared, so neither tiny nor huge variances leave the range of the element type.
/// The kernel is not inlined: together with its caller it exceeds the compiler's budget, and operations on lanes become calls.
/// Rejected: x^2 / s^2 - 2 x mu / s^2 + mu^2 / s^2 as matrix products, which lose all digits where the mean is large.
/// </summary>
internal static unsafe class ScaledDeviations<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int DimensionsBetweenLimits = 8;

    /// <summary>Writes distances. A strip of points at a time goes through all components: its columns stay in the first-level cache.</summary>
    /// <param name="block">The points.</param>
    /// <param name="active">The A components.</param>
    /// <param name="means">[K x D].</param>
    /// <param name="factors">[K x factorLength], the w_j of each component; null for scales of 1.</param>
    /// <param name="factorLength">D, or 1 for one scale for all dimensions.</param>
    /// <param name="joint">[A x Stride], receives the distances.</param>
    public static void Distances(in PointBlock<T> block, in ActiveComponents active, T* means, T* factors, nint factorLength, T* joint)
    {
        var strip = BlockShape.StripPoints<T>(block.Columns);
        for (var p = 0; p < block.Padded; p += strip)
        {
            var points = Math.Min(strip, block.Padded - p);
            for (nint a = 0; a < active.Count; a++)
            {
                nint k = active.Indices[a];
                var factor = factors is null ? null : factors + k * factorLength;
                SumsOfSquares(block, p, points, means + k * block.Columns, factor, factorLength > 1 ? 1 : 0, joint + a * block.Stride + p);
            }
        }
    }

    /// <summary>Writes the same distances, or less: sums of a few vectors end after some dimensions where all are beyond their limits.</summary>
    /// <param name="block">The points of one tile.</param>
    /// <param name="active">The A components.</param>
    /// <param name="parameters">The mixture, whose factors are scales.</param>
    /// <param name="joint">[A x Stride], receives the distances.</param>
    /// <param name="floors">[Padded]: logs, to base 2, below which a component has no share of a point.</param>
    /// <param name="limits">[Padded], scratch.</param>
    public static void DistancesWithin(in PointBlock<T> block, in ActiveComponents active, KernelParameters<T> parameters, T* joint, T* floors, T* limits)
    {
        for (nint a = 0; a < active.Count; a++)
        {
            nint k = active.Indices[a];
            DistanceLimits<TLanes, TVector, T>.Write(parameters.Constants[k], floors, block.Padded, limits);
            SumsWithin(
                block, parameters.Means + k * block.Columns, parameters.Factors + k * parameters.FactorLength, parameters.FactorLength > 1 ? 1 : 0,
                joint + a * block.Stride, limits);
        }
    }

    // The same operations in the same order as those of SumsOfSquares.
    [MethodImpl(Compiled.Once)]
    private static void SumsWithin(in PointBlock<T> block, T* mean, T* factor, nint factorStep, T* distances, T* limits)
    {
        nint stride = block.Stride;
        var end = mean + block.Columns;
        for (nint p = 0; p < block.Padded; p += 4 * TLanes.Count)
        {
            TVector q0 = TLanes.Zero, q1 = TLanes.Zero, q2 = TLanes.Zero, q3 = TLanes.Zero;
            var x = block.X + p;
            var w = factor;
            for (var m = mean; m < end;)
            {
                for (var last = end - m > DimensionsBetweenLimits ? m + DimensionsBetweenLimits : end; m < last; m++, x += stride, w += factorStep)
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
                var limit = limits + p;
                if (!TLanes.AnyLess(q0, TLanes.Load(limit)) && !TLanes.AnyLess(q1, TLanes.Load(limit + TLanes.Count))
                    && !TLanes.AnyLess(q2, TLanes.Load(limit + 2 * TLanes.Count)) && !TLanes.AnyLess(q3, TLanes.Load(limit + 3 * TLanes.Count)))
                {
                    break;
                }
            }
            TLanes.Store(distances + p, q0);
            TLanes.Store(distances + p + TLanes.Count, q1);
            TLanes.Store(distances + p + 2 * TLanes.Count, q2);
            TLanes.Store(distances + p + 3 * TLanes.Count, q3);
        }
    }

    // Four vectors of points go together, with 16 registers too: two sums do not hide the latency of a product. mu - x instead of x - mu takes x from
    // memory in the same instruction, and its square is the same.
    [MethodImpl(Compiled.Once)]
    private static void SumsOfSquares(
        in PointBlock<T> block, nint first, nint points, T* mean, T* factor, nint factorStep, T* distances)
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
}
