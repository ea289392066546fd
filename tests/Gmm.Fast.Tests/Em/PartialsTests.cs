using Gmm.Fast.Covariance;
using Gmm.Fast.Em;

namespace Gmm.Fast.Tests.Em;

/// <summary>One sum per lane, folded into the statistics: at the end of a shard, or component by component where the model is large.</summary>
public unsafe class PartialsTests
{
    // K x (1 + D + D(D+1)/2) x lanes x 8 bytes: 2 kB, and 30 MB, more than any second-level cache.
    public static TheoryData<int, int, int, bool> Models() => new()
    {
        { 3, 4, 8, true },
        { 3, 4, 16, true },
        { 24, 200, 8, false },
        { 24, 200, 16, false },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void AllThatWasAddedIsFoldedAndNothingStays(int components, int dimension, int lanes, bool together)
    {
        var statistics = new SufficientStatistics(CovarianceType.Full, components, dimension);
        using var partials = new Partials(statistics, lanes);
        Assert.Equal(together, partials.Component(0) != partials.Component(1));

        var random = new Random(components);
        double[] expected = new double[statistics.Values.Length], scale = new double[expected.Length];
        for (var shard = 0; shard < 2; shard++)
        {
            for (var block = 0; block < 2; block++)
            {
                Add(partials.LogLikelihood, expected.Length - 2);
                for (var k = 0; k < components; k++)
                {
                    for (var i = 0; i < statistics.ComponentLength; i++) Add(partials.Component(k) + i * lanes, k * statistics.ComponentLength + i);
                    partials.Done(k, statistics);
                    if (shard == 0) Assert.Equal(together, statistics.EffectiveCount(k) == 0);
                }
            }
            partials.Flush(statistics);
            for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], statistics.Values[i], 1e-15 * scale[i]);
        }

        double[] sums = [.. statistics.Values];
        for (var k = 0; k < components; k++) partials.Done(k, statistics);
        partials.Flush(statistics);
        Measures.SameBits(sums, statistics.Values);

        void Add(double* numbers, int sum)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                var value = random.NextDouble() - 0.25;
                numbers[lane] += value;
                expected[sum] += value;
                scale[sum] += lanes * Math.Abs(value);
            }
        }
    }
}
