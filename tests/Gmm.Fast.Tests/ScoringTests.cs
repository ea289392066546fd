using CsCheck;
using Gmm.Reference;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that one point scores as many do, and that every method agrees with the others and with the textbook.</summary>
public class ScoringTests
{
    private static readonly Gen<MixtureProblem> s_problems = Gen.Select(
        Gen.OneOf(Layout.CovarianceTypes.ToArray()), Gen.Int[1, 500], Gen.Int[1, 12], Gen.Int[1, 6], Gen.Double[0, 5], Gen.Int[0, 1 << 20],
        (type, n, d, k, separation, seed) => Blobs.Build(seed, n, d, k, type, separation, condition: 50));

    [Fact]
    public void OnePointHasTheSameBitsAsManyForEveryMethod() => s_problems.Sample(problem =>
    {
        var (model, n, d, k) = (problem.Model(), problem.N, problem.D, problem.K);
        var all = Scores.Of(model, problem.Data);
        double[] responsibilities = new double[k], weighted = new double[k], plain = new double[k], distances = new double[k];
        for (var i = 0; i < n; i++)
        {
            var point = problem.Data.AsSpan(i * d, d);
            model.Responsibilities(point, responsibilities);
            model.ComponentLogDensities(point, weighted, weighted: true);
            model.ComponentLogDensities(point, plain);
            model.MahalanobisDistances(point, distances);
            Assert.Equal(all.Labels[i], model.Label(point));
            Measures.SameBits([all.LogDensities[i]], [model.LogDensity(point)], "log-density");
            Measures.SameBits(all.Responsibilities.AsSpan(i * k, k), responsibilities, "responsibilities");
            Measures.SameBits(all.Weighted.AsSpan(i * k, k), weighted, "weighted");
            Measures.SameBits(all.Plain.AsSpan(i * k, k), plain, "plain");
            Measures.SameBits(all.Distances.AsSpan(i * k, k), distances, "distances");
        }
    }, iter: 100);

    [Theory]
    [ClassData(typeof(EveryType))]
    public void OneNumberThatIsNotFiniteAmongManyIsRefusedByEveryMethod(string type)
    {
        foreach (var (d, k) in ((int, int)[])[(1, 1), (2, 3), (5, 2), (9, 4)])
        {
            // Two blocks and a part of a third, whose last tile is not full; one component has no weight.
            const int N = 901;
            var problem = Blobs.Build(seed: d, N, d, k, type);
            if (k > 1) ScoringPointTests.RemoveWeight(problem.Weights, 0);
            var model = problem.Model();
            foreach (var (value, name) in ((double, string)[])[(double.NaN, "NaN"), (1 / 0.0, "Infinity"), (-1 / 0.0, "-Infinity")])
            {
                foreach (var (i, j) in ((int, int)[])[(0, 0), (383, d - 1), (500, d / 2), (N - 1, 0)])
                {
                    double[] data = [.. problem.Data];
                    data[i * d + j] = value;
                    foreach (var ask in (Action[])[
                        () => model.Labels(new Points(data, d), new int[N]), () => model.LogDensities(new Points(data, d), new double[N]),
                        () => model.TotalLogLikelihood(new Points(data, d)), () => model.Responsibilities(new Points(data, d), new double[N * k]),
                        () => model.ComponentLogDensities(new Points(data, d), new double[N * k]),
                        () => model.MahalanobisDistances(new Points(data, d), new double[N * k])])
                    {
                        Assert.StartsWith($"rows[{i}, {j}] is {name}; finite values are required", Assert.Throws<ArgumentException>(ask).Message);
                    }
                }
            }
        }
    }

    [Fact]
    public void ScoresAgreeWithTheTextbookAndWithEachOther() => s_problems.Sample(problem =>
    {
        var (model, n, d, k) = (problem.Model(), problem.N, problem.D, problem.K);
        var all = Scores.Of(model, problem.Data);
        var reference = problem.Reference();
        var joint = ReferenceEm.LogJoint(problem.Rows, reference);
        var factors = reference.Covariances.Select(c => ReferenceCholesky.Factor(c)).ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var c = 0; c < k; c++)
            {
                var at = i * k + c;
                Assert.InRange(Measures.Relative(joint[i][c], all.Weighted[at]), 0, 1e-12);
                Assert.InRange(Measures.Relative(joint[i][c] - Math.Log(problem.Weights[c]), all.Plain[at]), 0, 1e-12);
                var distance = Math.Sqrt(ReferenceEm.SquaredMahalanobis(problem.Rows[i], reference.Means[c], factors[c]));
                Assert.InRange(Math.Abs(all.Distances[at] / distance - 1), 0, 1e-12);
            }
            var weighted = all.Weighted[(i * k)..((i + 1) * k)];
            var responsibilities = all.Responsibilities[(i * k)..((i + 1) * k)];
            Assert.InRange(Measures.Relative(ReferenceEm.LogSumExp(weighted), all.LogDensities[i]), 0, 1e-14);
            Assert.Equal(responsibilities.Max(), responsibilities[all.Labels[i]]);
            Assert.Equal(weighted.Max(), weighted[all.Labels[i]]);
        }
        Assert.InRange(Measures.Relative(all.LogDensities.Sum(), model.TotalLogLikelihood(new Points(problem.Data, d))), 0, 1e-13);
        Assert.InRange(Measures.Relative(problem.Fit(0).TotalLogLikelihood, model.TotalLogLikelihood(new Points(problem.Data, d))), 0, 1e-13);
    }, iter: 100);

    [Fact]
    public void TheTotalHasEveryPointOnceForEveryNumberOfPoints()
    {
        var problem = Blobs.Build(seed: 6, n: 1200, d: 2, k: 3);
        var model = problem.Model();
        foreach (var n in Enumerable.Range(0, 130).Concat([383, 384, 385, 767, 768, 769, 1199, 1200]))
        {
            var rows = new Points(problem.Data[..(2 * n)], 2);
            var logDensities = new double[n];
            model.LogDensities(rows, logDensities);
            Assert.InRange(Measures.Relative((double)logDensities.Sum(l => (decimal)l), model.TotalLogLikelihood(rows)), 0, 2e-15);
        }
    }

    [Fact]
    public void TheLabelIsTheFirstAmongEquals()
    {
        var twins = new GaussianMixture(CovarianceType.Spherical, 1, [0.2, 0.4, 0.4], [5, 0, 0], [1, 1, 1]);
        Assert.Equal(1, twins.Label([0.1]));
        var labels = new int[40];
        twins.Labels(new Points(Enumerable.Range(0, 40).Select(i => 0.05 * i).ToArray(), 1), labels);
        Assert.All(labels, label => Assert.Equal(1, label));
    }

    [Theory]
    [InlineData(1e5)]
    [InlineData(1e8)]
    [InlineData(1e150)]
    public void FarPointsHaveFiniteScores(double distance)
    {
        // Both unit spheres: l_0 - l_1 = 2 x exactly, so the point at +x belongs to 1 and the one at -x to 0.
        var model = new GaussianMixture(CovarianceType.Spherical, 1, [0.5, 0.5], [-1, 1], [1, 1]);
        double[] r = new double[2], l = new double[2];
        model.Responsibilities([distance], r);
        Assert.Equal(distance < 1e15 ? [0, 1] : [0.5, 0.5], r);
        var expected = -0.5 * Math.Log(2 * Math.PI) - Math.Log(2) - (distance - 1) * (distance - 1) / 2;
        Assert.InRange(Math.Abs(model.LogDensity([distance]) / expected - 1), 0, 1e-15);
        model.ComponentLogDensities([-distance], l);
        Assert.True(l[0] >= l[1] && double.IsFinite(l[0]));
        Assert.Equal(distance < 1e15 ? 1 : 0, model.Label([distance]));
    }

    [Fact]
    public void AFarPointBetweenTwoComponentsIsSharedByTheirWeights()
    {
        // 1e5 sigma off axis, on the plane of symmetry: exponents of 5e9, known to 1e-6, whose difference is ln 3.
        var model = new GaussianMixture(CovarianceType.Diagonal, 2, [0.25, 0.75], [-1, 0, 1, 0], [1, 1, 1, 1]);
        var r = new double[2];
        model.Responsibilities([0, 1e5], r);
        Assert.Equal(0.25, r[0], 1e-6);
        Assert.Equal(1, r[0] + r[1], 1e-15);
    }

    [Fact]
    public void AComponentOfWeightZeroTakesNothing()
    {
        var model = new GaussianMixture(CovarianceType.Full, 1, [0, 1], [0, 3], [1, 4]);
        var alone = new GaussianMixture(CovarianceType.Full, 1, [1], [3], [4]);
        double[] r = new double[2], l = new double[2];
        foreach (var x in (double[])[0, 3, -20, 1e6])
        {
            model.Responsibilities([x], r);
            Assert.Equal([0, 1], r);
            Assert.Equal(1, model.Label([x]));
            Assert.Equal(alone.LogDensity([x]), model.LogDensity([x]));
            model.ComponentLogDensities([x], l, weighted: true);
            Assert.Equal(double.NegativeInfinity, l[0]);
            model.ComponentLogDensities([x], l);
            Assert.Equal(-0.5 * Math.Log(2 * Math.PI) - x * x / 2, l[0], 1e-15 * (1 + x * x));
        }
        var labels = new int[100];
        var samples = new double[100];
        model.Sample(1, samples, labels);
        Assert.All(labels, label => Assert.Equal(1, label));
    }

    [Fact]
    public void MahalanobisDistancesOfAHandMadeEllipse()
    {
        var model = new GaussianMixture(CovarianceType.Full, 2, [1], [1, 2], [4, 2, 2, 10]);
        var distance = new double[1];
        model.MahalanobisDistances([3, 2], distance);

        // The inverse is (10, -2; -2, 4) / 36.
        Assert.Equal(Math.Sqrt(40.0 / 36), distance[0], 1e-15);
        model.MahalanobisDistances([1, 2], distance);
        Assert.Equal(0, distance[0]);
    }
}

/// <summary>Holds all scores of many points.</summary>
internal sealed record Scores(int[] Labels, double[] LogDensities, double[] Responsibilities, double[] Weighted, double[] Plain, double[] Distances)
{
    public static Scores Of(GaussianMixture model, double[] data) => Of(model, new Points(data, model.Dimension));

    public static Scores Of(GaussianMixture model, Points rows)
    {
        var (n, k) = (rows.Count, model.ComponentCount);
        var scores = new Scores(new int[n], new double[n], new double[n * k], new double[n * k], new double[n * k], new double[n * k]);
        model.Labels(rows, scores.Labels);
        model.LogDensities(rows, scores.LogDensities);
        model.Responsibilities(rows, scores.Responsibilities);
        model.ComponentLogDensities(rows, scores.Weighted, weighted: true);
        model.ComponentLogDensities(rows, scores.Plain);
        model.MahalanobisDistances(rows, scores.Distances);
        return scores;
    }

    public void SameBits(Scores other)
    {
        Assert.Equal(Labels, other.Labels);
        Measures.SameBits(LogDensities, other.LogDensities, "log-densities");
        Measures.SameBits(Responsibilities, other.Responsibilities, "responsibilities");
        Measures.SameBits(Weighted, other.Weighted, "weighted");
        Measures.SameBits(Plain, other.Plain, "plain");
        Measures.SameBits(Distances, other.Distances, "distances");
    }
}
