using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Makes scores of the squared distances q of a block, lanes across points, by the formulas of <see cref="PointScorer"/> for one point. A distance
/// of NaN, from infinity minus infinity, counts as infinite.
/// </summary>
internal static unsafe class ScoredColumns
{
    /// <summary>Writes the component with the largest constant - q / 2 of each point, the first of equals.</summary>
    /// <param name="joint">[K x stride], the q.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="constants">[K].</param>
    /// <param name="padded">Points, whole tiles.</param>
    /// <param name="labels">[padded], receives components from 0.</param>
    public static void Labels(double* joint, nint stride, ReadOnlySpan<double> constants, int padded, double* labels)
    {
        fixed (double* pinned = constants)
            LaneWidths.Select<LabelUser, int>(LaneWidths.Widest, new LabelUser(joint, stride, pinned, constants.Length, padded, labels));
    }

    /// <summary>Turns q into constant - q / 2, in place.</summary>
    /// <param name="joint">[K x stride]: q on entry, logarithms on return.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="constants">[K].</param>
    /// <param name="padded">Points, whole tiles.</param>
    public static void LogDensities(double* joint, nint stride, ReadOnlySpan<double> constants, int padded)
    {
        fixed (double* pinned = constants)
            LaneWidths.Select<LogDensityUser, int>(LaneWidths.Widest, new LogDensityUser(joint, stride, pinned, constants.Length, padded));
    }

    /// <summary>Turns q into its root, in place.</summary>
    /// <param name="joint">[K x stride]: q on entry, roots on return.</param>
    /// <param name="stride">Numbers between two components.</param>
    /// <param name="components">K.</param>
    /// <param name="padded">Points, whole tiles.</param>
    public static void Roots(double* joint, nint stride, int components, int padded)
    {
        for (var k = 0; k < components; k++, joint += stride)
        {
            var column = new Span<double>(joint, padded);
            TensorPrimitives.MinNumber(column, double.PositiveInfinity, column);
            TensorPrimitives.Sqrt(column, column);
        }
    }

    private readonly struct LabelUser(double* joint, nint stride, double* constants, int components, int padded, double* labels)
        : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            LargestColumn<TLanes, TVector>.Labels(joint, stride, constants, components, padded, labels);
            return padded;
        }
    }

    private readonly struct LogDensityUser(double* joint, nint stride, double* constants, int components, int padded) : ILaneUser<double, int>
    {
        [MethodImpl(Compiled.Once)]
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
