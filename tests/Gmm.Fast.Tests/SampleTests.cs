using Gmm.Fast.Internals;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks samples: the pinned sequence, the documented recipe, and the moments of the model.</summary>
public class SampleTests
{
    public static TheoryData<CovarianceType, double[], double[]> Pinned => new()
    {
        {
            CovarianceType.Full, [4, 1, 1, 9, 1, -0.5, -0.5, 2],
            [-1.0390505782495092, 1.9768958340769651, 10.464177310162473, 20.748134281994208, 10.794221730966319, 21.902791928820786]
        },
        {
            CovarianceType.Tied, [4, 1, 1, 9],
            [-1.0390505782495092, 1.9768958340769651, 10.928354620324948, 22.423933775486436, 11.588443461932638, 25.5398498551885]
        },
        {
            CovarianceType.Diagonal, [4, 9, 1, 2],
            [-1.0390505782495092, 2.5503022032829756, 10.464177310162473, 21.047902398055314, 10.794221730966319, 22.45869950833411]
        },
        {
            CovarianceType.Spherical, [4, 0.25],
            [-1.0390505782495092, 1.0335348021886506, 10.232088655081236, 20.37048944584328, 10.397110865483159, 20.86928154762154]
        },
        {
            CovarianceType.TiedDiagonal, [4, 9],
            [-1.0390505782495092, 2.5503022032829756, 10.928354620324948, 22.222936675059668, 11.588443461932638, 25.21568928572924]
        },
        {
            CovarianceType.TiedSpherical, [4],
            [-1.0390505782495092, 1.0335348021886506, 10.928354620324948, 21.48195778337311, 11.588443461932638, 23.47712619048616]
        },
    };

    [Theory]
    [MemberData(nameof(Pinned))]
    public void TheFirstNumbersOfASeedArePinned(CovarianceType type, double[] covariances, double[] expected)
    {
        var model = new GaussianMixture(type, 2, [0.3, 0.7], [1, -2, 10, 20], covariances);
        var rows = new double[6];
        var labels = new int[3];
        model.Sample(42, rows, labels);
        Measures.SameBits(expected, rows);
        Assert.Equal([0, 1, 1], labels);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void SamplesFollowTheDocumentedRecipe(string type)
    {
        // An odd dimension: every second point begins with the normal left over by the one before.
        var problem = Blobs.Build(seed: 15, n: 1, d: 3, k: 4, type);
        var rows = new double[3 * 500];
        var labels = new int[500];
        problem.Model().Sample(-7, rows, labels);

        var factors = problem.ExpandedCovariances.Select(c => ReferenceCholesky.Factor(c)).ToArray();
        var random = new Xoshiro256(-7);
        double? left = null;
        for (var i = 0; i < 500; i++)
        {
            var (u, k) = (random.NextDouble(), 0);
            for (var sum = problem.Weights[0]; u >= sum && k < 3; sum += problem.Weights[k]) k++;
            Assert.Equal(k, labels[i]);
            double[] z = [Normal(), Normal(), Normal()];
            for (var row = 0; row < 3; row++)
            {
                var x = problem.MeanRows[k][row] + Enumerable.Range(0, row + 1).Sum(j => factors[k][row][j] * z[j]);
                Assert.Equal(x, rows[3 * i + row], 1e-13 * Math.Max(10, Math.Abs(x)));
            }
        }

        double Normal()
        {
            if (left is { } value)
            {
                left = null;
                return value;
            }
            while (true)
            {
                var (a, b) = (2 * random.NextDouble() - 1, 2 * random.NextDouble() - 1);
                var s = a * a + b * b;
                if (s is >= 1 or 0) continue;
                var scale = Math.Sqrt(-2 * Math.Log(s) / s);
                left = b * scale;
                return a * scale;
            }
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void MomentsOfASampleApproachThoseOfTheModel(string type)
    {
        const int N = 100_000;
        var problem = Blobs.Build(seed: 16, n: 1, d: 3, k: 3, type);
        var model = problem.Model();
        var rows = new double[3 * N];
        var labels = new int[N];
        model.Sample(2024, rows, labels);
        for (var k = 0; k < 3; k++)
        {
            var own = Enumerable.Range(0, N).Where(i => labels[i] == k).ToArray();

            // All bounds are five standard errors; the seed is fixed.
            Assert.Equal(problem.Weights[k], own.Length / (double)N, 5 * Math.Sqrt(0.25 / N));
            var covariance = problem.ExpandedCovariances[k];
            for (var a = 0; a < 3; a++)
            {
                var mean = own.Average(i => rows[3 * i + a]);
                Assert.Equal(problem.MeanRows[k][a], mean, 5 * Math.Sqrt(covariance[a][a] / own.Length));
                for (var b = 0; b <= a; b++)
                {
                    var moment = own.Average(i => (rows[3 * i + a] - problem.MeanRows[k][a]) * (rows[3 * i + b] - problem.MeanRows[k][b]));
                    Assert.Equal(covariance[a][b], moment, 5 * Math.Sqrt(2 * covariance[a][a] * covariance[b][b] / own.Length));
                }
            }
        }
    }

    [Fact]
    public void MorePointsOfASeedBeginWithTheFewerAndLabelsAreOptional()
    {
        var model = Blobs.Build(seed: 17, n: 1, d: 3, k: 2).Model();
        double[] few = new double[30], many = new double[300], other = new double[30];
        model.Sample(1, few);
        model.Sample(1, many, new int[100]);
        model.Sample(2, other);
        Measures.SameBits(few, many.AsSpan(0, 30));
        Assert.NotEqual(few, other);
        model.Sample(1, []);
    }
}
