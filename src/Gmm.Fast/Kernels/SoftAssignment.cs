using System.Numerics;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Computes the E-step by log-sum-exp, in logarithms to base 2 (<see cref="BinaryLog"/>), with l_k = c_k - q_k / 2 the log of weight times density.
///   log p(x) = m + log sum over k of 2^(l_k - m),  m = max l_k;   r_k = 2^(l_k - m) / sum   (Bishop, PRML, equations 9.7 and 9.13)
/// The shares are the powers. <see cref="ShareSums{TLanes, TVector, T}"/> computes log-densities and scales from their sums.
/// A component more than 64.5 below the largest gets exactly 0, decided point by point: below 2^-64 it changes no sum beyond rounding. A component
/// of weight 0, at infinite distance or at a distance of NaN gets 0 too, since its l is minus infinity or NaN.
/// </summary>
internal readonly unsafe struct SoftAssignment<TLanes, TVector, T> : IAssignment<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
{
    // Far below the reach of the exponential.
    private const double OutOfReach = -100;

    public static void Assign(T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums, T reach)
    {
        if (T.IsPositiveInfinity(reach))
            AssignQuads<QuadLanes<TLanes, TVector, T>, Quad<TVector>, ByDefinition>(joint, stride, components, padded, constants, maxima, sums, reach);
        else
            AssignQuads<QuadLanes<TLanes, TVector, T>, Quad<TVector>, ByTolerance>(joint, stride, components, padded, constants, maxima, sums, reach);
    }

    // Maxima and sums stay in memory between the components: four exponentials need all sixteen registers.
    [MethodImpl(Compiled.Once)]
    private static void AssignQuads<TQuads, TQuad, TCut>(
        T* joint, nint stride, int components, int padded, T* constants, T* maxima, T* sums, T reach)
        where TQuads : struct, ILaneArithmetic<TQuad, T>
        where TQuad : struct
        where TCut : struct, IShareCut
    {
        var minusHalf = TQuads.Broadcast(T.CreateTruncating(BinaryLog.MinusHalfLog2E));
        var lowest = TQuads.Broadcast(T.MinValue);
        var end = constants + components;
        for (nint p = 0; p < padded; p += TQuads.Count)
        {
            var max = lowest;
            var column = joint + p;
            for (var c = constants; c < end; c++, column += stride)
            {
                var log = TQuads.Fma(TQuads.Load(column), minusHalf, TQuads.Broadcast(*c));
                TQuads.Store(column, log);
                max = TQuads.Max(log, max);
            }
            TQuads.Store(maxima + p, max);
            TQuads.Store(sums + p, TQuads.Zero);

            column = joint + p;
            for (var c = constants; c < end; c++, column += stride)
            {
                var log = TQuads.Subtract(TQuads.Load(column), TQuads.Load(maxima + p));
                if (TCut.HasTolerance) log = TQuads.SelectLess(log, TQuads.Broadcast(-reach), TQuads.Broadcast(T.CreateTruncating(OutOfReach)), log);
                var share = TLanes.Exp2<TQuads, TQuad>(log);
                TQuads.Store(column, share);
                TQuads.Store(sums + p, TQuads.Add(TQuads.Load(sums + p), share));
            }
            TQuads.Store(maxima + p, BinaryLog.ToNatural<TQuads, TQuad, T>(TQuads.Load(maxima + p)));
        }
    }
}
