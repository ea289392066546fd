using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Simd;

/// <summary>Sums over points: one order for all widths, the documented one.</summary>
public unsafe class LaneSumTests
{
    public static TheoryData<int> Lengths() => [.. Enumerable.Range(0, 13).Select(i => i * LaneSum.Partials)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void EveryWidthAddsInTheDocumentedOrder(int length)
    {
        var random = new Random(length);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            // Sizes over 30 decades: any other order gives other bits.
            var values = Enumerable.Range(0, length).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 15))).ToArray();
            var s = new double[8];
            for (var i = 0; i < length; i++) s[i % 8] += values[i];
            var expected = (s[0] + s[4]) + (s[2] + s[6]) + ((s[1] + s[5]) + (s[3] + s[7]));
            foreach (var width in Enum.GetValues<LaneWidth>())
            {
                fixed (double* pointer = values)
                    Measures.SameBits([expected], [LaneWidths.Select<Summation, double>(width, new Summation(pointer, length))], width.ToString());
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

    private readonly struct Summation(double* values, int length) : ILaneUser<double, double>
    {
        public double With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => LaneSum.Of<TLanes, TVector>(values, length);
    }
}
