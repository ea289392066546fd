using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Simd;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Checks assignments and the passes over their sums on buffers that end, or begin, at the end of accessible memory.</summary>
public unsafe class AssignmentGuardPageTests
{
    [Fact]
    public void DoublesStayInsideTheirBuffers() => StaysInside<double>();

    [Fact]
    public void FloatsStayInsideTheirBuffers() => StaysInside<float>();

    private static void StaysInside<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var edge in Enum.GetValues<Edge>())
        {
            foreach (var shape in LaneShape.All)
            {
                foreach (var components in (int[])[1, 2, 3, 8])
                {
                    Element<T>.Instance.Select<Run<T>, int>(shape, new Run<T>(edge, components));
                }
            }
        }
    }

    private readonly struct Run<T>(Edge edge, int components) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            Assigns<TLanes, TVector, SoftAssignment<TLanes, TVector, T>>();
            Assigns<TLanes, TVector, HardAssignment<TLanes, TVector, T>>();
            return 0;
        }

        private void Assigns<TLanes, TVector, TAssignment>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
            where TAssignment : struct, IAssignment<T>
        {
            var partials = LaneSum.PartialsOf<T>();
            var longest = 4 * partials;
            var room = BlockShape.Pad<T>(longest);
            using var joint = new GuardedMemory<T>(room * components, edge);
            using var constants = new GuardedMemory<T>(components, edge);
            using var maxima = new GuardedMemory<T>(room, edge);
            using var sums = new GuardedMemory<T>(room, edge);
            using var totals = new GuardedMemory<double>(partials, edge);
            using var weights = new GuardedMemory<T>(room, edge);
            constants.Span.Fill(-T.One);
            for (var count = 1; count <= longest; count++)
            {
                // Four vectors together, of this width.
                if (count % (4 * TLanes.Count) == 0)
                {
                    Assign<TAssignment>(joint, constants, maxima, sums, count);
                    ShareSums<TLanes, TVector, T>.LogDensities(
                        joint.At(count * components), count, components, count, constants.Pointer, maxima.At(count), sums.At(count));
                    AssertResponsibilities(joint.Take(count * components), sums.Take(count), count, count);
                }

                // The points behind the last one belong to nobody.
                var padded = BlockShape.Pad<T>(count);
                Assign<TAssignment>(joint, constants, maxima, sums, padded);
                ShareSums<TLanes, TVector, T>.Total(
                    joint.At(padded * components), padded, components, count, padded, constants.Pointer, maxima.At(padded), sums.At(padded),
                    totals.Pointer);
                AssertResponsibilities(joint.Take(padded * components), sums.Take(padded), count, padded);
                foreach (var scale in sums.Take(padded)[count..]) Assert.Equal(T.Zero, scale);

                // The same with weights: a point of weight 2 counts twice, and out of reach stays out of reach.
                Assign<TAssignment>(joint, constants, maxima, sums, padded);
                ShareSums<TLanes, TVector, T>.LogDensities(
                    joint.At(padded * components), padded, components, padded, constants.Pointer, maxima.At(padded), sums.At(padded));
                var unweighted = sums.Take(padded).ToArray();
                var given = weights.Take(padded);
                for (var i = 0; i < padded; i++) given[i] = i < count ? T.CreateChecked(1 + i % 2) : T.Zero;
                ShareSums<TLanes, TVector, T>.Weigh(padded, weights.At(padded), maxima.At(padded), sums.At(padded), totals.Pointer);
                for (var i = 0; i < padded; i++) Assert.Equal(unweighted[i] * given[i], sums.Take(padded)[i]);
                Assert.False(double.IsNaN(LaneSum.Tree<T>(totals.Pointer)));
            }
        }

        // Every third point is out of reach of all components.
        private void Assign<TAssignment>(
            GuardedMemory<T> joint, GuardedMemory<T> constants, GuardedMemory<T> maxima, GuardedMemory<T> sums, int padded)
            where TAssignment : struct, IAssignment<T>
        {
            var distances = joint.Take(padded * components);
            for (var i = 0; i < distances.Length; i++) distances[i] = i % padded % 3 == 2 ? T.PositiveInfinity : T.CreateChecked(1 + i % 5);
            TAssignment.Assign(
                joint.At(padded * components), padded, components, padded, constants.Pointer, maxima.At(padded), sums.At(padded), T.PositiveInfinity);
        }

        private void AssertResponsibilities(ReadOnlySpan<T> shares, ReadOnlySpan<T> scales, int count, int padded)
        {
            for (var i = 0; i < count; i++)
            {
                double sum = 0;
                for (var k = 0; k < components; k++) sum += double.CreateChecked(shares[k * padded + i] * scales[i]);
                Assert.Equal(1, sum, 1e-6);
            }
        }
    }
}
