using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks that tasks that score with one model while others fit get the same bits as alone.</summary>
public class ConcurrencyTests
{
    private const int Tasks = 64;

    public static TheoryData<string> Types => [.. Layout.CovarianceTypes];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task SixtyFourTasksShareAModelWhileOthersFit(string type)
    {
        var problem = Blobs.Build(seed: 61, n: 3000, d: 5, k: 4, type, separation: 2);
        var alone = problem.Model();
        var scores = Scores.Of(alone, problem.Data);
        var fit = problem.Fit(5);

        // A model that nobody has asked yet: what it makes at the first question, they make together.
        var shared = problem.Model();
        using var start = new ManualResetEventSlim();
        var tasks = Enumerable.Range(0, Tasks).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.Wait();
                if (i % 8 == 7) Measures.SameBits(fit, problem.Fit(5, threads: 1 + i / 8));
                else if (i % 2 == 0) Same(scores, Scores.Of(shared, problem.Data));
                else PointsAreTheSame(scores, shared, problem);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        start.Set();
        await Task.WhenAll(tasks);
    }

    private static void Same(Scores expected, Scores actual)
    {
        Assert.Equal(expected.Labels, actual.Labels);
        Measures.SameBits(expected.LogDensities, actual.LogDensities);
        Measures.SameBits(expected.Responsibilities, actual.Responsibilities);
        Measures.SameBits(expected.Weighted, actual.Weighted);
        Measures.SameBits(expected.Distances, actual.Distances);
    }

    private static void PointsAreTheSame(Scores expected, GaussianMixture model, MixtureProblem problem)
    {
        double[] responsibilities = new double[problem.K], distances = new double[problem.K];
        for (var i = 0; i < problem.N; i++)
        {
            var point = problem.Data.AsSpan(i * problem.D, problem.D);
            model.Responsibilities(point, responsibilities);
            model.MahalanobisDistances(point, distances);
            Assert.Equal(expected.Labels[i], model.Label(point));
            Measures.SameBits(expected.LogDensities.AsSpan(i, 1), [model.LogDensity(point)]);
            Measures.SameBits(expected.Responsibilities.AsSpan(i * problem.K, problem.K), responsibilities);
            Measures.SameBits(expected.Distances.AsSpan(i * problem.K, problem.K), distances);
        }
    }
}
