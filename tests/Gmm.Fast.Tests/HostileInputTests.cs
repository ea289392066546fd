using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks extreme inputs: scales far from 1, sizes beyond an array, sources that change between reads, points out of reach.</summary>
public class HostileInputTests
{
    [Theory]
    [InlineData(-40)]
    [InlineData(-100)]
    [InlineData(-300)]
    [InlineData(100)]
    public void AFitFromKMeansScalesWithTheData(int exponent)
    {
        // Powers of two change no digit, so the scaled fit must be the scaled model to the last bit.
        var problem = Blobs.Build(seed: 8, n: 400, d: 2, k: 3, separation: 8);
        var options = new FitOptions { Components = 3, Regularization = 0 };
        var scaled = MixtureFit.Fit(new Points([.. problem.Data.Select(x => double.ScaleB(x, exponent))], 2), options).Model;
        var plain = MixtureFit.Fit(new Points(problem.Data, 2), options).Model;
        Measures.SameBits(plain.Weights, scaled.Weights);
        Measures.SameBits(plain.Means.ToArray().Select(x => double.ScaleB(x, exponent)).ToArray(), scaled.Means);
        Measures.SameBits(plain.Covariances.ToArray().Select(x => double.ScaleB(x, 2 * exponent)).ToArray(), scaled.Covariances);
    }

    [Theory]
    [InlineData("full", -510)]
    [InlineData("diag", -510)]
    [InlineData("spherical", -520)]
    [InlineData("tied-diag", -510)]
    [InlineData("tied-spherical", -520)]
    [InlineData("full", 250)]
    public void DiagnosticsOfExtremeScalesAreNumbersAndCanBeSaved(string type, int exponent)
    {
        var problem = Blobs.Build(seed: 8, n: 400, d: 3, k: 1, type, condition: 4);
        var options = new FitOptions { Components = 1, CovarianceType = Adapters.Type(type), Regularization = 0 };
        var plain = MixtureFit.Fit(new Points(problem.Data, 3), options).Components[0];
        var fit = MixtureFit.Fit(new Points([.. problem.Data.Select(x => double.ScaleB(x, exponent))], 3), options);
        Assert.Equal(0, fit.Components[0].RegularizationShare);
        Assert.Equal(plain.ConditionNumber, fit.Components[0].ConditionNumber, 1e-2 * plain.ConditionNumber);
        using var stream = new MemoryStream();
        fit.Save(stream);
        Assert.NotEqual(0, stream.Length);
    }

    // Squares of deviations of floats leave their range long before the numbers do; silently, without the check.
    [Theory]
    [InlineData(false, -510, false)]
    [InlineData(false, -500, true)]
    [InlineData(false, 500, true)]
    [InlineData(false, 510, false)]
    [InlineData(true, -70, false)]
    [InlineData(true, -55, true)]
    [InlineData(true, 55, true)]
    [InlineData(true, 62, false)]
    public void UnitsWhoseSquaresLeaveThePrecisionAreRefused(bool isSingle, int exponent, bool isFine)
    {
        var problem = Blobs.Build(seed: 8, n: 400, d: 2, k: 2, separation: 8).RoundedTo<float>();
        double[] data = [.. problem.Data.Select(x => double.ScaleB(x, exponent))];
        var options = new FitOptions { Components = 2 };
        FitResult Fit() => isSingle ? MixtureFit.Fit(new Points(Measures.To<float>(data), 2), options) : MixtureFit.Fit(new Points(data, 2), options);
        if (isFine)
        {
            var expected = isSingle
                ? MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), 2), options) : MixtureFit.Fit(new Points(problem.Data, 2), options);
            var fit = Fit();
            Assert.Equal(expected.MeanLogLikelihood, fit.MeanLogLikelihood + 2 * exponent * Math.Log(2), isSingle ? 1e-4 : 1e-9);
            Assert.Empty(fit.Warnings);
            return;
        }
        var message = Assert.Throws<ArgumentException>(Fit).Message;
        Assert.Matches(
            isSingle ? "^dimension [01], counted from 0, has a variance of [0-9.e+-]+; .* rescale it or use doubles"
            : exponent > 0 ? "^the variances of the data leave the range of a double; rescale the data"
            : "^dimension [01], counted from 0, has a variance of [0-9.e+-]+; .* rescale it", message);
    }

    [Fact]
    public void SizesBeyondAnArrayAreRefusedBeforeAnyWork()
    {
        Assert.Throws<ArgumentException>(() => new SufficientStatistics(CovarianceType.Full, 1373, 2500));
        Assert.Throws<ArgumentException>(() => new SufficientStatistics(CovarianceType.Full, 1, 46341));
        var rows = new double[2500 * 1373];
        var refusal = Assert.Throws<ArgumentException>(() => MixtureFit.Fit(new Points(rows, 2500), new FitOptions { Components = 1373 }));
        Assert.StartsWith(
            "1373 components of 2500 dimensions need 8608710000 numbers; at most 2147483591 fit an array; use covariances without off-diagonal entries, fewer "
                + "dimensions or fewer components", refusal.Message);
    }

    [Fact]
    public void ManyFeaturesCostNoMatrixWhereTheTypeHasNone()
    {
        // 50,000 dimensions: one matrix of them would be 20 GB.
        var rows = Enumerable.Range(0, 4 * 50_000).Select(i => Math.Sin(i)).ToArray();
        foreach (var type in Layout.CovarianceTypes.Where(type => !Layout.HasOffDiagonal(type)).Select(Adapters.Type))
        {
            var fit = MixtureFit.Fit(new Points(rows, 50_000), new FitOptions { Components = 1, CovarianceType = type });
            Assert.True(fit.Components[0].ConditionNumber >= 1);
            fit.Model.Sample(1, new double[50_000]);
        }
    }

    [Fact]
    public void CancellingBeforeTheSeedsEndsAtOnce()
    {
        var problem = Blobs.Build(seed: 8, n: 2000, d: 2, k: 2);
        using var cancellation = new CancellationTokenSource();
        var source = new ShiftingSource(problem.Data, 2) { OnRead = (reads, _) => { if (reads == 6) cancellation.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => MixtureFit.Fit(source, new FitOptions { Components = 1000 }, cancellation.Token));
    }

    [Theory]
    [InlineData(StartMethod.KMeansPlusPlus)]
    [InlineData(StartMethod.RandomPoints)]
    [InlineData(StartMethod.SmallEm)]
    public void CancellingAtAnyReadEndsTheFitAsCancelled(StartMethod start)
    {
        var problem = Blobs.Build(seed: 8, n: 1500, d: 2, k: 2);
        var options = new FitOptions { Components = 2, Start = start, VarianceFloor = 0.01, PackingBudget = 0, MaxDegreeOfParallelism = 1 };
        var last = 0;
        MixtureFit.Fit(new ShiftingSource(problem.Data, 2) { OnRead = (reads, _) => last = reads }, options);
        Assert.InRange(last, 5, 400);
        for (var at = 1; at <= last; at++)
        {
            using var cancellation = new CancellationTokenSource();
            var source = new ShiftingSource(problem.Data, 2)
            {
                OnRead = (reads, rows) =>
                {
                    Assert.True(reads <= at, $"read {reads}, of {rows} rows, came after the fit was cancelled in read {at}");
                    if (reads == at) cancellation.Cancel();
                },
            };

            // From the first complete pass of EM on there is a model.
            try
            {
                Assert.Equal(FitStatus.Cancelled, MixtureFit.Fit(source, options, cancellation.Token).Status);
            }
            catch (OperationCanceledException)
            {
                Assert.True(at < last);
            }
        }
    }

    [Fact]
    public void ASourceThatChangesItsSizeIsNotBelieved()
    {
        var problem = Blobs.Build(seed: 8, n: 500, d: 4, k: 2);
        var steady = MixtureFit.Fit(new Points(problem.Data, 4), problem.Options(3));
        var shifting = MixtureFit.Fit(new ShiftingSource(problem.Data, 4) { GrowsTo = 4000 }, problem.Options(3));
        Measures.SameBits(steady.Model, shifting.Model);
    }

    [Theory]
    [InlineData(1e160, -1e160)]
    [InlineData(1.7e308, -1.7e308)]
    public void APointOutOfReachIsInfinitelyFarAndBelongsToNoComponentOfWeightZero(double x, double y)
    {
        var model = new GaussianMixture(CovarianceType.Full, 2, [0.5, 0.5, 0], [-1.7e308, 0, 0, 0, 1, 1], [1, 0.5, 0.5, 1, 1, 0.5, 0.5, 1, 1, 0.5, 0.5, 1]);
        double[] point = [x, y];
        var (responsibilities, distances, logs) = (new double[3], new double[3], new double[3]);
        model.Responsibilities(point, responsibilities);
        model.MahalanobisDistances(point, distances);
        model.ComponentLogDensities(point, logs);
        Assert.Equal([0.5, 0.5, 0], responsibilities);
        Assert.Equal(double.NegativeInfinity, model.LogDensity(point));
        Assert.Equal(double.NegativeInfinity, model.TotalLogLikelihood(new Points([0, 0, x, y, x, y], 2)));
        Assert.All(distances, distance => Assert.True(distance > 1e154));
        Assert.All(logs, log => Assert.True(log < -1e300));
    }

    [Theory]
    [InlineData(CovarianceType.Tied)]
    [InlineData(CovarianceType.Full)]
    public void OneOutlierDoesNotMakeARegularizedCovarianceIndefinite(CovarianceType type)
    {
        var problem = Blobs.Build(seed: 8, n: 300, d: 2, k: 2);
        problem.Data[0] = 1e20;
        var fit = MixtureFit.Fit(new Points(problem.Data, 2), new FitOptions { Components = 2, CovarianceType = type });
        Assert.NotEqual(FitStatus.Collapsed, fit.Status);
    }

    private sealed class ShiftingSource(double[] rows, int columns) : PointSource<double>
    {
        private int _asked;
        private int _reads;

        public int? GrowsTo { get; init; }

        public Action<int, int>? OnRead { get; init; }

        public override long PointCount => rows.Length / columns;

        public override int Dimension => Interlocked.Increment(ref _asked) == 1 ? columns : GrowsTo ?? columns;

        public override ReadOnlySpan<double> Read(long firstRow, int count, Span<double> scratch)
        {
            OnRead?.Invoke(Interlocked.Increment(ref _reads), count);
            return rows.AsSpan((int)firstRow * columns, count * columns);
        }
    }
}
