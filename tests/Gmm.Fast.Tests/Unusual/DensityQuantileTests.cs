using Gmm.TestKit;

namespace Gmm.Fast.Tests.Unusual;

/// <summary>Checks the distribution of log-densities against sorted lists of all of them.</summary>
public class DensityQuantileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void OfFewPointsSharesAreExact(int n)
    {
        var problem = Blobs.Build(seed: 3, n, d: 2, k: 2);
        var model = problem.Model().WithDensityQuantiles(new Points(problem.Data, 2));
        var sorted = Sorted(model, problem.Data);
        for (var i = 0; i < n; i++)
        {
            var point = problem.Data.AsSpan(2 * i, 2);
            Assert.Equal((double)UpTo(sorted, model.LogDensity(point)) / n, model.TailProbability(point));
            Assert.Equal(sorted[i], model.DensityQuantile((i + 1.0) / n));
        }
        Assert.Equal(0, model.TailProbability([1e3, -1e3]));
        Assert.Equal(0, model.TailProbability(double.NegativeInfinity));
        Assert.Equal(1, model.TailProbability(double.PositiveInfinity));
        Assert.Equal(1, model.WithMissingValues(MissingValues.Marginalize).TailProbability([double.NaN, double.NaN]));
        Assert.Equal(sorted[0], model.DensityQuantile(0));
        Assert.Equal(sorted[^1], model.DensityQuantile(1));
    }

    // Clouds of several shapes, one far from the origin, one with half of its points in one place, one where a needle stands in a wide component.
    [Theory]
    [InlineData("full", 2, 3, 0)]
    [InlineData("full", 30, 4, 1000)]
    [InlineData("diag", 1, 1, 0)]
    [InlineData("spherical", 100, 2, 0)]
    [InlineData("atom", 2, 2, 0)]
    [InlineData("needle", 2, 2, 0)]
    public void OfManyPointsSharesAreAsCloseAsPromised(string kind, int d, int k, double shift)
    {
        const int N = 50_000;
        var problem = Blobs.Build(seed: 4, N, d, k, kind is "atom" or "needle" ? "full" : kind, shift: shift);
        double[] data = [.. problem.Data];
        if (kind == "atom")
        {
            for (var i = 0; i < N / 2; i++) data.AsSpan(0, d).CopyTo(data.AsSpan(2 * i * d, d));
        }
        var given = problem.Model();
        if (kind == "needle") given = new GaussianMixture(CovarianceType.Spherical, 2, [0.5, 0.5], [0, 0, 0, 0], [1e-12, 16]);
        var model = given.WithDensityQuantiles(new Points(data, d));
        var sorted = Sorted(model, data);
        for (var i = 0; i < N; i = i < 200 ? i + 1 : i + 37)
        {
            var share = (double)UpTo(sorted, sorted[i]) / N;
            var told = model.TailProbability(sorted[i]);
            if (Math.Abs(told - share) <= Math.Min(0.1 * share, 0.01)) continue;

            // Within the width of a bin the order is not known.
            var width = (sorted[^1] - sorted[i] + Math.Abs(model.DensityQuantile(1) - sorted[^1]) + 40) * 1e-4;
            Assert.InRange(told, (double)UpTo(sorted, sorted[i] - width) / N, (double)UpTo(sorted, sorted[i] + width) / N);
        }
        // The most unusual points have bins of their own.
        if (kind != "needle")
        {
            for (var i = 0; i < 5; i++) Assert.InRange(model.TailProbability(sorted[i]), (i + 1.0) / N * (1 - 1e-12), 1.2 * (double)UpTo(sorted, sorted[i] + 0.02) / N);
        }
        foreach (var share in (double[])[1e-4, 1e-3, 0.01, 0.05, 0.5, 0.9, 0.999])
        {
            var quantile = model.DensityQuantile(share);
            Assert.InRange(model.TailProbability(quantile), share, kind == "atom" ? 1 : share * 1.3);
        }
        var last = double.NegativeInfinity;
        for (var p = 0.0; p <= 1; p += 1.0 / 1024)
        {
            var quantile = model.DensityQuantile(p);
            Assert.True(quantile >= last);
            last = quantile;
        }
    }

    [Fact]
    public void WeightsCountAndPointsOfWeightZeroDoNot()
    {
        foreach (var n in (int[])[600, 6_000])
        {
            var problem = Blobs.Build(seed: 5, n, d: 2, k: 2);
            var (data, weights, twice) = ((double[])[.. problem.Data], new double[n], new List<double>());
            for (var i = 0; i < n; i++)
            {
                weights[i] = i % 3;
                if (i % 3 == 0) data.AsSpan(2 * i, 2).Fill(double.NaN);
                for (var copy = 0; copy < i % 3; copy++) twice.AddRange(data.AsSpan(2 * i, 2));
            }
            var weighted = problem.Model().WithDensityQuantiles(new Points(data, 2).WithWeights(weights));
            var repeated = problem.Model().WithDensityQuantiles(new Points(twice.ToArray(), 2));
            for (var i = 0; i < n; i++)
            {
                if (i % 3 == 0) continue;
                var point = data.AsSpan(2 * i, 2);
                Assert.Equal(repeated.TailProbability(point), weighted.TailProbability(point), n == 600 ? 1e-12 : 0.01);
            }
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(20_000)]
    public void ThreadsRanksAndFilesKeepTheBits(int n)
    {
        var problem = Blobs.Build(seed: 6, n, d: 3, k: 3);
        var options = problem.Options(3, regularization: 1e-6) with { DensityQuantiles = true };
        var expected = MixtureFit.Fit(new Points(problem.Data, 3), options);
        var json = expected.Model.ToJson();
        Assert.Contains("densityQuantiles", json, StringComparison.Ordinal);
        Assert.Equal(json, MixtureFit.Fit(new Points(problem.Data, 3), options with { MaxDegreeOfParallelism = 3 }).Model.ToJson());
        Assert.Equal(json, expected.Model.WithDensityQuantiles(new Points(problem.Data, 3)).ToJson());
        Assert.Equal(json, GaussianMixture.FromJson(json).ToJson());
        var fits = Ranks.Run(4, (rank, communicator) =>
        {
            var (first, count) = PointPart.Of<double>(n, 3, rank, 4);
            return MixtureFit.Fit(new Points(problem.Data.AsSpan((int)first * 3, (int)count * 3), 3), options with { Communicator = communicator });
        });
        foreach (var fit in fits) Assert.Equal(json, fit.Model.ToJson());
    }

    [Fact]
    public void AFitDoesNotPayUnlessAskedAndASumOfAllPointsIsNotKept()
    {
        var problem = Blobs.Build(seed: 7, n: 100, d: 2, k: 2);
        var model = problem.Fit().Model;
        Assert.False(model.HasDensityQuantiles);
        Assert.DoesNotContain("densityQuantiles", model.ToJson(), StringComparison.Ordinal);
        Assert.Contains("FitOptions.DensityQuantiles", Assert.Throws<InvalidOperationException>(() => model.TailProbability([0, 0])).Message);
        Assert.Throws<InvalidOperationException>(() => model.DensityQuantile(0.5));
        var known = model.WithDensityQuantiles(new Points(problem.Data, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => known.DensityQuantile(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => known.DensityQuantile(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => known.TailProbability(double.NaN));
        Assert.Throws<ArgumentException>(() => model.WithDensityQuantiles(new Points([], 2)));
        Assert.Throws<ArgumentException>(() => model.WithDensityQuantiles(new Points(problem.Data, 4)));
        Assert.Throws<ArgumentException>(() => model.WithDensityQuantiles(new Points(problem.Data, 2).WithWeights(new double[100])));
    }

    [Fact]
    public void FloatsAreScoredAsDoubles()
    {
        var problem = Blobs.Build(seed: 8, n: 2_000, d: 2, k: 2).RoundedTo<float>();
        var options = problem.Options(2, regularization: 1e-6) with { DensityQuantiles = true };
        var model = MixtureFit.Fit(new Points(Measures.To<float>(problem.Data), 2), options).Model;
        Assert.Equal(model.WithDensityQuantiles(new Points(problem.Data, 2)).ToJson(), model.ToJson());
    }

    [Fact]
    public void ACanceledPassLeavesTheFitWithoutThem()
    {
        var problem = Blobs.Build(seed: 9, n: 100, d: 2, k: 2);
        using var cancellation = new CancellationTokenSource();
        var progress = new LastReport(cancellation);
        var fit = MixtureFit.Fit(
            new Points(problem.Data, 2), problem.Options(2) with { DensityQuantiles = true, Progress = progress }, cancellation.Token);
        Assert.Equal((FitStatus.Cancelled, 2, false), (fit.Status, fit.Iterations, fit.Model.HasDensityQuantiles));
        Assert.True(MixtureFit.Fit(new Points(problem.Data, 2), FitOptions.Continue(fit) with { MaxIterations = 0, DensityQuantiles = true }).Model.HasDensityQuantiles);
    }

    [Theory]
    [InlineData("""{"kind":"points","logDensities":[]}""", "densityQuantiles.logDensities is empty; at least one number is required")]
    [InlineData("""{"kind":"points","logDensities":[2, 1]}""", "densityQuantiles.logDensities goes from 2 to 1; numbers that rise are required")]
    [InlineData("""{"kind":"knots","logDensities":[1, 1],"shares":[0, 1]}""", "densityQuantiles.logDensities goes from 1 to 1; numbers that rise are required")]
    [InlineData("""{"kind":"knots","logDensities":[1, 2]}""", "densityQuantiles has no 'shares'")]
    [InlineData("""{"kind":"knots","logDensities":[1, 2],"shares":[0, 0.5]}""", "densityQuantiles.shares are not from 0 to 1; shares that end at 1 are required")]
    [InlineData("""{"kind":"points","logDensities":[1, 2],"shares":[1]}""", "densityQuantiles.shares has 1 entries; 2 are required")]
    [InlineData("""{"kind":"sketch","logDensities":[1, 2]}""", "densityQuantiles.kind is 'sketch'; points, knots are possible")]
    public void WrongFilesAreRefusedWithThePlace(string quantiles, string message)
    {
        var json = $$"""{"covarianceType":"full","weights":[1],"means":[[0]],"covariances":[[[1]]],"densityQuantiles":{{quantiles}}}""";
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => GaussianMixture.FromJson(json)).Message);
    }

    [Fact]
    public void AskingAllocatesNothing()
    {
        var problem = Blobs.Build(seed: 10, n: 5_000, d: 3, k: 4);
        var model = problem.Model().WithDensityQuantiles(new Points(problem.Data, 3));
        var allocated = long.MaxValue;
        for (var round = 0; round < 30 && allocated > 0; round++)
        {
            if (round > 0) Thread.Sleep(10);
            var before = GC.GetAllocatedBytesForCurrentThread();
            double sum = 0;
            for (var i = 0; i < 40; i++) sum += model.TailProbability(problem.Data.AsSpan(3 * i, 3)) + model.DensityQuantile(0.01);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.NotEqual(0, sum);
        }
        Assert.Equal(0, allocated);
    }

    private static double[] Sorted(GaussianMixture model, double[] data)
    {
        var values = new double[data.Length / model.Dimension];
        model.LogDensities(new Points(data, model.Dimension), values);
        Array.Sort(values);
        return values;
    }

    private static int UpTo(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] > value) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    private sealed class LastReport(CancellationTokenSource cancellation) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            if (value.Iteration == 2) cancellation.Cancel();
        }
    }
}
