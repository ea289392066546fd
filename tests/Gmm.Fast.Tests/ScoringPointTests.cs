using Gmm.Fast.Scoring;
using Gmm.Fast.Simd;
using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that one point, with lanes across components, has the bits of the point among many, at every width and remainder.</summary>
public class ScoringPointTests
{
    private static readonly int[] s_dimensions = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 26, 33];

    public static TheoryData<string, int> Shapes()
    {
        var shapes = new TheoryData<string, int>();
        foreach (var type in Layout.CovarianceTypes)
        {
            foreach (var d in s_dimensions) shapes.Add(type, d);
        }
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryWidthGivesTheBitsOfTheBatch(string type, int d)
    {
        foreach (var k in Enumerable.Range(1, 20).Append(33)) CompareWithBatch(type, d, k);
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void MoreComponentsThanTheStackHoldsAreScoredFromThePool(string type) => CompareWithBatch(type, 3, 500);

    [Fact]
    public void ThePointMayLieWhereTheAnswerGoes()
    {
        var problem = Blobs.Build(seed: 4, n: 1, d: 5, k: 5);
        var model = problem.Model();
        var expected = Scores.Of(model, problem.Data);
        foreach (var (what, ask) in new (double[], Action<double[]>)[]
        {
            (expected.Responsibilities, x => model.Responsibilities(x, x)),
            (expected.Plain, x => model.ComponentLogDensities(x, x)),
            (expected.Distances, x => model.MahalanobisDistances(x, x)),
        })
        {
            double[] x = [.. problem.Data];
            ask(x);
            Measures.SameBits(what, x);
        }
    }

    [Theory]
    [ClassData(typeof(EveryType))]
    public void APointThatIsNotFiniteIsRefusedByEveryMethodAndNothingIsWritten(string type)
    {
        foreach (var (d, k) in ((int, int)[])[(1, 1), (2, 3), (3, 5), (7, 2), (9, 9)])
        {
            // Component 0 has no weight: its distance is asked for all the same.
            var problem = Blobs.Build(seed: d, n: 1, d, k, type);
            if (k > 1) RemoveWeight(problem.Weights, 0);
            var scorers = Scorers(problem.Model());
            foreach (var (value, name) in ((double, string)[])[(double.NaN, "NaN"), (1 / 0.0, "Infinity"), (-1 / 0.0, "-Infinity")])
            {
                for (var j = 0; j < d; j++)
                {
                    double[] point = [.. problem.Data], target = [.. Enumerable.Repeat(7.0, k)];
                    point[j] = value;
                    foreach (var scorer in scorers)
                    {
                        Refused(() => scorer.Label(point));
                        Refused(() => scorer.LogDensity(point));
                        Refused(() => scorer.Responsibilities(point, target));
                        Refused(() => scorer.ComponentLogDensities(point, new double[k], target));
                        Refused(() => scorer.MahalanobisDistances(point, target));
                    }
                    Assert.All(target, x => Assert.Equal(7, x));

                    void Refused(Action action)
                    {
                        var refusal = Assert.Throws<ArgumentException>(action);
                        Assert.Equal($"point[{j}] is {name}; finite values are required (Parameter 'point')", refusal.Message);
                    }
                }
            }
        }
    }

    [Fact]
    public void APointOfAnotherLengthIsRefused()
    {
        var model = Blobs.Build(seed: 1, n: 1, d: 2, k: 3).Model();
        foreach (var length in (int[])[0, 1, 3])
        {
            var point = new double[length];
            foreach (var ask in (Action[])[
                () => model.Label(point), () => model.LogDensity(point), () => model.Responsibilities(point, new double[3]),
                () => model.ComponentLogDensities(point, new double[3]), () => model.MahalanobisDistances(point, new double[3])])
            {
                Assert.Equal($"point has {length} values; 2 are required (Parameter 'point')", Assert.Throws<ArgumentException>(ask).Message);
            }
        }
    }

    [Fact]
    public void ThreadsThatBeginTogetherGetTheSameBits()
    {
        const int Threads = 8;
        var problem = Blobs.Build(seed: 6, n: Threads, d: 9, k: 11);
        var expected = Scores.Of(problem.Model(), problem.Data).LogDensities;
        for (var round = 0; round < 50; round++)
        {
            var model = problem.Model();
            var actual = new double[Threads];
            using var start = new Barrier(Threads);
            var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                actual[i] = model.LogDensity(problem.Data.AsSpan(i * 9, 9));
            })).ToArray();
            foreach (var thread in threads) thread.Start();
            foreach (var thread in threads) thread.Join();
            Measures.SameBits(expected, actual, $"round {round}");
        }
    }

    private static void CompareWithBatch(string type, int d, int k)
    {
        var problem = Blobs.Build(seed: 100 * d + k, n: 6, d, k, type, separation: k % 2 == 0 ? 1 : 6);
        if (k % 3 == 2) RemoveWeight(problem.Weights, k % 2 == 0 ? 0 : k - 1);

        // The last rows: beyond the cut of most components, the square out of range, the deviation itself out of range, and infinite in parts.
        var data = problem.Data;
        for (var j = 0; j < d; j++)
        {
            data[2 * d + j] *= 30;
            data[3 * d + j] = j % 2 == 0 ? 1e200 : -1e200;
            data[4 * d + j] = double.MaxValue;
        }
        data[^1] = 1e160;

        var model = problem.Model();
        var expected = Scores.Of(model, data);
        double[] responsibilities = new double[k], weighted = new double[k], plain = new double[k], distances = new double[k];
        foreach (var (scorer, exact) in Scorers(model).Zip(Scorers(model, exact: true)))
        {
            for (var i = 0; i < problem.N; i++)
            {
                var point = data.AsSpan(i * d, d);
                scorer.Responsibilities(point, responsibilities);
                scorer.ComponentLogDensities(point, model.Mixture.LogConstants, weighted);
                scorer.ComponentLogDensities(point, model.Mixture.LogNormalizers, plain);
                exact.MahalanobisDistances(point, distances);
                var what = $"{scorer}, K = {k}, point {i}";
                Assert.Equal(expected.Labels[i], scorer.Label(point));
                Measures.SameBits(expected.LogDensities.AsSpan(i, 1), [scorer.LogDensity(point)], what);
                Measures.SameBits(expected.Responsibilities.AsSpan(i * k, k), responsibilities, what);
                Measures.SameBits(expected.Weighted.AsSpan(i * k, k), weighted, what);
                Measures.SameBits(expected.Plain.AsSpan(i * k, k), plain, what);
                Measures.SameBits(expected.Distances.AsSpan(i * k, k), distances, what);
            }
        }
    }

    // At every width, and at the one that the model takes for itself.
    private static PointScorer[] Scorers(GaussianMixture model, bool exact = false) =>
        [.. Enum.GetValues<LaneWidth>().Select(width => PointScorer.Create(model.Mixture, width, exact)), PointScorer.Create(model.Mixture, exact)];

    internal static void RemoveWeight(double[] weights, int k)
    {
        var rest = 1 - weights[k];
        weights[k] = 0;
        for (var i = 0; i < weights.Length; i++) weights[i] /= rest;
    }
}
