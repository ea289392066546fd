using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Runs one selection: the fits to all points, those of the cross-validation, and the choice.</summary>
/// <param name="source">The points.</param>
/// <param name="widen">Gives them in doubles.</param>
/// <param name="options">The options of the selection.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class SelectionRun<T>(
    PointSource<T> source, Func<CheckedSource<T>, PointSource<double>> widen, SelectionOptions options, CancellationToken cancellation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<SelectionCandidate> _candidates = [];

    private bool IsCanceled => cancellation.IsCancellationRequested;

    private int Threads => options.Fit.MaxDegreeOfParallelism;

    /// <summary>Runs the selection.</summary>
    public SelectionResult Run()
    {
        SelectionChecks.Validate(source, options);
        foreach (var k in options.Components.Order()) _candidates.AddRange(options.CovarianceTypes.Select(type => new SelectionCandidate(k, type)));
        var clock = NewClock();
        using (var grid = new FitGrid<T>(source, widen, options, clock, cancellation))
        {
            var fits = grid.Run();
            foreach (var candidate in _candidates)
            {
                if (!fits.TryGetValue((candidate.Components, candidate.CovarianceType), out var fit)) continue;
                (candidate.Fit, candidate.Failure, candidate.UnsupportedComponents) = (fit.Fit, fit.Failure, fit.Unsupported);
            }
            Measure(grid);
            var isValidated = options.Criterion == SelectionCriterion.CrossValidation && Validate(clock);
            return Choose(grid.Wide, isValidated);
        }
    }

    private SelectionClock NewClock()
    {
        var rounds = 1 + (options.Criterion == SelectionCriterion.CrossValidation ? options.Folds : 0);
        var (total, work) = (0, 0.0);
        foreach (var candidate in _candidates)
        {
            var fits = rounds * (options.SplitStarts && options.Components.Contains(candidate.Components - 1) ? 2 : 1);
            total += fits;
            work += fits * SelectionClock.Work(candidate.Components, candidate.CovarianceType, source.Dimension);
        }
        return new SelectionClock(total, work, options.Progress);
    }

    private void Measure(FitGrid<T> grid) =>
        grid.Each(_candidates.Where(candidate => candidate.IsComplete), candidate => (candidate.Components, candidate.CovarianceType), (candidate, threads) =>
        {
            try
            {
                candidate.Entropy = ModelSums.Entropy(candidate.Fit!.Model, grid.Wide, threads, cancellation);
            }
            catch (OperationCanceledException) when (IsCanceled)
            {
                // The candidate has none.
            }
        });

    // Fits the candidates to all parts but one, part by part, and scores that one. Returns false when canceled.
    private bool Validate(SelectionClock clock)
    {
        var folds = new Folds(options.Folds, options.Fit.Seed);
        var sums = _candidates.ToDictionary(candidate => candidate, _ => default(DensitySums));
        foreach (var candidate in _candidates) candidate.FoldMeans = new double[folds.Count];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var fits = WithoutPart(fold, folds, clock);
            if (IsCanceled) return false;
            if (fits is null) return true;
            var heldOut = new FoldSource<double>(widen(new CheckedSource<T>(source)), folds, fold, isHeldOut: true);
            foreach (var candidate in _candidates)
            {
                var fit = fits[(candidate.Components, candidate.CovarianceType)];
                if (!fit.IsComplete) candidate.Failure ??= Without(fold, folds, fit.Failure);
                if (!candidate.IsComplete) continue;
                try
                {
                    var part = ModelSums.LogDensities(fit.Fit!.Model, heldOut, Threads, cancellation);
                    candidate.FoldMeans[fold] = part.Weight > 0 ? part.Mean : double.NaN;
                    sums[candidate] = sums[candidate].With(part);
                }
                catch (OperationCanceledException)
                {
                    return false;
                }
            }
        }
        foreach (var candidate in _candidates.Where(candidate => candidate.IsComplete))
            (candidate.HeldOutLogDensity, candidate.HeldOutStandardError) = (sums[candidate].Mean, sums[candidate].StandardError);
        return true;
    }

    // Fits the candidates to all parts but one; null where these points cannot be used: then no candidate can be chosen.
    private Dictionary<(int Components, CovarianceType Type), GridFit>? WithoutPart(int fold, Folds folds, SelectionClock clock)
    {
        var rest = new FoldSource<T>(source, folds, fold, isHeldOut: false);
        using var grid = new FitGrid<T>(rest, widen, options with { Fit = options.Fit with { GapsFound = null, Progressive = Progressive.Off } }, clock, cancellation);
        try
        {
            return grid.Run();
        }
        catch (ArgumentException e)
        {
            foreach (var candidate in _candidates) candidate.Failure ??= Without(fold, folds, Throw.Message(e));
            return null;
        }
    }

    private static string Without(int fold, Folds folds, string? failure) => $"without part {fold + 1} of {folds.Count}: {failure}";

    private SelectionResult Choose(PointSource<double> points, bool isValidated)
    {
        // What was canceled on its way has comparable numbers for fewer candidates: BIC needs no further pass.
        var isPartial = options.Criterion switch
        {
            SelectionCriterion.CrossValidation => !isValidated,
            SelectionCriterion.Icl => _candidates.Exists(candidate => candidate.IsComplete && double.IsNaN(candidate.Entropy)),
            _ => false,
        };
        var criterion = isPartial ? SelectionCriterion.Bic : options.Criterion;
        var ranked = SelectionResult.Rank(_candidates, criterion);

        // A fit that was canceled on its way is better than none.
        if (ranked.Count == 0 && IsCanceled)
        {
            criterion = SelectionCriterion.Bic;
            ranked = SelectionResult.Order(_candidates.Where(candidate => candidate is { Fit: not null, Failure: null }), criterion);
        }
        if (ranked.Count == 0) ThrowNone();
        if (options.Fit.DensityQuantiles && !IsCanceled) KeepQuantiles(ranked[0], points);
        var isHeldOut = criterion == SelectionCriterion.CrossValidation;
        return new SelectionResult(
            _candidates, ranked[0], ranked.Find(candidate => !candidate.IsSameModel(ranked[0]) && (isHeldOut || candidate.UnsupportedComponents == 0 || ranked[0].UnsupportedComponents > 0)), criterion,
            IsCanceled ? SelectionStatus.Cancelled : SelectionStatus.Completed);
    }

    private void KeepQuantiles(SelectionCandidate best, PointSource<double> points)
    {
        var fit = best.Fit!;
        try
        {
            best.Fit = new FitResult(fit.Model.WithDensityQuantiles(points, Threads, cancellation), fit.Record) { Gaps = fit.Gaps };
        }
        catch (OperationCanceledException)
        {
            // The model without them is what there is.
        }
    }

    // Candidates that failed for the same reason are named once.
    [DoesNotReturn]
    private void ThrowNone()
    {
        if (IsCanceled) Throw.Cancelled(cancellation, rank: null);
        var reasons = _candidates.GroupBy(candidate => candidate.Failure).Select(group =>
        {
            var first = group.First();
            var others = group.Count() > 1 ? $" and {group.Count() - 1} more" : "";
            return $"{first.Components} {FamilyTable.Of(first.CovarianceType).Name}{others}: {group.Key}";
        });
        Throw.Argument(nameof(options), $"no candidate could be fitted: {string.Join("; ", reasons)}");
    }
}
