using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests.Families;

/// <summary>Checks that whitening points once, about the mean of the mixture, loses no digits of the data under a tied covariance.</summary>
public class TiedCovarianceTests
{
    private const double Grid = 1 << 20;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1e8)]
    [InlineData(3, 1e8)]
    [InlineData(4, -1e8)]
    [InlineData(9, 1e8)]
    [InlineData(17, 1e8)]
    public void DistancesFarFromZeroAreThoseOfTheReference(int d, double offset)
    {
        // Multiples of 2^-20, to which 10^8 adds without rounding: deviations are exact, so the offset must not show.
        var problem = Blobs.Build(seed: 60 + d, n: 200, d, k: 4, "tied", separation: 4);
        var shifted = problem with
        {
            Data = Array.ConvertAll(problem.Data, x => Math.Round(x * Grid) / Grid + offset),
            Means = Array.ConvertAll(problem.Means, x => Math.Round(x * Grid) / Grid + offset),
        };
        var (model, factor) = (shifted.Model(), ReferenceCholesky.Factor(shifted.ExpandedCovariances[0]));
        var distances = new double[4];
        foreach (var row in shifted.Rows)
        {
            model.MahalanobisDistances(row, distances);
            for (var k = 0; k < 4; k++)
            {
                // Point and mean are both some 10 to 20 from the center, and each whitened with an error of some 2^-53 of that.
                var expected = Math.Sqrt(ReferenceEm.SquaredMahalanobis(row, shifted.MeanRows[k], factor));
                Assert.Equal(expected, distances[k], 1e-13 * Math.Sqrt(d));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void ComponentsThatAreFarApartShareNothingAndNeighborsShareAsTheyShould(int d)
    {
        // Two neighbors, and a third component a million standard deviations away that pulls the center away from both.
        const double Far = 1e6;
        var problem = Blobs.Build(seed: 70 + d, n: 300, d, k: 2, "tied", separation: 0.5);
        double[] distant = [.. problem.Means[..d].Select(x => x + Far)];
        var apart = problem with
        {
            K = 3,
            N = 301,
            Weights = [0.3, 0.3, 0.4],
            Means = [.. problem.Means, .. distant],
            Data = [.. problem.Data, .. distant],
        };
        var expected = ReferenceEm.Responsibilities(apart.Rows, apart.Reference());
        var actual = new double[3 * 301];
        apart.Model().Responsibilities(new Points(apart.Data, d), actual);
        for (var i = 0; i < 301; i++)
        {
            Assert.Equal(i < 300 ? 0 : 1, actual[3 * i + 2]);

            // Whitened coordinates of 10^6 and more are known to 10^-10.
            for (var k = 0; k < 2; k++) Assert.Equal(expected[i][k], actual[3 * i + k], 1e-8);
        }
    }
}
