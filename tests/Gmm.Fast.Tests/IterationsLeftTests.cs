using Gmm.TestKit;

namespace Gmm.Fast.Tests;

/// <summary>Checks the estimate of how many iterations follow.</summary>
public class IterationsLeftTests
{
    private static readonly MixtureProblem s_problem = Blobs.Build(seed: 31, n: 3_000, d: 3, k: 3, separation: 1);

    // EM that converges linearly, whose end everybody can count.
    [Theory]
    [InlineData(StopKind.MeanChange, 0.5)]
    [InlineData(StopKind.MeanChange, 0.97)]
    [InlineData(StopKind.TotalRise, 0.5)]
    [InlineData(StopKind.TotalRise, 0.97)]
    [InlineData(StopKind.Statistical, 0.5)]
    [InlineData(StopKind.Statistical, 0.97)]
    public void LinearConvergenceKnowsItsEnd(StopKind kind, double ratio)
    {
        var stop = kind switch
        {
            StopKind.MeanChange => StopRule.MeanChange(1e-5),
            StopKind.TotalRise => StopRule.TotalRise(1e-2),
            _ => StopRule.Statistical(1e-3),
        };
        const double Points = 1_000;
        const int Parameters = 20;
        List<double> trace = [0];
        for (var rise = 100.0; !stop.IsMet(trace.ToArray(), Points, Parameters); rise *= ratio) trace.Add(trace[^1] + rise);
        Assert.True(trace.Count > 10);
        for (var length = 4; length <= trace.Count; length++)
            Assert.InRange(stop.IterationsLeft(trace.Take(length).ToArray(), Points, Parameters)!.Value, trace.Count - length - 1, trace.Count - length + 1);
        Assert.Null(stop.IterationsLeft([0, 1, 3, 9], Points, Parameters));
        Assert.Null(stop.IterationsLeft([0, 3, 4, 4], Points, Parameters));
    }

    [Fact]
    public void AFixedCountIsCounted()
    {
        var options = s_problem.Options(regularization: 1e-3) with { Stop = StopRule.FixedCount, MaxIterations = 7 };
        var reports = Reports(options, out var fit);
        Assert.Equal([7, 6, 5, 4, 3, 2, 1, 0], reports.Select(report => report.IterationsLeft!.Value));
        Assert.All(reports, report => Assert.Equal(3_000, report.Points));
        Assert.Equal([2, 1, 0], Reports(FitOptions.Continue(fit) with { MaxIterations = 2 }, out _).Select(report => report.IterationsLeft!.Value));
    }

    [Fact]
    public void NoMoreThanIsAllowedAndNothingWhileRisesGrowOrAfterProposals()
    {
        var options = s_problem.Options(regularization: 1e-3) with { Stop = StopRule.TotalRise(1e-9), MaxIterations = 30 };
        var reports = Reports(options, out _);
        Assert.Contains(reports, report => report.IterationsLeft == 30 - report.Iteration);
        Assert.All(reports, report => Assert.True(report.IterationsLeft is null || report.IterationsLeft <= 30 - report.Iteration));
        Assert.All(Reports(options with { InitialModel = null, Stop = StopRule.TotalRise(0) }, out _), report => Assert.Null(report.IterationsLeft));
        var accelerated = Reports(options with { Acceleration = Acceleration.Squarem }, out _);
        Assert.True(accelerated.Count(report => report.IterationsLeft is null) > reports.Count(report => report.IterationsLeft is null));
    }

    private static List<IterationInfo> Reports(FitOptions options, out FitResult fit)
    {
        var reports = new Kept();
        fit = MixtureFit.Fit(new Points(s_problem.Data, 3), options with { Progress = reports });
        return reports;
    }

    private sealed class Kept : List<IterationInfo>, IProgress<IterationInfo>
    {
        public void Report(IterationInfo value) => Add(value);
    }
}
