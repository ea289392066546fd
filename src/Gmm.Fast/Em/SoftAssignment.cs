using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// The E-step by log-sum-exp. With l_k = c_k - q_k / 2 the log of weight times density (Bishop, PRML, equation 9.13):
///   ln p(x) = m + ln sum over k of exp(l_k - m),  m = max l_k;   r_k = exp(l_k - m) / sum.
/// A component more than 64 ln 2 below the largest gets exactly 0, decided point by point: below 2^-64 it changes no sum beyond rounding, and
/// exp never sees an argument outside its fast range.
/// </summary>
internal readonly unsafe struct SoftAssignment : IAssignment
{
    /// <summary>-64 ln 2.</summary>
    private const double Truncation = -44.3614195558364998;

    public void Assign<TLanes, TVector>(double* joint, nint stride, int components, int padded, double* constants, double* logDensities)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var cut = TLanes.Broadcast(Truncation);
        for (var p = 0; p < padded; p += TLanes.Count)
        {
            var column = joint + p;
            var max = TLanes.Broadcast(double.MinValue);
            for (var k = 0; k < components; k++)
            {
                var log = LogJoint<TLanes, TVector>(TLanes.Load(column + k * stride), constants[k]);
                TLanes.Store(column + k * stride, log);
                max = TLanes.Max(max, log);
            }

            var sum = TLanes.Zero;
            for (var k = 0; k < components; k++)
            {
                if (double.IsNegativeInfinity(constants[k]))
                {
                    // Weight 0 is no share, even of a point out of reach of all.
                    TLanes.Store(column + k * stride, TLanes.Zero);
                    continue;
                }
                var below = TLanes.Subtract(TLanes.Load(column + k * stride), max);
                var e = TLanes.SelectLess(below, cut, TLanes.Zero, TLanes.Exp(TLanes.Max(below, cut)));
                TLanes.Store(column + k * stride, e);
                sum = TLanes.Add(sum, e);
            }

            var scale = TLanes.Divide(TLanes.Broadcast(1.0), sum);
            for (var k = 0; k < components; k++)
                TLanes.Store(column + k * stride, TLanes.Multiply(TLanes.Load(column + k * stride), scale));
            TLanes.Store(logDensities + p, TLanes.Add(max, TLanes.Log(sum)));
        }
    }

    /// <summary>c - q / 2, kept finite: a component of weight 0, or at infinite distance (also infinity minus infinity), then is merely the furthest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector LogJoint<TLanes, TVector>(TVector distance, double constant)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        var lowest = TLanes.Broadcast(double.MinValue);
        var log = TLanes.Fma(distance, TLanes.Broadcast(-0.5), TLanes.Broadcast(constant));
        return TLanes.SelectLess(lowest, log, log, lowest);
    }
}
