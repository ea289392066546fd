using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Model;

namespace Gmm.Fast;

// Begins fits on samples of their points.
internal sealed partial class FitRun<T>
{
    private ProgressivePlan? _samplePlan;

    // The reason why the points have no samples; null where they have. Samples are read point by point.
    private string? NoSamples => _data.Ranges is not null ? "the points have gaps, and samples are of complete points"
        : !_data.Source.HasRandomAccess ? "samples are of points in memory"
        : _data.Source.PointCount > Array.MaxLength ? $"samples are of at most {Array.MaxLength} points"
        : null;

    private ProgressivePlan? NewPlanOfSamples(long parameters)
    {
        if (_options.Progressive != Progressive.On) return null;
        if (NoSamples is { } reason) FitChecks.RefuseSamples(reason);
        return new ProgressivePlan(_data.Source.PointCount, Survey.FittedPoints, (long)Dimension * ElementSize, _options.Components, parameters, _options.Seed);
    }

    // Gives the mixture from which passes over all points start, and the work of those over samples, in passes over all points. Null when canceled before
    // the first pass over a sample is complete.
    private (Factored Mixture, double Passes, bool IsCanceled)? OnSamples(Factored initial, Maximization maximization, SufficientStatistics statistics)
    {
        var (mixture, passes) = (initial, 0.0);
        foreach (var level in _samplePlan?.Levels ?? [])
        {
            if (IsOutOfTime()) break;
            var sample = new ReorderedSource<T>(_data.Source, _samplePlan!.Sample(level));
            if (OnSample(sample, mixture, maximization, statistics) is not { } outcome) return passes > 0 ? (mixture, passes, true) : null;
            passes += (double)(outcome.Trace.Length + outcome.Refused) * sample.PointCount / _data.Source.PointCount;

            if (outcome.Status == FitStatus.Cancelled) return (outcome.Mixture, passes, true);

            // A component that collapses on few points may have more of them.
            if (outcome.Status == FitStatus.Collapsed || outcome.Recoveries.Length > 0) continue;
            mixture = outcome.Mixture;
            if (!ProgressivePlan.Pays(outcome.Status, outcome.Trace, level - 1)) break;
        }
        return (mixture, passes, false);
    }

    // Gives what a fit that is canceled on a sample has found: one more pass tells its log-likelihood.
    private EmOutcome Canceled(Factored mixture, double passes, Maximization maximization, SufficientStatistics statistics)
    {
        var plan = _ranks.Plan<T>();
        using var expectation = NewExpectation(
            _data.Source, _data.Blocks, _ranks.TotalCount, plan, mixture.Family,
            extra => new Sweep<T>(_data.Blocks!, plan, statistics, _ranks, _team, CancellationToken.None, extra));
        var outcome = new EmLoop(expectation, maximization, statistics, mixture, Settings(0) with { MaxIterations = 0, Report = null, MeasuresCutoff = false, Between = null }).Run()!;
        return outcome with { Status = outcome.Status == FitStatus.Collapsed ? outcome.Status : FitStatus.Cancelled, SamplePasses = passes };
    }

    // Null when canceled.
    private EmOutcome? OnSample(ReorderedSource<T> sample, Factored initial, Maximization maximization, SufficientStatistics statistics)
    {
        var plan = ShardPlan.Alone<T>(sample.PointCount, Dimension);
        using var store = new BlockStore<T>(sample, plan.Shape, _options.PackingBudget, sample.HasWeights);
        using var expectation = NewExpectation(
            sample, store, sample.PointCount, plan, initial.Family,
            extra => new Sweep<T>(store, plan, statistics, new RankGroup(null), _team, _cancellation, extra));
        var settings = new EmSettings(ProgressivePlan.MostIterations, _samplePlan!.Rule(sample.PointCount), CollapsePolicy.Fail, _ridge!, Wording, null)
        {
            Between = _options.TimeBudget is null ? null : _ => IsOutOfTime(),
        };
        return new EmLoop(expectation, maximization, statistics, initial, settings, Accelerator(initial.Parameters)).Run();
    }
}
