using System.Globalization;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Compares fits of one component with those of other programs; docs/numerics/amelia_case.R and lavaan_case.R wrote their numbers.</summary>
public class PeerTests
{
    [Fact]
    public void OneComponentHasTheEstimatesOfAmelia()
    {
        const int N = 150, D = 4;
        var lines = Numbers(Path.Combine("tests", "Gmm.Fast.Tests", "Gaps", "amelia.csv"), skip: 0);
        double[] data = [.. lines[..N].SelectMany(line => line)];
        var fit = MixtureFit.Fit(new Points(data, D), new FitOptions
        {
            Components = 1,
            MissingValues = MissingValues.Marginalize,
            Regularization = 0,
            MaxIterations = 500,
            Stop = StopRule.FixedCount,
        });
        Assert.Equal(73, fit.Gaps!.MissingValues);
        for (var i = 0; i < D; i++)
        {
            Assert.Equal(lines[N][i], fit.Model.Mean(0)[i], 1e-10);
            for (var j = 0; j < D; j++) Assert.Equal(lines[N + 1 + i][j], fit.Model.Covariances[i * D + j], 1e-10);
        }
    }

    [Fact]
    public void OneComponentHasTheEstimatesOfLavaan()
    {
        const int D = 4;
        var data = Numbers(Path.Combine("data", "air-quality.csv"), skip: 1);
        var expected = Numbers(Path.Combine("tests", "Gmm.Fast.Tests", "Gaps", "lavaan.csv"), skip: 0);
        var fit = MixtureFit.Fit(new Points(data.SelectMany(row => row).ToArray(), D), new FitOptions
        {
            Components = 1,
            MissingValues = MissingValues.Marginalize,
            Regularization = 0,
            MaxIterations = 500,
            Stop = StopRule.FixedCount,
        });
        Assert.Equal(44, fit.Gaps!.MissingValues);
        for (var i = 0; i < D; i++)
        {
            Assert.Equal(1, fit.Model.Mean(0)[i] / expected[0][i], 1e-12);
            for (var j = 0; j < D; j++) Assert.Equal(1, fit.Model.Covariances[i * D + j] / expected[1 + i][j], 1e-12);
        }
        Assert.Equal(expected[1 + D][0], fit.TotalLogLikelihood, 1e-9);
    }

    private static double[][] Numbers(string path, int skip) =>
        [.. File.ReadLines(Path.Combine(Repository.Root, path)).Skip(skip).Select(line => line.Split(',')
            .Select(cell => cell is "NA" or "" ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
}
