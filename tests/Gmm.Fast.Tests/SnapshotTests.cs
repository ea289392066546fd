using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks models taken out of a running fit.</summary>
public class SnapshotTests
{
    [Fact]
    public void ASnapshotIsTheModelOfAShorterFit()
    {
        var problem = Blobs.Build(seed: 81, n: 600, d: 3, k: 3, separation: 1);
        var models = new List<GaussianMixture>();
        problem.FitReporting(5, info => models.Add(info.Snapshot()));
        for (var t = 0; t <= 5; t++) Measures.SameBits(problem.Fit(t).Model, models[t]);
    }

    [Fact]
    public void ASnapshotTakenLaterIsRefused()
    {
        var problem = Blobs.Build(seed: 82, n: 600, d: 3, k: 3, separation: 1);
        var infos = new List<IterationInfo>();
        problem.FitReporting(3, infos.Add);
        foreach (var info in infos) Assert.StartsWith($"The fit has gone on from iteration {info.Iteration}", Assert.Throws<InvalidOperationException>(() => info.Snapshot()).Message);
        Assert.Throws<InvalidOperationException>(() => default(IterationInfo).Snapshot());
    }
}

internal static class SnapshotFits
{
    public static FitResult FitReporting(this MixtureProblem problem, int iterations, Action<IterationInfo> report) =>
        MixtureFit.Fit(new Points(problem.Data, problem.D), problem.Options(iterations) with { Progress = new Immediate(report) });

    private sealed class Immediate(Action<IterationInfo> report) : IProgress<IterationInfo>
    {
        public void Report(IterationInfo value) => report(value);
    }
}
