using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>
/// What is made of the squared distances of a scored block, joint [K x stride], lanes across points, by the formulas of
/// <see cref="PointScorer"/> for one. Beyond the range of a double, infinity minus infinity on the way is still infinitely far.
/// </summary>
internal static unsafe class ScoredColumns
{
    /// <summary>The component with the largest <paramref name="constants"/> [K] - q / 2 of each point, the first of equals, to <paramref name="labels"/> [padded].</summary>
    public static void Labels(double* joint, nint stride, ReadOnlySpan<double> constants, int padded, double* labels)
    {
        fixed (double* pinned = constants) LaneWidths.Select<LabelUser, int>(LaneWidths.Widest, new LabelUser(joint, stride, pinned, constants.Length, padded, labels));
    }

    /// <summary>The same in lanes of one width; <paramref name="constants"/> [K].</summary>
    public static void Labels<TLanes, TVector>(double* joint, nint stride, double* constants, int components, int padded, double* labels)
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct =>
        LargestOf<QuadLanes<TLanes, TVector, double>, Quad<TVector>>(joint, stride, constants, components, padded, labels);

    /// <summary>q to <paramref name="constants"/> [K] - q / 2, in place.</summary>
    public static void LogDensities(double* joint, nint stride, ReadOnlySpan<double> constants, int padded)
    {
        fixed (double* pinned = constants) LaneWidths.Select<LogDensityUser, int>(LaneWidths.Widest, new LogDensityUser(joint, stride, pinned, constants.Length, padded));
    }

    /// <summary>q to its root, in place.</summary>
    public static void Roots(double* joint, nint stride, int components, int padded)
    {
        for (var k = 0; k < components; k++, joint += stride)
        {
            var column = new Span<double>(joint, padded);
            TensorPrimitives.MinNumber(column, double.PositiveInfinity, column);
            TensorPrimitives.Sqrt(column, column);
        }
    }

    // A log that is no number, of an infinite distance or a weight of 0, is above none. Four vectors together: comparisons wait for each other.
    [MethodImpl(MethodImplOptions.NoInlining)]
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

    private readonly struct LabelUser(double* joint, nint stride, double* constants, int components, int padded, double* labels) : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            Labels<TLanes, TVector>(joint, stride, constants, components, padded, labels);
            return padded;
        }
    }

    private readonly struct LogDensityUser(double* joint, nint stride, double* constants, int components, int padded) : ILaneUser<double, int>
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            var (minusHalf, infinite) = (TLanes.Broadcast(-0.5), TLanes.Broadcast(double.PositiveInfinity));
            var column = joint;
            for (var k = 0; k < components; k++, column += stride)
            {
                var constant = TLanes.Broadcast(constants[k]);
                for (nint p = 0; p < padded; p += TLanes.Count)
                {
                    var q = TLanes.Load(column + p);
                    q = TLanes.SelectLess(q, infinite, q, infinite);
                    TLanes.Store(column + p, TLanes.Fma(q, minusHalf, constant));
                }
            }
            return padded;
        }
    }
}
