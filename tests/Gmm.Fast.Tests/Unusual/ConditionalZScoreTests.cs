using Gmm.TestKit;

namespace Gmm.Fast.Tests.Unusual;

/// <summary>Checks conditional z-scores against regressions on the other columns.</summary>
public class ConditionalZScoreTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void EachIsTheDeviationFromWhatTheOthersPredict(string type)
    {
        const int D = 4;
        var problem = Blobs.Build(seed: 12, n: 30, D, k: 3, type);
        var model = problem.Model();
        var scores = new double[30 * D];
        model.ConditionalZScores(problem.Data, scores);
        for (var i = 0; i < 30; i++)
        {
            var point = problem.Data.AsSpan(i * D, D);
            var k = model.Label(point);
            var covariance = model.Expand(k);
            for (var j = 0; j < D; j++) Assert.Equal(Expected(covariance, model.Mean(k), point, j), scores[i * D + j], 1e-9);
        }
    }

    // Two columns that go together: the point is near the mean in each, and far from what the other says.
    [Fact]
    public void AColumnMayBeUnusualOnlyTogetherWithAnother()
    {
        var model = new GaussianMixture(CovarianceType.Full, 3, [1], [0, 0, 0], [1, 0.99, 0, 0.99, 1, 0, 0, 0, 1]);
        var z = new double[3];
        model.ConditionalZScores([1, -1, 0.5], z);
        Assert.Equal(1.99 / Math.Sqrt(1 - 0.99 * 0.99), z[0], 1e-12);
        Assert.Equal(0.5, z[2], 1e-15);
        model.ConditionalZScores([], []);
        Assert.Throws<ArgumentException>(() => model.ConditionalZScores([1, 2], new double[2]));
        Assert.Throws<ArgumentException>(() => model.ConditionalZScores([1, 2, 3], new double[2]));
        Assert.Throws<ArgumentException>(() => model.ConditionalZScores([1, double.NaN, 3], new double[3]));
    }

    [Fact]
    public void WideDiagonalModelsBuildNoMatrix()
    {
        const int D = 60_000;
        var model = new GaussianMixture(CovarianceType.Spherical, D, [1], new double[D], [4]);
        var (point, z) = (new double[D], new double[D]);
        point[D - 1] = 6;
        model.ConditionalZScores(point, z);
        Assert.Equal((0, 3), (z[0], z[D - 1]));
    }

    // Solves S_oo b = S_oj by Gaussian elimination.
    private static double Expected(double[] covariance, ReadOnlySpan<double> mean, ReadOnlySpan<double> point, int j)
    {
        var d = mean.Length;
        int[] others = [.. Enumerable.Range(0, d).Where(i => i != j)];
        var m = others.Length;
        var system = new double[m, m + 1];
        for (var a = 0; a < m; a++)
        {
            for (var b = 0; b < m; b++) system[a, b] = covariance[others[a] * d + others[b]];
            system[a, m] = covariance[others[a] * d + j];
        }
        for (var pivot = 0; pivot < m; pivot++)
        {
            for (var row = 0; row < m; row++)
            {
                if (row == pivot) continue;
                var factor = system[row, pivot] / system[pivot, pivot];
                for (var column = pivot; column <= m; column++) system[row, column] -= factor * system[pivot, column];
            }
        }
        var (predicted, variance) = (mean[j], covariance[j * d + j]);
        for (var a = 0; a < m; a++)
        {
            var slope = system[a, m] / system[a, a];
            predicted += slope * (point[others[a]] - mean[others[a]]);
            variance -= slope * covariance[others[a] * d + j];
        }
        return (point[j] - predicted) / Math.Sqrt(variance);
    }
}
