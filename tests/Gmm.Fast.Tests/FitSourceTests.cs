using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks fits of points from a source, and fits of several data sets with one model.</summary>
public class FitSourceTests
{
    [Theory]
    [InlineData("full", 1)]
    [InlineData("full", 4)]
    [InlineData("tied", 4)]
    [InlineData("diag", 4)]
    [InlineData("spherical", 4)]
    [InlineData("tied-diag", 4)]
    [InlineData("tied-spherical", 4)]
    public void ASourceGivesTheSameBitsAsMemory(string type, int threads)
    {
        var problem = Blobs.Build(seed: 2, n: 9001, d: 4, k: 4, type, separation: 2);
        var options = problem.Options(3, threads: threads);
        Measures.SameBits(MixtureFit.Fit(new Points(problem.Data, 4), options), MixtureFit.Fit(new CopyingSource(problem.Data, 4), options));

        var fromStart = options with { InitialModel = null, Restarts = 2 };
        Measures.SameBits(MixtureFit.Fit(new Points(problem.Data, 4), fromStart), MixtureFit.Fit(new CopyingSource(problem.Data, 4), fromStart));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AnExceptionOfTheSourceComesOutAsItIs(int threads)
    {
        var problem = Blobs.Build(seed: 2, n: 9001, d: 4, k: 4);

        // One call for each of the 24 blocks; then the points are kept.
        foreach (var calls in (int[])[0, 3, 20, 23])
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
        // 80 MB, the same 600 points again and again: the survey reads all of it, three passes the blocks that were not kept.
        const long N = 2_500_000;
        var problem = Blobs.Build(seed: 2, n: 600, d: 4, k: 1, "spherical");
        var repeated = new RepeatingSource(problem.Data, 4, N);
        var options = problem.Options(2, threads: threads);
        var fit = MixtureFit.Fit(repeated, options);
        var again = repeated.RowsRead - N;
        Assert.True(again % 3 == 0);
        Assert.InRange(N - again / 3, 0.9 * (48 << 20) / (4 * sizeof(double)), (48 << 20) / (4 * sizeof(double)));
        Assert.InRange(Distance.Of(problem.Fit(2).Model, fit.Model).Largest, 0, 2.0 / 2500);
        var failing = new RepeatingSource(problem.Data, 4, N) { FailAfterRows = N + again / 3 + 5000 };
        Assert.Throws<IOException>(() => MixtureFit.Fit(failing, options));

        // Cancelled within the pass after the first M-step: the parameters of before it are the last whose log-likelihood is known.
        using var cancellation = new CancellationTokenSource();
        var cancelled = MixtureFit.Fit(
            new RepeatingSource(problem.Data, 4, N) { FailAfterRows = N + again / 3 + 5000, OnFailure = cancellation.Cancel }, options, cancellation.Token);
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
        Assert.StartsWith("PointCount is 0; at least 1 is required",
            Assert.ThrowsAny<ArgumentException>(() => MixtureFit.Fit(new CopyingSource([], 3), options)).Message);
        Assert.StartsWith("rows[5, 1] is NaN",
            Assert.ThrowsAny<ArgumentException>(() => MixtureFit.Fit(new CopyingSource([.. new double[11], double.NaN], 2), options)).Message);
    }

    [Theory]
    [InlineData("full", 2)]
    [InlineData("tied", 2)]
    [InlineData("diag", 3)]
    [InlineData("spherical", 2)]
    [InlineData("tied-diag", 2)]
    [InlineData("tied-spherical", 3)]
    public void RanksWithPartsOfTheDataFitOneModel(string type, int ranks)
    {
        var problem = Blobs.Build(seed: 12, n: 5000, d: 3, k: 3, type, separation: 2);
        var options = problem.Options(8);
        var whole = MixtureFit.Fit(new Points(problem.Data, 3), options);

        // Parts of different sizes; the starts are far enough from the points that moments are taken twice in the first iteration.
        var cuts = Enumerable.Range(0, ranks + 1).Select(r => 3 * (5000 * r * r / (ranks * ranks))).ToArray();
        var fits = Ranks.Run(ranks, (rank, communicator) =>
            MixtureFit.Fit(new Points(problem.Data[cuts[rank]..cuts[rank + 1]], 3), options with { Communicator = communicator }));

        for (var rank = 0; rank < ranks; rank++)
        {
            Assert.Equal(5000, fits[rank].Points);
            Measures.SameBits(fits[0], fits[rank]);
            Assert.Equal(fits[0].Components, fits[rank].Components);
        }
        Assert.InRange(Distance.Of(whole.Model, fits[0].Model).Largest, 0, 1e-12);
        for (var t = 0; t < whole.Trace.Length; t++) Assert.InRange(Measures.Relative(whole.Trace[t], fits[0].Trace[t]), 0, 1e-12);
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
        double[][] parts = [near, far];
        var fits = Ranks.Run(2, (rank, communicator) => MixtureFit.Fit(new Points(parts[rank], 1), options with { Communicator = communicator }));
        Measures.SameBits(fits[0], fits[1]);
        Assert.InRange(Distance.Of(MixtureFit.Fit(new Points([.. near, .. far], 1), options).Model, fits[0].Model).Largest, 0, 1e-12);
        Assert.Equal(2, fits[0].Model.Covariances[1], 1e-9);
    }

    // Fills the scratch it is given, from any thread.
    private sealed class CopyingSource(double[] rows, int columns) : PointSource<double>
    {
        private int _calls;

        public int FailAfter { get; init; } = int.MaxValue;

        public int ShortAfter { get; init; } = int.MaxValue;

        public override long PointCount => rows.Length / columns;

        public override int Dimension => columns;

        public override ReadOnlySpan<double> Read(long firstRow, int count, Span<double> scratch)
        {
            var call = Interlocked.Increment(ref _calls);
            if (call > FailAfter) throw new IOException("the disk is gone");
            rows.AsSpan((int)firstRow * columns, count * columns).CopyTo(scratch);
            return scratch[..((call > ShortAfter ? count - 1 : count) * columns)];
        }
    }

    // Some points over and over.
    private sealed class RepeatingSource(double[] rows, int columns, long count) : PointSource<double>
    {
        private long _rowsRead;

        public long FailAfterRows { get; init; } = long.MaxValue;

        public Action OnFailure { get; init; } = () => throw new IOException("the disk is gone");

        public long RowsRead => _rowsRead;

        public override long PointCount => count;

        public override int Dimension => columns;

        public override ReadOnlySpan<double> Read(long firstRow, int count, Span<double> scratch)
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
}
