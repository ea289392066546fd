using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Data that come from elsewhere, and fits that share one model over several data sets.</summary>
public class FitSourceTests
{
    [Theory]
    [InlineData("full", 1)]
    [InlineData("full", 4)]
    [InlineData("tied", 4)]
    [InlineData("diag", 4)]
    [InlineData("spherical", 4)]
    public void ASourceGivesTheSameBitsAsMemory(string type, int threads)
    {
        var problem = Blobs.Build(seed: 2, n: 9001, d: 4, k: 4, type, separation: 2);
        var options = problem.Options(3, threads: threads);
        Measures.SameBits(MixtureFit.Fit(problem.Data, 4, options), MixtureFit.Fit(new CopyingSource(problem.Data, 4), options));

        var fromStart = options with { InitialModel = null, Restarts = 2 };
        Measures.SameBits(MixtureFit.Fit(problem.Data, 4, fromStart), MixtureFit.Fit(new CopyingSource(problem.Data, 4), fromStart));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnExceptionOfTheSourceComesOutAsItIs(int threads)
    {
        var problem = Blobs.Build(seed: 2, n: 9001, d: 4, k: 4);

        // Two calls for the check, one for each of the 24 blocks; then the points are kept.
        foreach (var calls in (int[])[0, 3, 20, 25])
        {
            var source = new CopyingSource(problem.Data, 4) { FailAfter = calls };
            var failure = Assert.Throws<IOException>(() => MixtureFit.Fit(source, problem.Options(10, threads: threads)));
            Assert.Equal("the disk is gone", failure.Message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void WhatIsTooLargeToKeepIsReadInEveryPassAndMayFailOrBeCancelledInAnyOne(int threads)
    {
        // 80 MB, the same 600 points again and again: the check and the first pass read all of it, two more passes the blocks that were not kept.
        const long N = 2_500_000;
        var problem = Blobs.Build(seed: 2, n: 600, d: 4, k: 1, "spherical");
        var repeated = new RepeatingSource(problem.Data, 4, N);
        var options = problem.Options(2, threads: threads);
        var fit = MixtureFit.Fit(repeated, options);
        var again = repeated.RowsRead - 2 * N;
        Assert.True(again % 2 == 0);
        Assert.InRange(N - again / 2, 0.9 * (48 << 20) / (4 * sizeof(double)), (48 << 20) / (4 * sizeof(double)));
        Assert.InRange(Distance.Of(problem.Fit(2).Model, fit.Model).Largest, 0, 2.0 / 2500);
        var failing = new RepeatingSource(problem.Data, 4, N) { FailAfterRows = 2 * N + 5000 };
        Assert.Throws<IOException>(() => MixtureFit.Fit(failing, options));

        // Cancelled within the pass after the first M-step: the parameters of before it are the last whose log-likelihood is known.
        using var cancellation = new CancellationTokenSource();
        var cancelled = MixtureFit.Fit(
            new RepeatingSource(problem.Data, 4, N) { FailAfterRows = 2 * N + 5000, OnFailure = cancellation.Cancel }, options, cancellation.Token);
        Assert.Equal((FitStatus.Cancelled, 0), (cancelled.Status, cancelled.Iterations));
        Measures.SameBits(problem.Model(), cancelled.Model);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASourceOfTheWrongLengthIsRefused(bool later)
    {
        var problem = Blobs.Build(seed: 2, n: 2000, d: 4, k: 2);
        var source = new CopyingSource(problem.Data, 4) { ShortAfter = later ? 5 : 0 };
        var failure = Assert.ThrowsAny<Exception>(() => MixtureFit.Fit(source, problem.Options(3)));
        Assert.True(failure is ArgumentException or InvalidOperationException, failure.ToString());
        Assert.Contains("are required", failure.Message);
    }

    [Fact]
    public void SizesOfASourceAreChecked()
    {
        var options = new FitOptions { Components = 1 };
        Assert.StartsWith("RowCount is 0; at least 1 is required",
            Assert.ThrowsAny<ArgumentException>(() => MixtureFit.Fit(new CopyingSource([], 3), options)).Message);
        Assert.StartsWith("rows[5, 1] is NaN",
            Assert.ThrowsAny<ArgumentException>(() => MixtureFit.Fit(new CopyingSource([.. new double[11], double.NaN], 2), options)).Message);
    }

    [Theory]
    [InlineData("full", 2)]
    [InlineData("tied", 2)]
    [InlineData("diag", 3)]
    [InlineData("spherical", 2)]
    public void RanksWithPartsOfTheDataFitOneModel(string type, int ranks)
    {
        var problem = Blobs.Build(seed: 12, n: 5000, d: 3, k: 3, type, separation: 2);
        var options = problem.Options(8);
        var whole = MixtureFit.Fit(problem.Data, 3, options);

        // Parts of different sizes; the starts are far enough from the points that moments are taken twice in the first iteration.
        var exchange = new Exchange(ranks);
        var cuts = Enumerable.Range(0, ranks + 1).Select(r => 3 * (5000 * r * r / (ranks * ranks))).ToArray();
        var fits = new FitResult[ranks];
        var parts = Enumerable.Range(0, ranks).Select(rank => problem.Data[cuts[rank]..cuts[rank + 1]]).ToArray();
        var threads = Enumerable.Range(0, ranks).Select(rank =>
            new Thread(() => fits[rank] = MixtureFit.Fit(parts[rank], 3, options with { Reducer = exchange.For(rank) }))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        for (var rank = 0; rank < ranks; rank++)
        {
            Assert.Equal(5000, fits[rank].Points);
            Measures.SameBits(fits[0], fits[rank]);
            Assert.Equal(fits[0].Components, fits[rank].Components);
        }
        Assert.InRange(Distance.Of(whole.Model, fits[0].Model).Largest, 0, 1e-12);
        for (var t = 0; t < whole.Trace.Length; t++) Assert.InRange(Measures.Relative(whole.Trace[t], fits[0].Trace[t]), 0, 1e-12);
        Assert.True(exchange.Rounds >= 9);
    }

    [Fact]
    public void RanksAgreeAboutTakingMomentsTwice()
    {
        // Only rank 1's points are far from the start; both must repeat the pass, or they would wait for each other for ever.
        double[] near = [.. Enumerable.Range(0, 50).Select(i => i % 5 - 2.0)];
        double[] far = [.. Enumerable.Range(0, 50).Select(i => 1e6 + i % 5)];
        var options = new FitOptions
        {
            Components = 2,
            Stop = StopRule.FixedCount,
            MaxIterations = 2,
            Regularization = 0,
            InitialModel = new GaussianMixture(CovarianceType.Full, 1, [0.5, 0.5], [0, 9e5], [1, 1]),
        };
        var exchange = new Exchange(2);
        var fits = new FitResult[2];
        double[][] parts = [near, far];
        var threads = Enumerable.Range(0, 2).Select(rank =>
            new Thread(() => fits[rank] = MixtureFit.Fit(parts[rank], 1, options with { Reducer = exchange.For(rank) }))).ToArray();
        foreach (var thread in threads) thread.Start();
        Assert.All(threads, thread => Assert.True(thread.Join(20_000), "the ranks wait for each other"));
        Measures.SameBits(fits[0], fits[1]);
        Assert.InRange(Distance.Of(MixtureFit.Fit([.. near, .. far], 1, options).Model, fits[0].Model).Largest, 0, 1e-12);
        Assert.Equal(2, fits[0].Model.Covariances[1], 1e-9);
        Assert.Equal(4, exchange.Rounds);
    }

    // Fills the scratch it is given, from any thread.
    private sealed class CopyingSource(double[] rows, int columns) : IBlockSource<double>
    {
        private int _calls;

        public int FailAfter { get; init; } = int.MaxValue;

        public int ShortAfter { get; init; } = int.MaxValue;

        public long RowCount => rows.Length / columns;

        public int ColumnCount => columns;

        public ReadOnlySpan<double> GetRows(long firstRow, int count, Span<double> scratch)
        {
            var call = Interlocked.Increment(ref _calls);
            if (call > FailAfter) throw new IOException("the disk is gone");
            rows.AsSpan((int)firstRow * columns, count * columns).CopyTo(scratch);
            return scratch[..((call > ShortAfter ? count - 1 : count) * columns)];
        }
    }

    // Some points over and over.
    private sealed class RepeatingSource(double[] rows, int columns, long count) : IBlockSource<double>
    {
        private long _rowsRead;

        public long FailAfterRows { get; init; } = long.MaxValue;

        public Action OnFailure { get; init; } = () => throw new IOException("the disk is gone");

        public long RowsRead => _rowsRead;

        public long RowCount => count;

        public int ColumnCount => columns;

        public ReadOnlySpan<double> GetRows(long firstRow, int count, Span<double> scratch)
        {
            if (Interlocked.Add(ref _rowsRead, count) > FailAfterRows) OnFailure();
            for (var filled = 0; filled < count * columns;)
            {
                var from = (int)((firstRow * columns + filled) % rows.Length);
                var length = Math.Min(rows.Length - from, count * columns - filled);
                rows.AsSpan(from, length).CopyTo(scratch[filled..]);
                filled += length;
            }
            return scratch[..(count * columns)];
        }
    }

    // Adds the statistics of all ranks in the order of the ranks.
    private sealed class Exchange(int ranks)
    {
        private readonly Barrier _barrier = new(ranks);
        private readonly SufficientStatistics?[] _parts = new SufficientStatistics?[ranks];

        public int Rounds { get; private set; }

        public IStatisticsReducer For(int rank) => new Rank(this, rank);

        private sealed class Rank(Exchange exchange, int rank) : IStatisticsReducer
        {
            public void AllReduce(SufficientStatistics statistics)
            {
                exchange._parts[rank] = statistics;
                exchange._barrier.SignalAndWait();
                var sum = new SufficientStatistics(statistics.CovarianceType, statistics.Components, statistics.Dimension);
                foreach (var part in exchange._parts) sum.Add(part!);
                exchange._barrier.SignalAndWait();
                sum.Values.CopyTo(statistics.Values);
                if (rank == 0) exchange.Rounds++;
                exchange._barrier.SignalAndWait();
            }
        }
    }
}
