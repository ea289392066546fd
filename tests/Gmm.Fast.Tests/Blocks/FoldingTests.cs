using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast.Tests.Blocks;

/// <summary>Checks the folding of equal points over many segments, which threads finish in any order.</summary>
public class FoldingTests
{
    private const int Count = 60_000;
    private const int Dimension = 400;
    private const int Different = 700;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void PointsKeepTheOrderInWhichTheyFirstOccur(int threads)
    {
        var source = new Rows(failsAt: long.MaxValue);
        using var team = new WorkTeam(threads);
        var folded = Folding<double>.Run(source, components: 2, team, CancellationToken.None)!;

        var (numbers, weights) = (new List<int>(), new double[Different]);
        for (long i = 0; i < Count; i++)
        {
            var number = Rows.Number(i);
            if (weights[number] == 0) numbers.Add(number);
            weights[number] += 1;
        }
        Assert.Equal(numbers.Count, folded.PointCount);
        var (row, weight) = (new double[Dimension], new double[1]);
        for (var i = 0; i < numbers.Count; i++)
        {
            Assert.Equal(Rows.Value(numbers[i], Dimension - 1), folded.Read(i, 1, row)[^1]);
            folded.ReadWeights(i, weight);
            Assert.Equal(weights[numbers[i]], weight[0]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task AFailureEndsAllThreads(int threads)
    {
        var folding = Task.Run(() =>
        {
            using var team = new WorkTeam(threads);
            Folding<double>.Run(new Rows(failsAt: Count / 2), components: 2, team, CancellationToken.None);
        }, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<IOException>(() => folding.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal($"row {Count / 2}", failure.Message);
    }

    // Rows of a few kinds, made as they are read; single ones, which a sample reads, never fail.
    private sealed class Rows(long failsAt) : PointSource<double>
    {
        public override long PointCount => Count;

        public override int Dimension => FoldingTests.Dimension;

        public static int Number(long row) => (int)(((ulong)row * 2654435761 >> 7) % Different);

        public static double Value(int number, int column) => number + column % 3;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            if (count > 1 && first <= failsAt && failsAt < first + count) throw new IOException($"row {failsAt}");
            for (var i = 0; i < count; i++)
            {
                var number = Number(first + i);
                for (var j = 0; j < Dimension; j++) scratch[i * Dimension + j] = Value(number, j);
            }
            return scratch[..(count * Dimension)];
        }
    }
}
