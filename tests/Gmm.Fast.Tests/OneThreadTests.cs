using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>A caller that allows one thread is served by its own: nothing reaches the thread pool.</summary>
public class OneThreadTests
{
    [Theory]
    [ClassData(typeof(EveryType))]
    public void FitsReadAndComputeOnTheCallersThread(string type)
    {
        var source = Source(type, out var problem);
        MixtureFit.Fit(source, new FitOptions { Components = problem.K, CovarianceType = Adapters.Type(type), MaxDegreeOfParallelism = 1 });
        source.WasReadBy(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void PointsThatAreReadInEveryPassAreReadOnTheCallersThread()
    {
        var source = Source("full", out var problem);
        MixtureFit.Fit(source, new FitOptions { Components = problem.K, PackingBudget = 0, MaxDegreeOfParallelism = 1 });
        source.WasReadBy(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void ScoresAreComputedOnTheCallersThread()
    {
        var source = Source("full", out var problem);
        var model = problem.Model();
        var threads = new HashSet<int>();
        model.Score(source, Gmm.Fast.Scores.LogDensities, _ => threads.Add(Environment.CurrentManagedThreadId), maxDegreeOfParallelism: 1);
        model.TotalLogLikelihood(source, maxDegreeOfParallelism: 1);
        source.WasReadBy(Environment.CurrentManagedThreadId);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    private static Watched Source(string type, out MixtureProblem problem)
    {
        problem = Blobs.Build(seed: 31, n: 20_000, d: 4, k: 3, type, separation: 2);
        return new Watched([.. problem.Rows.SelectMany(row => row)], 4);
    }

    private sealed class Watched(double[] rows, int dimension) : PointSource<double>
    {
        private readonly HashSet<int> _threads = [];

        public override int Dimension => dimension;

        public override long PointCount => rows.Length / dimension;

        public override ReadOnlySpan<double> Read(long first, int count, Span<double> scratch)
        {
            lock (_threads) _threads.Add(Environment.CurrentManagedThreadId);
            return rows.AsSpan((int)first * dimension, count * dimension);
        }

        public void WasReadBy(int thread) => Assert.Equal([thread], _threads);
    }
}
