using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Checks that kernels with lanes across components read all their numbers, once, and nothing behind them.</summary>
public unsafe class PointKernelTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void KernelsStayInsideTheirBuffers(string type)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var d in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 27])
        {
            foreach (var k in (int[])[1, 2, 5, 8, 9, 17])
            {
                var problem = Blobs.Build(seed: d, n: 1, d, k, type);
                foreach (var edge in Enum.GetValues<Edge>())
                {
                    foreach (var width in Enum.GetValues<LaneWidth>())
                        LaneWidths.Select<Run, int>(width, new Run(problem.Model().Mixture, problem.Data, edge));
                }
            }
        }
    }

    [Fact]
    public void EntriesOfTheFactorAreFoundWhereTheyWerePacked()
    {
        for (var d = 1; d <= 21; d++)
        {
            var lower = Enumerable.Range(1, d * d).Select(x => (double)x).ToArray();
            var factor = new double[TriangularPanels.Length(d)];
            TriangularPanels.Pack(lower, d, factor);
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j <= i; j++) Assert.Equal(lower[i * d + j], factor[TriangularPanels.Index(i, j, d)]);
            }
        }
    }

    private readonly struct Run(Factored mixture, double[] data, Edge edge) : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct =>
            mixture.Family.Form.SelectPoint<Kernel<TLanes, TVector>, int>(mixture.Numbers, exact: false, new(mixture, data, edge));
    }

    private readonly struct Kernel<TLanes, TVector>(Factored mixture, double[] data, Edge edge) : IPointKernelUser<int>
        where TLanes : struct, ILanes<TVector, double>
        where TVector : struct
    {
        public int With<TKernel>()
            where TKernel : struct, IPointKernel
        {
            var (components, d) = (mixture.Components, mixture.Dimension);
            var padded = (components + TLanes.Count - 1) / TLanes.Count * TLanes.Count;
            var length = TKernel.Length(d);
            using var groups = new GuardedMemory<double>(padded * length, edge);
            using var point = new GuardedMemory<double>(d, edge);
            using var distances = new GuardedMemory<double>(padded, edge);
            groups.Span.Fill(double.NaN);
            for (var k = 0; k < padded; k++)
            {
                var lane = groups.Pointer + k / TLanes.Count * TLanes.Count * length + k % TLanes.Count;
                TKernel.Lay(mixture.Numbers, Math.Min(k, components - 1), lane, TLanes.Count);
            }
            Assert.DoesNotContain(double.NaN, groups.Span.ToArray());

            // What the kernel makes of the point first, with nothing behind its room.
            data.CopyTo(point.Span);
            using var shared = new GuardedMemory<double>(TKernel.SharedLength(d), edge);
            TKernel.LayShared(mixture.Numbers, shared.Pointer);
            using var room = new GuardedMemory<double>(TKernel.RoomLength(d), edge);
            var prepared = TKernel.Prepare(shared.Pointer, d, point.Pointer, room.Pointer);
            Assert.True(prepared == (room.Count == 0 ? point.Pointer : room.Pointer));
            TKernel.SquaredDistances<TLanes, TVector>(groups.Pointer, padded, prepared, d, distances.Pointer);
            Assert.All(distances.Span.ToArray(), q => Assert.True(double.IsFinite(q)));

            // At the other edge it is no other kernel.
            if (edge == Edge.InFront) return 0;

            // A number that is not read would change nothing here.
            for (var i = 0; i < groups.Count; i++)
            {
                var kept = groups.Span[i];
                groups.Span[i] = double.NaN;
                TKernel.SquaredDistances<TLanes, TVector>(groups.Pointer, padded, prepared, d, distances.Pointer);
                var group = i / (TLanes.Count * length) * TLanes.Count;
                Assert.True(double.IsNaN(distances.Span[group + i % TLanes.Count]), $"number {i} is not read");
                groups.Span[i] = kept;
            }
            return 0;
        }
    }
}
