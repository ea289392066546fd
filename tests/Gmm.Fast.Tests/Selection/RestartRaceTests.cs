using Gmm.Fast.Em;

namespace Gmm.Fast.Tests.Selection;

/// <summary>Checks that restarts that fall behind end early without harm, and that a cancellation loses no model.</summary>
public class RestartRaceTests
{
    private static readonly FitOptions s_fit = new()
    {
        Components = 4,
        CovarianceType = CovarianceType.Diagonal,
        Restarts = 10,
        Start = StartMethod.RandomPoints,
        MaxIterations = 300,
    };

    [Theory]
    [InlineData("old-faithful.csv", CovarianceType.Tied, 3, 0.5)]
    [InlineData("iris.csv", CovarianceType.Diagonal, 4, 0.95)]
    [InlineData(null, CovarianceType.Spherical, 3, 0.5)]
    public void RestartsThatEndEarlySavePassesAndWouldNotHaveWon(string? file, CovarianceType type, int components, double share)
    {
        var (rows, dimension) = file is null ? (SelectionData.Problem(seed: 9).Data, 2) : SelectionData.Read("data", file);
        var options = s_fit with { Components = components, CovarianceType = type, Stop = StopRule.MeanChange(1e-5) };
        var (all, raced) = (new Reports(), new Reports());
        var expected = MixtureFit.Fit(new Points(rows, dimension), options with { Progress = all });
        Measures.SameBits(expected.Model, Race(rows, dimension, options with { Progress = raced }).Model);
        Assert.True(raced.Count < share * all.Count, $"{raced.Count} passes, of {all.Count} without the race");
    }

    [Fact]
    public void ACancellationKeepsTheBestModelOfTheRace()
    {
        var (rows, dimension) = SelectionData.Faithful();
        var options = s_fit with { Restarts = 4 };
        var passes = new Reports();
        Race(rows, dimension, options with { Progress = passes });
        Assert.True(passes.Count > 60);
        var best = double.NegativeInfinity;
        for (var at = 1; at < passes.Count; at++)
        {
            using var source = new CancellationTokenSource();
            var seen = 0;
            var reports = new Reports
            {
                OnReport = info =>
                {
                    best = Math.Max(best, info.TotalLogLikelihood);
                    if (++seen == at) source.Cancel();
                },
            };
            var fit = Race(rows, dimension, options with { Progress = reports }, source.Token);
            Assert.Equal((FitStatus.Cancelled, best), (fit.Status, fit.TotalLogLikelihood));
        }
    }

    [Fact]
    public void ARunThatCollapsedIsNoMeasureForTheOthers()
    {
        var race = new RestartRace();
        race.Add(0, Run(FitStatus.Collapsed, last: 1e6));
        race.Add(1, Run(FitStatus.MaxIterations, last: -100));
        race.Add(2, Run(FitStatus.MaxIterations, last: -90));
        race.Add(3, Run(FitStatus.Converged, last: -80));
        race.Add(4, Run(FitStatus.MaxIterations, last: -70));
        race.Add(5, Run(FitStatus.MaxIterations, last: -95));
        Assert.Equal([(4, false), (2, true), (5, true), (1, true)], race.Unfinished().Select(run => (run.Restart, run.IsBehind)));
    }

    // It rises by 0.1 in each iteration, so it has 4 to gain.
    private static EmOutcome Run(FitStatus status, double last) =>
        new(null!, status, [.. Enumerable.Range(0, RestartRace.Iterations + 1).Select(t => last - 0.1 * (RestartRace.Iterations - t))], [], 1, null, [], [], 0);

    private static unsafe FitResult Race(double[] rows, int dimension, FitOptions options, CancellationToken cancellation = default)
    {
        fixed (double* origin = rows)
        {
            var source = new MemoryPoints<double>(origin, rows.Length / dimension, dimension, dimension);
            using var run = new FitRun<double>(source, points => points, options, cancellation) { RestartsRace = true };
            return run.Run();
        }
    }
}
