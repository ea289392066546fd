using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Linalg;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Kernels;

/// <summary>Checks kernels on buffers that end, or begin, at the end of accessible memory: one number too far ends the process.</summary>
public unsafe class GuardPageTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
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
                foreach (var edge in Enum.GetValues<Edge>())
                {
                    Element<double>.Instance.Select<Whitening<double>, int>(shape, new Whitening<double>(d, edge));
                    Element<float>.Instance.Select<Whitening<float>, int>(shape, new Whitening<float>(d, edge));
                }
            }
        }
    }

    // Every length that is whole tiles or whole partial sums, up to four of the widest vector. No number lies between two columns.
    private static void KernelsStayInside<T>(string type)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int K = 2;
        var longest = 4 * LaneSum.PartialsOf<T>();
        foreach (var d in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17])
        {
            var problem = Blobs.Build(seed: d, longest, d, K, type);
            var mixture = problem.Model().Mixture;
            using var parameters = new KernelParameters<T>(mixture.Family.Form, mixture.Components, mixture.Dimension);
            parameters.Load(mixture.Numbers);
            foreach (var edge in Enum.GetValues<Edge>())
            {
                using var x = new GuardedMemory<T>(longest * d, edge);
                using var scratch = new GuardedMemory<T>(longest * KernelScratch.Columns(d), edge);
                using var joint = new GuardedMemory<T>(longest * K, edge);
                using var scales = new GuardedMemory<T>(longest, edge);
                using var centers = new GuardedMemory<T>(K * d, edge);
                using var tile = new GuardedMemory<double>(LaneSum.TileLength, edge);
                using var moments = new GuardedMemory<double>(K * (1 + d + mixture.Family.Moments.Length(d)), edge);
                Measures.To<T>(problem.Means).CopyTo(centers.Span);
                scales.Span.Fill(T.One);
                foreach (var shape in LaneShape.All)
                {
                    var width = Element<T>.Instance.Select<TileWidth<T>, int>(shape, new TileWidth<T>(type));
                    for (var count = 1; count <= longest; count++)
                    {
                        var block = BlockPacker.Pack<T>(Measures.To<T>(problem.Data.AsSpan(0, count * d)), d, x.At(count * d), count, count);
                        if (count % width == 0)
                        {
                            joint.Span.Fill(T.NaN);
                            KernelCalls.Distances(
                                shape, Adapters.Type(type), block, parameters, scratch.At(count * KernelScratch.Columns(d)), joint.At(count * K));
                            foreach (var q in joint.Take(count * K)) Assert.True(q >= T.Zero);
                        }
                        if (count % LaneSum.PartialsOf<T>() != 0) continue;
                        moments.Span.Clear();
                        joint.Span.Fill(T.One);
                        KernelCalls.Accumulate(
                            shape, Adapters.Type(type), block, K, joint.At(count * K), scales.At(count), centers.Pointer,
                            scratch.At(count * PanelScratch.Columns), tile.Pointer, moments.Pointer);
                        for (var k = 0; k < K; k++) Assert.Equal(count, moments.Span[moments.Span.Length / K * k]);
                    }
                }
            }
        }
    }

    // Sums of squares take four vectors of points together at every width.
    private readonly struct TileWidth<T>(string type) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct => type switch
            {
                "full" => VectorTile<TLanes, TVector, T>.Count,
                "tied" or "diag" or "spherical" or "tied-diag" or "tied-spherical" => 4 * TLanes.Count,
                _ => throw Layout.Unknown(type),
            };
    }

    // One tile of ones to the mean 0 with a factor of ones: row i of the whitened point is i + 1.
    private readonly struct Whitening<T>(int d, Edge edge) : ILaneUser<T, int>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            var tile = VectorTile<TLanes, TVector, T>.Count;
            using var x = new GuardedMemory<T>(tile * d, edge);
            using var mean = new GuardedMemory<T>(d, edge);
            using var factor = new GuardedMemory<T>(TriangularPanels.Length(d), edge);
            using var deviations = new GuardedMemory<T>(tile * d, edge);
            using var whitened = new GuardedMemory<T>(tile * d, edge);
            using var distances = new GuardedMemory<T>(tile, edge);
            var packed = new double[factor.Count];
            TriangularPanels.Pack(Enumerable.Repeat(1.0, d * d).ToArray(), d, packed);
            Measures.To<T>(packed).CopyTo(factor.Span);
            x.Span.Fill(T.One);
            mean.Span.Clear();
            TriangularForm<TLanes, TVector, T>.Whiten(
                new PointBlock<T>(x.Pointer, tile, d, tile, tile), mean.Pointer, factor.Pointer, deviations.Pointer, whitened.Pointer, distances.Pointer);
            for (var i = 0; i < whitened.Count; i++) Assert.Equal(T.CreateChecked(i / tile + 1), whitened.Span[i]);
            for (var i = 0; i < tile; i++) Assert.Equal(T.CreateChecked(d * (d + 1) * (2 * d + 1) / 6), distances.Span[i]);
            return 0;
        }
    }
}
