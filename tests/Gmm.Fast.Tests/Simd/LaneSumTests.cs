using System.Numerics;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Sums over points: one order for all widths, the documented one.</summary>
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
        for (var repeat = 0; repeat < 50; repeat++)
        {
            // Sizes over 30 decades: any other order gives other bits. The sums of the points are of their type, and are added to what is there.
            var values = Measures.To<T>([.. Enumerable.Range(0, length).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 15)))]);
            var sums = new T[n];
            for (var i = 0; i < length; i++) sums[i % n] += values[i];
            double[] start = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
            double[] expected = [.. start.Select((x, i) => x + double.CreateChecked(sums[i]))];
            foreach (var shape in LaneShape.All)
            {
                // Twice the values at half the scale: the products are exact.
                double[] partials = [.. start];
                T[] scaled = Array.ConvertAll(values, x => x + x), halves = Array.ConvertAll(values, _ => T.CreateTruncating(0.5));
                fixed (T* pointer = scaled, scales = halves)
                fixed (double* p = partials) Element<T>.Instance.Select<Summation<T>, int>(shape, new Summation<T>(pointer, scales, length, p));
                Assert.Equal(values, scaled);
                Measures.SameBits(expected, partials, shape.ToString());
            }
        }
    }

    [Fact]
    public void ThereAreAsManyPartialsAsLanesInTheWidestVector()
    {
        Assert.Equal(LaneSum.Partials, LaneSum.PartialsOf<double>());
        Assert.Equal(16, LaneSum.PartialsOf<float>());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void TheTreeAddsHalvesOntoHalvesAndLeavesThePartials(int count)
    {
        var random = new Random(count);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var partials = Enumerable.Range(0, count).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 15))).ToArray();
            double[] kept = [.. partials], s = [.. partials];
            for (var half = count / 2; half > 0; half /= 2)
            {
                for (var i = 0; i < half; i++) s[i] += s[i + half];
            }
            fixed (double* pointer = partials) Measures.SameBits(s.AsSpan(0, 1), [LaneSum.Tree(pointer, count)]);
            Measures.SameBits(kept, partials);
        }
    }

    [Fact]
    public void TakingLeavesZerosAndNothingElse()
    {
        foreach (var count in (int[])[8, 16])
        {
            double[] partials = [.. Enumerable.Range(1, count).Select(i => (double)i), 7];
            fixed (double* pointer = partials) Assert.Equal(count * (count + 1) / 2, LaneSum.Take(pointer, count));
            Assert.Equal([.. new double[count], 7], partials);
        }
    }

    private readonly struct Summation<T>(T* values, T* scales, int length, double* partials) : ILaneUser<T, int>
        where T : unmanaged
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, T>
            where TVector : struct
        {
            LaneSum.Scale<TLanes, TVector, T>(values, scales, length, partials);
            return 0;
        }
    }
}
