using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// What follows from the maxima m and sums s of an assignment: ln p(x) = m + ln s, and 1 / s, which makes responsibilities of shares. Passes of
/// their own: in the pass of the exponentials they would be one long chain per point that few components hide.
/// Where no component was within reach (m is the smallest number, s is 0), all of positive weight have equal shares and ln p stays the smallest
/// number, point by point.
/// </summary>
internal static unsafe class ShareSums
{
    // Vectors whose sums share a division. It takes as long as a dozen products where vectors are wide.
    private const int Together = 4;

    /// <summary>Maxima to log-densities and sums to scales, both [padded], in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void LogDensities<TLanes, TVector, T>(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
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
        if (AnyIsSet<TLanes, TVector, T>(unreached)) ShareEqually(joint, stride, components, padded, constants, maxima, sums);
    }

    /// <summary>
    /// Sums to scales [padded], in place, and the partial sums of the log-densities of the first <paramref name="count"/> points to
    /// <paramref name="partials"/>: the logarithm of a product of sums stands for as many logarithms, and its reciprocal, times the other three sums, for
    /// that of one (2.5 ulp at most). Behind the last point scales are 0: it belongs to nobody. <paramref name="padded"/>: whole tiles.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Total<TLanes, TVector, T>(
        T* joint, nint stride, int components, int count, int padded, T* constants, T* maxima, T* sums, double* partials)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        Debug.Assert(padded % (Together * LaneSum.PartialsOf<T>()) == 0);
        new Span<double>(partials, LaneSum.PartialsOf<T>()).Clear();
        new Span<T>(maxima + count, padded - count).Clear();
        new Span<T>(sums + count, padded - count).Fill(T.One);
        var (one, lowest) = (TLanes.Broadcast(T.One), TLanes.Broadcast(T.MinValue));
        var unreached = TLanes.Zero;

        // Sums lie between 1 and K < 2^31: products of eight doubles or four floats stay inside the range of the type, and so do the reciprocals of four.
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
        if (AnyIsSet<TLanes, TVector, T>(unreached)) ShareEqually(joint, stride, components, padded, constants, maxima, sums);
        new Span<T>(sums + count, padded - count).Clear();
    }

    private static bool AnyIsSet<TLanes, TVector, T>(TVector flags)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged
    {
        var sums = stackalloc double[LaneSum.PartialsOf<T>()];
        new Span<double>(sums, TLanes.Count).Clear();
        TLanes.AddTo(sums, flags);
        return new Span<double>(sums, TLanes.Count).ContainsAnyExcept(0);
    }

    private static void ShareEqually<T>(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* scales)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var possible = components - new Span<T>(constants, components).Count(T.NegativeInfinity);
        for (nint p = 0; p < padded; p++)
        {
            if (maxima[p] != T.MinValue) continue;
            scales[p] = T.One / T.CreateTruncating(possible);
            for (nint k = 0; k < components; k++) joint[k * stride + p] = T.IsNegativeInfinity(constants[k]) ? T.Zero : T.One;
        }
    }
}
