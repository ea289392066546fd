using System.Globalization;

namespace Gmm.Fast.Tests.Gaps;

/// <summary>Compares a fit of one component with another program's; docs/numerics/amelia_case.R wrote its numbers.</summary>
public class PeerTests
{
    [Fact]
    public void OneComponentHasTheEstimatesOfAmelia()
    {
        const int N = 150, D = 4;
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Gmm.Fast.Tests", "Gaps", "amelia.csv"))
            .Select(line => line.Split(',').Select(cell => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToArray();
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
}
