using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks fits of many sets of points side by side.</summary>
public class FitManyTests
{
    private static readonly FitOptions s_options = new()
    {
        Components = 3,
        Start = StartMethod.KMeansPlusPlus,
        MaxIterations = 6,
        MaxDegreeOfParallelism = 4,
    };

    [Fact]
    public void EachHasTheBitsOfAFitAlone()
    {
        var sets = Enumerable.Range(0, 60).Select(i => Blobs.Build(seed: i, n: 20 + 37 * (i % 9), d: 1 + i % 4, k: 3)).ToArray();
        var many = MixtureFit.FitMany(sets.Length, i => new Points(sets[i].Data, sets[i].D), s_options);
        for (var i = 0; i < sets.Length; i++)
        {
            Assert.Null(many[i].Failure);
            Measures.SameBits(MixtureFit.Fit(new Points(sets[i].Data, sets[i].D), s_options), many[i].Result!);
        }
    }

    [Fact]
    public void OneThatFailsDoesNotEndTheOthers()
    {
        double[][] sets = [[1, 2, 3, 10, 11, 20], [1, 2], [4, 5, double.NaN, 7], [1, 2, 4, 8, 16, 32]];
        var many = MixtureFit.FitMany(sets.Length, i => new Points(sets[i], 1), s_options);
        Assert.Equal([true, false, false, true], many.Select(attempt => attempt.Result is not null));
        Assert.Contains("the data have 2 points", Assert.IsType<ArgumentException>(many[1].Failure).Message);
        Assert.Contains("NaN", Assert.IsType<ArgumentException>(many[2].Failure).Message);
    }

    // Parallel.For would begin more and more fits, as each of them takes long.
    [Fact]
    public void NoMoreFitsRunAtOnceThanThereAreProcessors()
    {
        var problem = Blobs.Build(seed: 3, n: 3000, d: 2, k: 2);
        var (running, most) = (0, 0);
        var options = new FitOptions { Components = 2, Start = StartMethod.RandomPoints, Stop = StopRule.FixedCount, MaxIterations = 30 };
        var attempts = MixtureFit.FitMany(500, _ =>
        {
            // The thread of the fit before begins the next one, so that one has ended.
            lock (options) most = Math.Max(most, ++running);
            return new Points(problem.Data, 2);
        }, options with { Progress = new Done(() => { lock (options) running--; }) });
        Assert.All(attempts, attempt => Assert.Null(attempt.Failure));
        Assert.InRange(most, 1, Environment.ProcessorCount);
    }

    private sealed class Done(Action action) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value)
        {
            if (value.Iteration == 30) action();
        }
    }

    [Fact]
    public void WhatIsCanceledHasNoResult()
    {
        using var source = new CancellationTokenSource();
        var many = MixtureFit.FitMany(
            50,
            i =>
            {
                if (i == 7) source.Cancel();
                return new Points([1.0, 2, 3, 10, 11, 20], 1);
            },
            s_options with { MaxDegreeOfParallelism = 1 }, source.Token);
        Assert.All(many[..7], attempt => Assert.NotNull(attempt.Result));
        Assert.All(many[8..], attempt => Assert.IsType<OperationCanceledException>(attempt.Failure));
        Assert.Empty(MixtureFit.FitMany(0, _ => default, s_options));
    }
}
