using System.Numerics;
using Gmm.Fast.Covariance;
using Gmm.Fast.Data;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Covariance;

/// <summary>Kernels on buffers that end where the memory ends: one number too far, and the process is gone.</summary>
public unsafe class GuardPageTests
{
    [Theory]
    [InlineData("full")]
    [InlineData("tied")]
    [InlineData("diag")]
    [InlineData("spherical")]
    public void KernelsStayInsideTheirBuffers(string type)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        KernelsStayInside<double>(type);
        KernelsStayInside<float>(type);
    }

    [Fact]
    public void TheKernelOfTrianglesReadsNothingBehindMeanAndFactorAndNeedsOneTilePerColumn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var shape in LaneShape.All)
        {
            for (var d = 1; d <= 13; d++)
            {
                Element<double>.Instance.Select<Whitening<double>, int>(shape, new Whitening<double>(d));
                Element<float>.Instance.Select<Whitening<float>, int>(shape, new Whitening<float>(d));
            }
        }
    }

    [Fact]
    public void RowsAtTheEndOfMemoryCanBeScoredAndFitted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        foreach (var type in Layout.CovarianceTypes)
        {
            var problem = Blobs.Build(seed: 3, n: 401, d: 3, k: 2, type);
            using var rows = new GuardedMemory<double>(problem.Data.Length);
            problem.Data.CopyTo(rows.Span);
            Measures.SameBits(problem.Fit(), MixtureFit.Fit(rows.Span, 3, problem.Options()));
            var point = rows.Span[^3..];
            Assert.Equal(problem.Model().LogDensity(problem.Data.AsSpan()[^3..]), problem.Model().LogDensity(point));
        }
    }

    private static void KernelsStayInside<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var padding = BlockShape.Pad<T>(1);
        foreach (var d in (int[])[1, 2, 3, 4, 5, 7, 8, 13, 16])
        {
            foreach (var count in (int[])[1, padding - 1, padding, padding + 1, 2 * padding])
            {
                var problem = Blobs.Build(seed: d, count, d, k: 2, type);
                var mixture = problem.Model().Parameters;
                using var parameters = new KernelParameters<T>(mixture);
                parameters.Load(mixture);
                var stride = BlockShape.Pad<T>(count);
                using var x = new GuardedMemory<T>(stride * d);
                using var scratch = new GuardedMemory<T>(stride * Kernels.ScratchColumns(d));
                using var joint = new GuardedMemory<T>(stride * 2);
                using var center = new GuardedMemory<T>(d);
                using var moments = new GuardedMemory<double>(1 + d + mixture.Covariance.SecondMomentLength(d));
                Measures.To<T>(problem.Means.AsSpan(0, d)).CopyTo(center.Span);
                foreach (var shape in LaneShape.All)
                {
                    var block = BlockPacker.Pack<T>(Measures.To<T>(problem.Data), d, x.Pointer, stride, stride);
                    KernelCalls.Distances(shape, Adapters.Type(type), block, parameters, scratch.Pointer, joint.Pointer);
                    moments.Span.Clear();
                    KernelCalls.Accumulate(shape, Adapters.Type(type), block, joint.Pointer + stride, center.Pointer, scratch.Pointer, moments.Pointer);
                    Assert.True(moments.Span[0] > 0);
                }
            }
        }
    }

    // One tile of ones to the mean 0 with a factor of ones: row i of the whitened point is i + 1.
    private readonly struct Whitening<T>(int d) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            var tile = VectorTile<TLanes, TVector, T>.Count;
            using var x = new GuardedMemory<T>(tile * d);
            using var mean = new GuardedMemory<T>(d);
            using var factor = new GuardedMemory<T>(DistanceKernel.FactorLength(d));
            using var deviations = new GuardedMemory<T>(tile * d);
            using var whitened = new GuardedMemory<T>(tile * d);
            using var distances = new GuardedMemory<T>(tile);
            var packed = new double[factor.Count];
            DistanceKernel.PackFactor(Enumerable.Repeat(1.0, d * d).ToArray(), d, packed);
            Measures.To<T>(packed).CopyTo(factor.Span);
            x.Span.Fill(T.One);
            mean.Span.Clear();
            DistanceKernel.Whiten<TLanes, TVector, T>(
                new ColumnBlock<T>(x.Pointer, tile, d, tile, tile), mean.Pointer, factor.Pointer, deviations.Pointer, whitened.Pointer, distances.Pointer);
            for (var i = 0; i < whitened.Count; i++) Assert.Equal(T.CreateChecked(i / tile + 1), whitened.Span[i]);
            for (var i = 0; i < tile; i++) Assert.Equal(T.CreateChecked(d * (d + 1) * (2 * d + 1) / 6), distances.Span[i]);
            return 0;
        }
    }
}
