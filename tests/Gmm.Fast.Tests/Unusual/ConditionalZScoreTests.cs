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

    [Theory]
    [ClassData(typeof(EveryType))]
    public void MissingColumnsHaveNoneAndTheOthersAreThoseOfTheMarginal(string type)
    {
        const int D = 4;
        var problem = Blobs.Build(seed: 13, n: 60, D, k: 3, type);
        var rows = problem.Data.ToArray();
        for (var i = 0; i < 60; i++)
        {
            for (var j = 0; j < D; j++) rows[i * D + j] = (i % 16 >> j & 1) != 0 ? double.NaN : rows[i * D + j];
        }
        var model = problem.Model().WithMissingValues(MissingValues.Marginalize);
        double[] scores = new double[60 * D], complete = new double[60 * D];
        model.ConditionalZScores(rows, scores);
        problem.Model().ConditionalZScores(problem.Data, complete);
        for (var i = 0; i < 60; i++)
        {
            var point = rows.AsSpan(i * D, D).ToArray();
            int[] present = [.. Enumerable.Range(0, D).Where(j => !double.IsNaN(point[j]))];
            double[] own = [.. present.Select(j => point[j])], expected = new double[present.Length];
            if (present.Length > 0) model.Marginal(present).ConditionalZScores(own, expected);
            Assert.Equal(Enumerable.Range(0, D).Select(j => present.Contains(j) ? expected[Array.IndexOf(present, j)] : double.NaN), scores[(i * D)..((i + 1) * D)]);
            if (present.Length == D) Measures.SameBits(complete.AsSpan(i * D, D), scores.AsSpan(i * D, D), "a complete point");
        }

        // Under the marginal of two dimensions: the deviation from the regression on the other one.
        var (covariance, k) = (model.Marginal([2, 3]), model.Label(rows.AsSpan(3 * D, D)));
        Assert.Equal(Expected(covariance.Expand(k), covariance.Mean(k), rows.AsSpan(3 * D + 2, 2), 1), scores[3 * D + 3], 1e-9);
        Assert.Throws<ArgumentException>(() => model.ConditionalZScores([1, double.NaN, double.PositiveInfinity, 0], new double[D]));
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
