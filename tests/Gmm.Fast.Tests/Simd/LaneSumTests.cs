using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;
using Gmm.Fast.Tests.Kernels;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Checks that sums over points have the documented order at all widths.</summary>
public unsafe class LaneSumTests
{
    public static TheoryData<int> Lengths() => [.. Enumerable.Range(0, 13).Select(i => i * 16)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void EveryWidthDealsThePointsToThePartialsInTurn(int length)
    {
        Deals<double>(length + 8);
        Deals<double>(length);
        Deals<float>(length);
    }

    private static void Deals<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(length);
        var n = LaneSum.PartialsOf<T>();
        using var x = new AlignedBuffer<T>(length);
        using var shares = new AlignedBuffer<T>(length);
        using var center = new AlignedBuffer<T>(1);
        using var scratch = new AlignedBuffer<T>(length * KernelScratch.Columns(1));
        using var moments = new AlignedBuffer<double>(3);
        center.Span.Clear();
        for (var repeat = 0; repeat < 50; repeat++)
        {
            // Sizes over 30 decades: any other order gives other bits. The sums of the points are of their type.
            var values = Measures.To<T>([.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 15)))]);
            var sums = new T[n];
            for (var i = 0; i < length; i++) sums[i % n] += values[i];
            var expected = HalvesOntoHalves([.. sums.Select(double.CreateChecked)]);
            x.Span.Fill(T.One);
            foreach (var shape in LaneShape.All)
            {
                // As responsibilities they are added up by a kernel, to N, and times x = 1 to F.
                values.CopyTo(shares.Span);
                moments.Span.Clear();
                var block = new PointBlock<T>(x.Pointer, length, columns: 1, length, length);
                KernelCalls.Accumulate(shape, CovarianceType.Diagonal, block, shares.Pointer, center.Pointer, scratch.Pointer, moments.Pointer);
                Measures.SameBits([expected, expected], moments.Span[..2], shape.ToString());
            }
        }
    }

    [Fact]
    public void AColumnIsAddedInTheSameOrder()
    {
        var random = new Random(1);
        for (var count = 0; count <= 100; count++)
        {
            double[] values = [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 15)))];
            var partials = new double[LaneSum.Partials];
            for (var i = 0; i < count; i++) partials[i % partials.Length] += values[i];
            double[] column = [.. values, .. Enumerable.Repeat(double.NaN, 32 - count % 32)];
            fixed (double* pointer = column) Measures.SameBits([HalvesOntoHalves(partials)], [LaneSum.Of(pointer, count, column.Length)]);
            Assert.All(column[count..], value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void ThereAreAsManyPartialsAsLanesInTheWidestVector()
    {
        Assert.Equal(LaneSum.Partials, LaneSum.PartialsOf<double>());
        Assert.Equal(16, LaneSum.PartialsOf<float>());
    }

    [Fact]
    public void TheTreesAddHalvesOntoHalves()
    {
        AddsHalvesOntoHalves<double>();
        AddsHalvesOntoHalves<float>();
    }

    private static void AddsHalvesOntoHalves<T>()
        where T : unmanaged
    {
        var random = new Random(sizeof(T));
        var n = LaneSum.PartialsOf<T>();
        for (var count = 1; count <= 4; count++)
        {
            var tile = Enumerable.Range(0, count * n).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 15))).ToArray();
            double[] before = [.. Enumerable.Range(0, count + 1).Select(_ => random.NextDouble())], sums = [.. before];
            double[] expected = [.. Enumerable.Range(0, count).Select(i => HalvesOntoHalves(tile.AsSpan(i * n, n).ToArray()))];
            fixed (double* partials = tile, added = sums)
            {
                for (var i = 0; i < count; i++) Assert.Equal(expected[i], LaneSum.Tree<T>(partials + i * n));
                LaneSum.Add<T>(partials, added, count);
            }

            // And nothing behind the last.
            Measures.SameBits([.. expected.Zip(before, (tree, sum) => sum + tree), before[^1]], sums);
        }
    }

    private static double HalvesOntoHalves(double[] partials)
    {
        for (var half = partials.Length / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) partials[i] += partials[i + half];
        }
        return partials[0];
    }
}
