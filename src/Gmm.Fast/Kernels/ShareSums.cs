using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Completes an assignment from the maxima m and sums s of its points.
///   ln p(x) = m + ln s,   r_k = share_k / s   (Bishop, PRML, equations 9.7 and 9.13)
/// Where no component is within reach of a point (m is the smallest number, s is 0), all of positive weight get equal shares, and ln p stays the
/// smallest number.
/// Rejected: the same in the pass of the exponentials, one long chain per point that few components hide.
/// </summary>
internal static unsafe class ShareSums<TLanes, TVector, T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    // Vectors whose sums share a division.
    private const int Together = 4;

    /// <summary>Turns maxima into log-densities and sums into scales, in place.</summary>
    /// <param name="joint">[K x stride], the shares; set to equal shares for points out of reach.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="components">K.</param>
    /// <param name="padded">Points, whole tiles.</param>
    /// <param name="constants">[K], minus infinity for a weight of 0.</param>
    /// <param name="maxima">[padded]: maxima on entry, log-densities on return.</param>
    /// <param name="sums">[padded]: sums on entry, scales on return.</param>
    [MethodImpl(Compiled.Once)]
    public static void LogDensities(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums)
    {
        var (one, lowest) = (TLanes.Broadcast(T.One), TLanes.Broadcast(T.MinValue));
        var unreached = TLanes.Zero;
        for (nint p = 0; p < padded; p += TLanes.Count)
        {
            var (max, sum) = (TLanes.Load(maxima + p), TLanes.Load(sums + p));
            unreached = TLanes.SelectLess(lowest, max, unreached, one);
            TLanes.Store(maxima + p, TLanes.SelectLess(lowest, max, TLanes.Add(max, TLanes.Log(sum)), lowest));
            TLanes.Store(sums + p, TLanes.Divide(one, sum));
        }
        if (AnyIsSet(unreached)) ShareEqually(joint, stride, components, padded, constants, maxima, sums);
    }

    /// <summary>
    /// Turns sums into scales, in place, and sums the log-densities of the first <paramref name="count"/> points. One logarithm of a product of sums
    /// replaces their logarithms. One reciprocal of a product of four sums, times three of them, replaces that of the fourth (2.5 ulp at most).
    /// </summary>
    /// <param name="joint">[K x stride], the shares; set to equal shares for points out of reach.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="components">K.</param>
    /// <param name="count">Points.</param>
    /// <param name="padded">Points, whole tiles.</param>
    /// <param name="constants">[K], minus infinity for a weight of 0.</param>
    /// <param name="maxima">[padded]; set to 0 behind the last point.</param>
    /// <param name="sums">[padded]: sums on entry, scales on return, 0 behind the last point.</param>
    /// <param name="partials">[PartialsOf T], receives the partial sums of the log-densities.</param>
    [MethodImpl(Compiled.Once)]
    public static void Total(
        T* joint, nint stride, int components, int count, int padded, T* constants, T* maxima, T* sums, double* partials)
    {
        Debug.Assert(padded % (Together * LaneSum.PartialsOf<T>()) == 0);
        new Span<double>(partials, LaneSum.PartialsOf<T>()).Clear();
        new Span<T>(maxima + count, padded - count).Clear();
        new Span<T>(sums + count, padded - count).Fill(T.One);
        var (one, lowest) = (TLanes.Broadcast(T.One), TLanes.Broadcast(T.MinValue));
        var unreached = TLanes.Zero;

        // Sums lie between 1 and K < 2^31: products of eight doubles or four floats, and reciprocals of four, stay in the range of the type.
        nint n = LaneSum.PartialsOf<T>(), factors = sizeof(T);
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            for (var first = slot; first < padded; first += factors * n)
            {
                var (total, product) = (TLanes.Zero, one);
                var end = Math.Min(first + factors * n, padded);
                for (var p = first; p < end; p += Together * n)
                {
                    var (m0, m1) = (TLanes.Load(maxima + p), TLanes.Load(maxima + p + n));
                    var (m2, m3) = (TLanes.Load(maxima + p + 2 * n), TLanes.Load(maxima + p + 3 * n));
                    total = TLanes.Add(total, TLanes.Add(TLanes.Add(m0, m1), TLanes.Add(m2, m3)));
                    unreached = TLanes.SelectLess(lowest, m0, unreached, one);
                    unreached = TLanes.SelectLess(lowest, m1, unreached, one);
                    unreached = TLanes.SelectLess(lowest, m2, unreached, one);
                    unreached = TLanes.SelectLess(lowest, m3, unreached, one);
                    var s0 = TLanes.SelectLess(lowest, m0, TLanes.Load(sums + p), one);
                    var s1 = TLanes.SelectLess(lowest, m1, TLanes.Load(sums + p + n), one);
                    var s2 = TLanes.SelectLess(lowest, m2, TLanes.Load(sums + p + 2 * n), one);
                    var s3 = TLanes.SelectLess(lowest, m3, TLanes.Load(sums + p + 3 * n), one);

                    var (s01, s23) = (TLanes.Multiply(s0, s1), TLanes.Multiply(s2, s3));
                    var all = TLanes.Multiply(s01, s23);
                    product = TLanes.Multiply(product, all);
                    var reciprocal = TLanes.Divide(one, all);
                    var (r01, r23) = (TLanes.Multiply(reciprocal, s23), TLanes.Multiply(reciprocal, s01));
                    TLanes.Store(sums + p, TLanes.Multiply(r01, s1));
                    TLanes.Store(sums + p + n, TLanes.Multiply(r01, s0));
                    TLanes.Store(sums + p + 2 * n, TLanes.Multiply(r23, s3));
                    TLanes.Store(sums + p + 3 * n, TLanes.Multiply(r23, s2));
                }
                TLanes.AddTo(partials + slot, TLanes.Add(total, TLanes.Log(product)));
            }
        }
        if (AnyIsSet(unreached)) ShareEqually(joint, stride, components, padded, constants, maxima, sums);
        new Span<T>(sums + count, padded - count).Clear();
    }

    private static bool AnyIsSet(TVector flags)
    {
        var sums = stackalloc double[LaneSum.PartialsOf<T>()];
        new Span<double>(sums, TLanes.Count).Clear();
        TLanes.AddTo(sums, flags);
        return new Span<double>(sums, TLanes.Count).ContainsAnyExcept(0);
    }

    private static void ShareEqually(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* scales)
    {
        var possible = components - new Span<T>(constants, components).Count(T.NegativeInfinity);
        for (nint p = 0; p < padded; p++)
        {
            if (maxima[p] != T.MinValue) continue;
            scales[p] = T.One / T.CreateTruncating(possible);
            for (nint k = 0; k < components; k++) joint[k * stride + p] = T.IsNegativeInfinity(constants[k]) ? T.Zero : T.One;
        }
    }

    /// <summary>
    /// Multiplies scales by the weights of their points, in place, and sums the weighted log-densities. A point out of reach of all components keeps
    /// the smallest number as its part, whatever its weight.
    /// </summary>
    /// <param name="padded">Points, whole tiles.</param>
    /// <param name="weights">[padded], above 0 for points and 0 behind the last one.</param>
    /// <param name="logDensities">[padded], as <see cref="LogDensities"/> left them.</param>
    /// <param name="scales">[padded], as <see cref="LogDensities"/> left them.</param>
    /// <param name="partials">[PartialsOf T], receives the partial sums.</param>
    [MethodImpl(Compiled.Once)]
    public static void Weigh(int padded, T* weights, T* logDensities, T* scales, double* partials)
    {
        nint n = LaneSum.PartialsOf<T>();
        new Span<double>(partials, (int)n).Clear();
        var lowest = TLanes.Broadcast(T.MinValue);
        for (nint slot = 0; slot < n; slot += TLanes.Count)
        {
            var total = TLanes.Zero;
            for (var p = slot; p < padded; p += n)
            {
                TVector weight = TLanes.Load(weights + p), log = TLanes.Load(logDensities + p);
                TLanes.Store(scales + p, TLanes.Multiply(TLanes.Load(scales + p), weight));
                var part = TLanes.SelectLess(lowest, log, TLanes.Multiply(log, weight), lowest);
                total = TLanes.Add(total, TLanes.SelectLess(TLanes.Zero, weight, part, TLanes.Zero));
            }
            TLanes.AddTo(partials + slot, total);
        }
    }
}
