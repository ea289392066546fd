using Gmm.Fast.Em;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks that sums of shards have the order of a fixed tree, for any order of completion.</summary>
public class StatisticsTreeTests
{
    public static TheoryData<int> Shards() => [.. Enumerable.Range(1, 17), 64];

    [Theory]
    [MemberData(nameof(Shards))]
    public void AnyOrderOfCompletionGivesTheBitsOfAPlainTree(int shards)
    {
        var random = new Random(shards);
        var values = Values(shards, random);
        var expected = Sum(values);
        var tree = Tree(shards);
        int[] order = [.. Enumerable.Range(0, shards)];
        for (var pass = 0; pass < 100; pass++)
        {
            tree.Reset();
            foreach (var shard in order) Complete(tree, shard, values[shard]);
            Measures.SameBits(expected, tree.Sums[0]!.Values, $"order {string.Join(' ', order)}: value");
            if (pass == 0) Array.Reverse(order);
            else random.Shuffle(order);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(64)]
    public void ShardsMayBeCompletedByManyThreadsAtOnce(int shards)
    {
        var values = Values(shards, new Random(shards));
        var expected = Sum(values);
        var tree = Tree(shards);
        for (var pass = 0; pass < 100; pass++)
        {
            tree.Reset();
            Parallel.For(0, shards, new ParallelOptions { MaxDegreeOfParallelism = 4 }, shard => Complete(tree, shard, values[shard]));
            Measures.SameBits(expected, tree.Sums[0]!.Values, $"pass {pass}: value");
        }
    }

    [Theory]
    [MemberData(nameof(Shards))]
    public void NothingOfAnInterruptedPassIsLeft(int shards)
    {
        var random = new Random(shards);
        var (abandoned, values) = (Values(shards, random), Values(shards, random));
        var tree = Tree(shards);
        for (var until = 0; until < shards; until++)
        {
            // Every order leaves other nodes waiting; one shard was begun and not completed.
            int[] order = [.. Enumerable.Range(0, shards)];
            random.Shuffle(order);
            foreach (var shard in order[..until]) Complete(tree, shard, abandoned[shard]);
            tree.Rent().Values.Fill(double.NaN);

            tree.Reset();
            foreach (var shard in order) Complete(tree, shard, values[shard]);
            Measures.SameBits(Sum(values), tree.Sums[0]!.Values);
        }
    }

    [Fact]
    public void WhatIsRentedIsEmptyAndUsedAgain()
    {
        // In the order of the shards one node per level waits, beside the shard that is under way.
        var tree = Tree(64);
        var rented = new HashSet<SufficientStatistics>(ReferenceEqualityComparer.Instance);
        for (var pass = 0; pass < 3; pass++)
        {
            tree.Reset();
            for (var shard = 0; shard < 64; shard++)
            {
                var statistics = tree.Rent();
                Assert.All(statistics.Values.ToArray(), value => Assert.Equal(0, value));
                rented.Add(statistics);
                statistics.Values.Fill(1);
                tree.Complete(shard, statistics);
            }
        }
        Assert.InRange(rented.Count, 2, 7);
    }

    [Fact]
    public void LargeStatisticsAreMadeWhenTheyAreNeededAndNoEarlier()
    {
        // 181 thousand numbers, for each of the seven that are alive at once: more than is made before the first pass.
        var shape = new SufficientStatistics(CovarianceType.Full, 1, 600);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var tree = new StatisticsTree(shape, 64, 0, 64);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8L * shape.Values.Length);
        for (var shard = 0; shard < 64; shard++)
        {
            var statistics = tree.Rent();
            statistics.Values.Fill(shard);
            tree.Complete(shard, statistics);
        }
        Assert.All(tree.Sums[0]!.Values.ToArray(), value => Assert.Equal(63 * 64 / 2, value));
    }

    private static StatisticsTree Tree(int shards) => new(new SufficientStatistics(CovarianceType.Diagonal, 2, 3), shards, 0, shards);

    private static void Complete(StatisticsTree tree, int shard, double[] values)
    {
        var statistics = tree.Rent();
        values.CopyTo(statistics.Values);
        tree.Complete(shard, statistics);
    }

    // Sizes over 20 decades: any other order gives other bits.
    private static double[][] Values(int shards, Random random)
    {
        var length = new SufficientStatistics(CovarianceType.Diagonal, 2, 3).Values.Length;
        return [.. Enumerable.Range(0, shards).Select(_ =>
            Enumerable.Range(0, length).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-10, 10))).ToArray())];
    }

    // Pairs of neighbors, level by level; the last of an odd level goes up as it is.
    private static double[] Sum(double[][] level)
    {
        while (level.Length > 1) level = [.. level.Chunk(2).Select(pair => pair.Length == 1 ? pair[0] : [.. pair[0].Zip(pair[1], (a, b) => a + b)])];
        return level[0];
    }
}
