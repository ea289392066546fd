using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Kernels;

/// <summary>
/// Labels points, lanes across points.
///   label = the smallest k with the largest l_k,  l_k = constant_k - q_k / 2   (Bishop, PRML, equation 9.13)
/// </summary>
internal static unsafe class LargestColumn<TLanes, TVector>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    /// <summary>Writes the labels.</summary>
    /// <param name="joint">[K x stride], squared distances.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="constants">[K].</param>
    /// <param name="components">K.</param>
    /// <param name="padded">Points, whole tiles.</param>
    /// <param name="labels">[padded], receives components from 0.</param>
    public static void Labels(double* joint, nint stride, double* constants, int components, int padded, double* labels) =>
        LargestOf<QuadLanes<TLanes, TVector, double>, Quad<TVector>>(joint, stride, constants, components, padded, labels);

    // A log of NaN or minus infinity, of an infinite distance or a weight of 0, is above none. Comparisons depend on each other, so four vectors go
    // together.
    [MethodImpl(Compiled.Once)]
    private static void LargestOf<TQuads, TQuad>(double* joint, nint stride, double* constants, int components, int padded, double* labels)
        where TQuads : struct, ILaneArithmetic<TQuad, double>
        where TQuad : struct
    {
        var minusHalf = TQuads.Broadcast(-0.5);
        for (nint p = 0; p < padded; p += TQuads.Count)
        {
            var (label, largest) = (TQuads.Zero, TQuads.Broadcast(double.NegativeInfinity));
            var column = joint + p;
            for (var k = 0; k < components; k++, column += stride)
            {
                var log = TQuads.Fma(TQuads.Load(column), minusHalf, TQuads.Broadcast(constants[k]));
                label = TQuads.SelectLess(largest, log, TQuads.Broadcast(k), label);
                largest = TQuads.Max(log, largest);
            }
            TQuads.Store(labels + p, label);
        }
    }
}
