using Gmm.Data;
using Gmm.Fast;
using Gmm.Report.Html;

namespace Gmm.Cli.Fitting;

/// <summary>
/// The parameters on their way, for the report. A fit keeps only the last ones; the others are found by going the way again, from the same start,
/// where that is little work. It is little when points x components x features x iterations is at most 100 million: well under a second on one
/// processor. That is a count and no measured time, so that the report does not depend on the machine.
/// </summary>
internal static class FitJourney
{
    private const double MostWork = 1e8;
    private const int Stages = 6;

    /// <summary>The start, up to six stages between and the end; nothing where there was no iteration, or the way is not known.</summary>
    public static IReadOnlyList<ModelSnapshot> Of(FitResult fit, NumericTable table, FitOptions options)
    {
        if (fit.Iterations == 0) return [];

        // A component that was taken out on the way would leave a gap between two stages.
        if (fit.Model.ComponentCount != options.Components) return [];
        if ((double)table.Rows * options.Components * table.Columns * fit.Iterations > MostWork) return [];
        var snapshots = new List<ModelSnapshot>();
        var step = options with { Restarts = 1, Stop = StopRule.FixedCount, Progress = null };
        var done = 0;
        foreach (var iteration in Iterations(fit.Iterations))
        {
            var stage = MixtureFit.Fit(table.Values, table.Columns, step with { MaxIterations = iteration - done });

            // Of several starts only the first can be repeated; where another one won, this is not its way.
            if (stage.TotalLogLikelihood != fit.Trace[iteration]) return [];
            snapshots.Add(new(iteration == 0 ? "start" : $"after {DataInput.Count(iteration, "iteration")}", stage.Model));
            (step, done) = (step with { InitialModel = stage.Model }, iteration);
        }
        return [.. snapshots, new(FormattableString.Invariant($"{(fit.Converged ? "converged" : "end")} after {fit.Iterations}"), fit.Model)];
    }

    // Most happens early: the steps grow like powers.
    private static IEnumerable<int> Iterations(int last) =>
        Enumerable.Range(0, Stages).Select(i => (int)Math.Round(Math.Pow(last, (double)i / Stages))).Where(i => i < last).Prepend(0).Distinct();
}
