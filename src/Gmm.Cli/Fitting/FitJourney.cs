using Gmm.Fast;
using Gmm.Report.Html;

namespace Gmm.Cli.Fitting;

/// <summary>
/// Finds the parameters on their way, for the report. A fit keeps only the last ones; the others are found by going the way once more, from the same
/// start, where that is little work. It is little when points x components x columns x iterations is at most 100 million: well under a second on one
/// processor. That is a count and no measured time, so that the report does not depend on the machine.
/// </summary>
internal static class FitJourney
{
    private const double MostWork = 1e8;
    private const int Stages = 6;

    /// <summary>Gives the start, up to six stages between and the end; nothing where there was no iteration, or the way is not known.</summary>
    public static IReadOnlyList<ModelSnapshot> Of(FitResult fit, InputPoints points, FitOptions options)
    {
        if (fit.Iterations == 0) return [];

        // The way before is not known.
        if (options.ContinueFrom is not null) return [];

        // A component that was taken out on the way would leave a gap between two stages.
        if (fit.Model.ComponentCount != options.Components) return [];
        if ((double)points.Rows * options.Components * points.Columns * fit.Iterations > MostWork) return [];
        int[] iterations = [.. Iterations(fit.Iterations)];
        var stages = new Recorder(fit, iterations);
        points.Fit(
            options with
            {
                Restarts = 1,
                Stop = StopRule.FixedCount,
                MaxIterations = iterations[^1],
                DensityQuantiles = false,
                Order = ComponentOrder.AsFound,
                Progress = stages,
                GapsFound = null,
                Communicator = null,
                Checkpoint = null,
                ResumeFrom = null,
                TimeBudget = null,
            },
            CancellationToken.None);

        // Of several starts only the first can be repeated; where another one won, this is not its way.
        if (stages.Snapshots.Count < iterations.Length) return [];
        return [.. stages.Snapshots, new(Invariant($"{(fit.Converged ? "converged" : "end")} after {fit.Iterations}"), fit.Model)];
    }

    // Most happens early: the steps grow like powers.
    private static IEnumerable<int> Iterations(int last) =>
        Enumerable.Range(0, Stages).Select(i => (int)Math.Round(Math.Pow(last, (double)i / Stages))).Where(i => i < last).Prepend(0).Distinct();

    /// <summary>Keeps the models of the wanted iterations that have the log-likelihood of the fit.</summary>
    private sealed class Recorder(FitResult fit, int[] iterations) : IProgress<IterationInfo>
    {
        public List<ModelSnapshot> Snapshots { get; } = [];

        public void Report(IterationInfo value)
        {
            if (!iterations.Contains(value.Iteration) || value.TotalLogLikelihood != fit.Trace[value.Iteration]) return;
            var title = value.Iteration == 0 ? "start" : $"after {DataInput.Count(value.Iteration, "iteration")}";
            Snapshots.Add(new ModelSnapshot(title, value.Snapshot().Reorder([.. fit.StartComponents])));
        }
    }
}
