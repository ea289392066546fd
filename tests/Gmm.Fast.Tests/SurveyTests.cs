using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks how often a fit reads its points before the first iteration.</summary>
public class SurveyTests
{
    [Theory]
    [InlineData(StartMethod.KMeansPlusPlus, 1)]
    [InlineData(StartMethod.KMeansPlusPlus, 5)]
    [InlineData(StartMethod.RandomPoints, 5)]
    [InlineData(StartMethod.SmallEm, 5)]
    public void APassOrTwoOverASourceAreEnoughBeforeTheFirstIteration(StartMethod start, int restarts)
    {
        var problem = Blobs.Build(seed: 61, n: 30_000, d: 3, k: 3, separation: 2);
        var source = new Counting(problem.Data, 3);
        var options = new FitOptions { Components = 3, Start = start, Restarts = restarts, PackingBudget = 0, VarianceFloor = 0.01, MaxIterations = 1 };
        long? before = null;
        var progress = new First(() => before ??= source.Points);
        var fit = MixtureFit.Fit(source, options with { Progress = progress });

        // The first report comes after the first pass of EM, of which the first block of 384 is at hand.
        Assert.InRange(before!.Value, 2 * 30_000 - 384, 3 * 30_000);
        Assert.Equal(1, source.LeastCount / 48);
        Measures.SameBits(MixtureFit.Fit(new Points(problem.Data, 3), options), fit);
    }

    // A first point far away, and a column that is nearly always 0 but there: moments about it would take a second pass.
    [Fact]
    public void AFirstPointFarAwayTakesNoFurtherPass()
    {
        var problem = Blobs.Build(seed: 64, n: 30_000, d: 3, k: 3, separation: 2);
        double[] data = [.. problem.Data];
        (data[0], data[1]) = (1e6, -1e6);
        for (var i = 0; i < 30_000; i++) data[3 * i + 2] = i % 15_000 == 0 ? 1 : 0;
        var source = new Counting(data, 3);
        long? before = null;
        MixtureFit.Fit(
            source,
            new FitOptions { Components = 3, Start = StartMethod.RandomPoints, PackingBudget = 0, MaxIterations = 1, Progress = new First(() => before ??= source.Points) });
        Assert.InRange(before!.Value, 0, 2 * 30_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TheFirstBadRowIsNamedAndEndsThePass(int threads)
    {
        var problem = Blobs.Build(seed: 65, n: 100_000, d: 3, k: 3);
        foreach (var row in (int[])[90_000, 40_000, 41_000, 30_123]) problem.Data[3 * row + 1] = double.NaN;
        for (var run = 0; run < 20; run++)
        {
            var failure = Assert.Throws<ArgumentException>(
                () => MixtureFit.Fit(new Points(problem.Data, 3), new FitOptions { Components = 2, MaxDegreeOfParallelism = threads }));
            Assert.StartsWith("rows[30123, 1] is NaN; finite values are required", failure.Message);
        }
    }

    [Fact]
    public void PointsWithinTheBudgetAreReadOnce()
    {
        var problem = Blobs.Build(seed: 62, n: 30_000, d: 3, k: 3, separation: 2);
        var source = new Counting(problem.Data, 3);
        MixtureFit.Fit(source, new FitOptions { Components = 3, Restarts = 2, VarianceFloor = 0.01 });
        Assert.Equal(30_000, source.Points);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(long.MaxValue)]
    public void TheBudgetDecidesNoBit(long budget)
    {
        foreach (var type in Enum.GetValues<CovarianceType>())
        {
            var problem = Blobs.Build(seed: 63, n: 9_000, d: 3, k: 3, separation: 2);
            var options = new FitOptions { Components = 3, CovarianceType = type, MaxIterations = 4 };
            Measures.SameBits(
                MixtureFit.Fit(new Points(problem.Data, 3), options), MixtureFit.Fit(new Points(problem.Data, 3), options with { PackingBudget = budget }));
        }
    }

    private sealed class First(Action act) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value) => act();
    }

    private sealed class Counting(double[] rows, int d) : PointSource<double>
    {
        private long _points;

        public long Points => Interlocked.Read(ref _points);

        public int LeastCount { get; private set; } = int.MaxValue;

        public override long PointCount => rows.Length / d;

        public override int Dimension => d;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            Interlocked.Add(ref _points, count);
            LeastCount = Math.Min(LeastCount, count);
            return rows.AsSpan((int)first * d, count * d);
        }
    }
}
