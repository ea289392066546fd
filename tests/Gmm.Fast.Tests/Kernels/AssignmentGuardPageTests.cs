using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Simd;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Assignments and what follows from their sums, on buffers that end, or begin, where the memory does.</summary>
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
                    Element<T>.Instance.Select<Run<T, SoftAssignment>, int>(shape, new Run<T, SoftAssignment>(edge, components));
                    Element<T>.Instance.Select<Run<T, HardAssignment>, int>(shape, new Run<T, HardAssignment>(edge, components));
                }
            }
        }
    }

    private readonly struct Run<T, TAssignment>(Edge edge, int components) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        where TAssignment : struct, IAssignment
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            var partials = LaneSum.PartialsOf<T>();
            var longest = 4 * partials;
            var room = BlockShape.Pad<T>(longest);
            using var joint = new GuardedMemory<T>(room * components, edge);
            using var constants = new GuardedMemory<T>(components, edge);
            using var maxima = new GuardedMemory<T>(room, edge);
            using var sums = new GuardedMemory<T>(room, edge);
            using var totals = new GuardedMemory<double>(partials, edge);
            constants.Span.Fill(-T.One);
            for (var count = 1; count <= longest; count++)
            {
                // Four vectors together, of this width.
                if (count % (4 * TLanes.Count) == 0)
                {
                    Assign<TLanes, TVector>(joint, constants, maxima, sums, count);
                    ShareSums.LogDensities<TLanes, TVector, T>(
                        joint.At(count * components), count, components, count, constants.Pointer, maxima.At(count), sums.At(count));
                    AssertResponsibilities(joint.Take(count * components), sums.Take(count), count, count);
                }

                // The points behind the last one belong to nobody.
                var padded = BlockShape.Pad<T>(count);
                Assign<TLanes, TVector>(joint, constants, maxima, sums, padded);
                ShareSums.Total<TLanes, TVector, T>(
                    joint.At(padded * components), padded, components, count, padded, constants.Pointer, maxima.At(padded), sums.At(padded),
                    totals.Pointer);
                AssertResponsibilities(joint.Take(padded * components), sums.Take(padded), count, padded);
                foreach (var scale in sums.Take(padded)[count..]) Assert.Equal(T.Zero, scale);
            }
            return 0;
        }

        // Every third point is out of reach of all components.
        private void Assign<TLanes, TVector>(
            GuardedMemory<T> joint, GuardedMemory<T> constants, GuardedMemory<T> maxima, GuardedMemory<T> sums, int padded)
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            var distances = joint.Take(padded * components);
            for (var i = 0; i < distances.Length; i++) distances[i] = i % padded % 3 == 2 ? T.PositiveInfinity : T.CreateChecked(1 + i % 5);
            default(TAssignment).Assign<TLanes, TVector, T>(
                joint.At(padded * components), padded, components, padded, constants.Pointer, maxima.At(padded), sums.At(padded));
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
