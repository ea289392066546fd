using Gmm.TestKit;

namespace Gmm.Fast.Tests.Em;

/// <summary>Checks that bits are the same for any number of threads, for every remainder of a block and for sizes that use several threads.</summary>
public class SweepTests
{
    public static TheoryData<string, int, int, int> Shapes()
    {
        // Blocks have 384 rows up to 160 columns, then 192; each case has 8 to 70 blocks, so several shards, and 100,000 products and more.
        var shapes = new TheoryData<string, int, int, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var (d, k, blocks, rows) in ((int, int, int, int)[])[(2, 5, 70, 384), (7, 6, 9, 384), (17, 4, 9, 384), (161, 2, 8, 192)])
                shapes.Add(type, d, k, blocks * rows);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AnyNumberOfThreadsGivesTheSameBits(string type, int d, int k, int n)
    {
        var whole = Blobs.Build(seed: n, n + 34, d, k, type, separation: 1);
        foreach (var remainder in (int[])[-33, -1, 0, 1])
        {
            var problem = whole with { N = n + remainder, Data = whole.Data[..((n + remainder) * d)] };
            Assert.True((double)problem.N * d * k >= 100_000);
            var expected = problem.Fit(1, regularization: 1e-3, threads: 1);
            foreach (var threads in (int[])[2, 3, 8]) Measures.SameBits(expected, problem.Fit(1, regularization: 1e-3, threads: threads));
        }
    }

    [Fact]
    public void ManyIterationsAndMoreThreadsThanShardsGiveTheSameBits()
    {
        var problem = Blobs.Build(seed: 1, n: 30_000, d: 3, k: 4, separation: 1);
        var expected = problem.Fit(5, threads: 1);
        foreach (var threads in (int[])[2, 3, 8, 100, -1]) Measures.SameBits(expected, problem.Fit(5, threads: threads));
    }

    [Fact]
    public void EveryRowCountsOnceForEveryNumberOfRows()
    {
        // One component about 0, fixed for one step: the mean is the sum of the rows over their number, exactly, for small whole numbers.
        var initial = new GaussianMixture(CovarianceType.Spherical, 2, [1], [0, 0], [4]);
        var options = new FitOptions
        {
            Components = 1,
            CovarianceType = CovarianceType.Spherical,
            InitialModel = initial,
            Stop = StopRule.FixedCount,
            MaxIterations = 1,
        };
        for (var n = 1; n <= 1200; n += n < 450 ? 1 : 23)
        {
            var data = Enumerable.Range(0, n).SelectMany(i => new double[] { i % 7 - 3, i % 11 - 5 }).ToArray();
            var fit = MixtureFit.Fit(new Points(data, 2), options with { Regularization = 1 });
            Assert.Equal(n, fit.Points);
            Assert.Equal(n, fit.Components[0].EffectiveCount);
            double sum0 = 0, sum1 = 0, squares = 0;
            for (var i = 0; i < n; i++)
            {
                sum0 += data[2 * i];
                sum1 += data[2 * i + 1];
                squares += data[2 * i] * data[2 * i] + data[2 * i + 1] * data[2 * i + 1];
            }
            Assert.Equal(sum0 / n, fit.Model.Means[0]);
            Assert.Equal(sum1 / n, fit.Model.Means[1]);
            var variance = (squares / n - sum0 / n * (sum0 / n) - sum1 / n * (sum1 / n)) / 2 + 1;
            Assert.Equal(variance, fit.Model.Covariances[0], 1e-14 * (1 + squares / n));
        }
    }
}
