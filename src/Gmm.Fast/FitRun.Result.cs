using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

// Makes the result of a fit from what its restarts found.
internal sealed partial class FitRun<T>
{
    // A run that did not collapse is better than one that did; then the larger log-likelihood decides, then the earlier start.
    private static EmOutcome Better(EmOutcome candidate, EmOutcome? best)
    {
        if (best is null) return candidate;
        var (collapsed, bestCollapsed) = (candidate.Status == FitStatus.Collapsed, best.Status == FitStatus.Collapsed);
        return (collapsed != bestCollapsed ? bestCollapsed : candidate.Trace[^1] > best.Trace[^1]) ? candidate : best;
    }

    private FitResult NoModel()
    {
        Throw.Cancelled(_cancellation, _ranks.CanceledRank);
        return null;
    }

    private FitResult Result(EmOutcome outcome, FitStatus status)
    {
        var model = new GaussianMixture(outcome.Mixture, ColumnNames).WithMissingValues(_options.MissingValues);
        var order = Order(model, outcome);
        if (!order.SequenceEqual(Enumerable.Range(0, order.Length))) model = model.Reorder(order);
        if (_options.DensityQuantiles && status != FitStatus.Cancelled)
        {
            var measured = Measure(model);
            if (measured is null) status = FitStatus.Cancelled;
            model = measured ?? model;
        }

        // The initial parameters are used as they are.
        var ridge = outcome.Trace.Length > 1 ? _ridge! : Ridge.Uniform(0, Dimension);
        var threads = _team.Size;
        var failure = status switch
        {
            FitStatus.Collapsed => outcome.Failure,
            FitStatus.Cancelled when _ranks.CanceledRank is { } rank => $"rank {rank} was canceled",
            _ => null,
        };
        double[] counts = [.. order.Select(k => outcome.EffectiveCounts[k])];
        int[] starts = [.. order.Select(k => outcome.StartComponents[k])];

        // Copies: what is computed later must not keep the points.
        var (points, weight, parameters, pooled) = (Survey.PointCount, outcome.TotalWeight, model.Mixture.Parameters, _surveyed!.PooledColumns());
        var (precision, wording, recoveries) = (Survey.Precision, Wording, outcome.Recoveries);
        FitWarning[] gaps = [.. GapWarnings(outcome, status, order)];
        FitWarning[] empty = [.. _ranks.EmptyRanks.Select(rank => new FitWarning(FitWarningKind.EmptyRank, [], [], $"rank {rank} holds no points"))];
        FitWarning[] unwritten = [.. CheckpointWarnings()];
        var record = new FitRecord(
            status, failure, outcome.Trace, points, weight, recoveries, _options.Stop, Regularization, _options.ContinueFrom?.Seed ?? _options.Seed, starts,
            new Lazy<IReadOnlyList<ComponentDiagnostics>>(() => Diagnose(model.Mixture, counts, ridge, threads)),
            new Lazy<IReadOnlyList<FitWarning>>(() =>
            [
                .. RecoveryWords.Of(recoveries, isRenumbered: !starts.SequenceEqual(Enumerable.Range(0, starts.Length))),
                .. gaps,
                .. new Doubts(parameters, Array.ConvertAll(counts, count => count * (points / weight)), points, ridge, pooled?.Covariances.ToArray(), precision, wording).List(),
                .. empty,
                .. unwritten,
            ]))
        {
            VarianceFloor = _options.VarianceFloor,
            OnCollapse = _options.OnCollapse,
            ResponsibilityCutoff = _options.ResponsibilityCutoff,
            CutoffLoss = outcome.WithoutCutoff is { } whole ? Math.Max(0, (whole - outcome.Trace[^1]) / weight) : null,
            ComputedShare = outcome.ComputedShare,
            DistinctPoints = _data.RepresentedPoints is null ? null : _data.Source.PointCount,
            SamplePasses = _options.ContinueFrom?.SamplePasses ?? outcome.SamplePasses,
            Acceleration = _options.Acceleration,
            Refused = outcome.Refused,
            Pooled = pooled is not null && outcome.Trace.Length == 1 ? new PooledColumns(pooled.Means.ToArray(), pooled.Covariances.ToArray()) : null,
        };
        return new FitResult(model, record) { Gaps = _surveyed.Gaps };
    }

    // A continued fit keeps the numbers of its components where no other order is asked for.
    private int[] Order(GaussianMixture model, EmOutcome outcome) => _options.ContinueFrom is { } past && _options.Order == ComponentOrder.AsFound
        ? [.. Enumerable.Range(0, model.ComponentCount).OrderBy(k => past.StartComponents.ToList().IndexOf(outcome.StartComponents[k]))]
        : _options.Order.Of(model);

    /// <summary>Gives the diagnostics of all components.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="counts">[K], effective counts.</param>
    /// <param name="ridge">What M-steps add to variances.</param>
    /// <param name="threads">The most threads.</param>
    internal static ComponentDiagnostics[] Diagnose(Factored mixture, double[] counts, Ridge ridge, int threads)
    {
        var spectra = Spectra.Of(mixture, ridge, threads);
        var diagnostics = new ComponentDiagnostics[mixture.Components];
        for (var k = 0; k < diagnostics.Length; k++)
        {
            var (smallest, largest, share) = spectra[mixture.Parameters.MatrixOf(k)];
            var condition = smallest > 0 ? Math.Max(1, largest / smallest) : double.PositiveInfinity;
            diagnostics[k] = new ComponentDiagnostics(counts[k], condition, share);
        }
        return diagnostics;
    }
}
