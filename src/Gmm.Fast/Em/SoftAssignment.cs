using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// The E-step by log-sum-exp. With l_k = c_k - q_k / 2 the log of weight times density (Bishop, PRML, equation 9.13):
///   ln p(x) = m + ln sum over k of exp(l_k - m),  m = max l_k;   r_k = exp(l_k - m) / sum.
/// The shares are the exponentials; <see cref="ShareSums"/> makes the rest of their sums.
/// A component more than 64 ln 2 below the largest gets exactly 0, decided point by point: below 2^-64 it changes no sum beyond rounding. What the
/// exponential makes of an argument outside its range is thrown away with it, and so is a component of weight 0 or at infinite distance (also
/// infinity minus infinity), whose l is minus infinity or NaN.
/// </summary>
internal readonly unsafe struct SoftAssignment : IAssignment
{
    /// <summary>-64 ln 2.</summary>
    internal const double Truncation = -44.3614195558364998;

    public void Assign<TLanes, TVector, T>(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        var belowCut = TLanes.Broadcast(T.BitDecrement(T.CreateTruncating(Truncation)));
        var minusHalf = TLanes.Broadcast(T.CreateTruncating(-0.5));
        var lowest = TLanes.Broadcast(T.MinValue);
        var end = constants + components;
        for (nint p = 0; p < padded; p += TLanes.Count)
        {
            var max = lowest;
            var column = joint + p;
            for (var c = constants; c < end; c++, column += stride)
            {
                var log = TLanes.Fma(TLanes.Load(column), minusHalf, TLanes.Broadcast(*c));
                TLanes.Store(column, log);
                max = TLanes.Max(log, max);
            }

            var sum = TLanes.Zero;
            column = joint + p;
            for (var c = constants; c < end; c++, column += stride)
            {
                var below = TLanes.Subtract(TLanes.Load(column), max);
                var e = TLanes.SelectLess(belowCut, below, TLanes.Exp(below), TLanes.Zero);
                TLanes.Store(column, e);
                sum = TLanes.Add(sum, e);
            }
            TLanes.Store(maxima + p, max);
            TLanes.Store(sums + p, sum);
        }
    }
}
