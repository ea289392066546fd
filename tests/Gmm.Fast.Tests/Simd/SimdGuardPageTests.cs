using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Kernels;

namespace Gmm.Fast.Tests.Simd;

/// <summary>
/// Checks loops that move and add numbers on buffers that end, or begin, at the end of accessible memory, for every length up to three of the widest
/// vector.
/// </summary>
public unsafe class SimdGuardPageTests
{
    private const int Longest = 24;

    [Theory]
    [InlineData(Edge.Behind)]
    [InlineData(Edge.InFront)]
    public void SumsStayInsideTheirBuffers(Edge edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        Sums<double>(edge);
        Sums<float>(edge);
    }

    [Theory]
    [InlineData(Edge.Behind)]
    [InlineData(Edge.InFront)]
    public void DenseRowsStayInsideTheirBuffers(Edge edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        using var a = new GuardedMemory<double>(Longest, edge);
        using var b = new GuardedMemory<double>(Longest, edge);
        a.Span.Fill(1);
        for (var length = 0; length <= Longest; length++)
        {
            b.Span.Fill(1);
            Assert.Equal(length, DenseRows.Dot(a.At(length), b.At(length), length));
            DenseRows.AddMultiple(2, a.At(length), b.At(length), length);
            Assert.Equal(2 * length + Longest, b.Span.ToArray().Sum());
        }
    }

    [Theory]
    [InlineData(Edge.Behind)]
    [InlineData(Edge.InFront)]
    public void TransposingStaysInsideItsBuffers(Edge edge)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "uses mmap and mprotect");
        Transposes<double>(edge);
        Transposes<float>(edge);
    }

    // Columns and rows of every length, rows one after the other or apart, with scales or without.
    private static void Transposes<T>(Edge edge)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Gap = 3;
        var longest = 3 * LaneSum.PartialsOf<T>();
        using var source = new GuardedMemory<T>(longest * (Longest + Gap), edge);
        using var target = new GuardedMemory<T>(2 * longest * Longest, edge);
        using var scales = new GuardedMemory<T>(Longest, edge);
        source.Span.Fill(T.One);
        scales.Span.Fill(T.One);
        for (var rows = 1; rows <= longest; rows++)
        {
            for (var columns = 1; columns <= Longest; columns++)
            {
                foreach (var stride in (int[])[columns, columns + Gap])
                {
                    var from = source.At((rows - 1) * stride + columns);
                    Transpose.Copy(from, stride, rows, columns, target.At(columns * rows), rows);

                    // Scales are read in whole squares.
                    Transpose.Scaled(from, stride, rows, columns, scales.At((columns + 3) / 4 * 4), target.At(columns * rows), rows);
                }

                // Packed with no, and with as many points again behind the last one.
                var points = source.Take(rows * columns);
                BlockPacker.Pack<T>(points, columns, target.At(columns * rows), rows, rows);
                BlockPacker.Pack<T>(points, columns, target.At(2 * columns * rows), 2 * rows, 2 * rows);
                foreach (var number in target.Take(2 * columns * rows)) Assert.Equal(T.One, number);
            }
        }
    }

    private static void Sums<T>(Edge edge)
        where T : unmanaged
    {
        var n = LaneSum.PartialsOf<T>();
        using var tile = new GuardedMemory<double>(LaneSum.TileLength, edge);
        using var memory = new GuardedMemory<double>(4, edge);
        tile.Span.Fill(1);
        for (var count = 1; count <= 4; count++)
        {
            Assert.Equal(n, LaneSum.Tree<T>(tile.At(n)));
            memory.Span.Fill(1);
            LaneSum.Add<T>(tile.At(count * n), memory.At(count), count);
            foreach (var sum in memory.Take(count)) Assert.Equal(1 + n, sum);
        }
    }
}
