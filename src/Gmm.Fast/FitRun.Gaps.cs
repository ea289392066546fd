using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Starts;

namespace Gmm.Fast;

// Fits points with gaps.
internal sealed partial class FitRun<T>
{
    // Of all values.
    private const double ManyMissing = 0.2;
    private const int IterationsWithGaps = 5;

    // Of more, which may not be in memory, one iteration decides.
    private const double MostNumbers = 1 << 28;

    // Of the points of a component: with a smaller part a dimension has next to no values there. No ratio of small numbers: sums of counts have no fixed order,
    // and one that equals it could fall on either side.
    private const double FewestPresent = 0.0203;

    private GapSweep<T>? _gapSweep;
    private IExpectation? _expectation;

    private Sweep<T> NewSweep(ShardPlan plan, Family family, SufficientStatistics statistics, long extra) => _data.Ranges is null
        ? new Sweep<T>(_data.Blocks!, plan, statistics, _ranks, _team, _cancellation, extra)
        : _gapSweep = new GapSweep<T>(_data.Ranges, family, statistics, _ranks, _team, _cancellation);

    private bool HasManyGaps => _surveyed!.Gaps!.MissingValues > ManyMissing * Survey.PointCount * Dimension;

    // Gives the start of points with gaps. Completed points judge a default start otherwise than the values that are there. So a few iterations with gaps
    // choose between the start of draws, that of means and, where gaps are many, one by k-means. Null when canceled.
    private Factored? WithGaps(Factored start, Sample sample, int restart, Xoshiro256 random)
    {
        if (_data.Ranges is null) return start;
        if (Widen(start) is not { } widened) return null;
        if (_options.Start != StartMethod.SmallEm) return widened;
        if (Iterate(widened) is not { } best) return null;
        if (best.Trace.Length == 0) return widened;
        for (var other = 0; other < (HasManyGaps ? 2 : 1); other++)
        {
            try
            {
                if ((other == 0 ? OfMeans() : StartTable.Of(StartMethod.KMeansPlusPlus).Start(_request!, sample, random)) is not { } found) return null;
                if (Widen(found) is not { } candidate || Iterate(candidate) is not { } outcome) return null;
                if (outcome.Trace.Length > 0 && Score(outcome).CompareTo(Score(best)) > 0) best = outcome;
            }
            catch (ArgumentException)
            {
                // Too few points that differ, for all ranks: the others stand.
            }
        }
        return best.Mixture;

        Factored? OfMeans()
        {
            var same = new Xoshiro256(_options.Seed, restart);
            var method = StartTable.Of(_options.Start);
            var request = method.Sample(_request!, same, restart, Survey.HasWeights);
            return _surveyed!.OfMeans!.Take([request]) && request.Complete(_ranks, IsCanceled) is { } means ? method.Start(_request!, means, same) : null;
        }

        EmOutcome? Iterate(Factored initial)
        {
            var iterations = (double)_ranks.TotalCount * Dimension > MostNumbers ? 1 : IterationsWithGaps;
            var settings = new EmSettings(iterations, StopRule.FixedCount, CollapsePolicy.Keep, _ridge!, Wording, null);
            var statistics = new SufficientStatistics(initial.Family.Moments, initial.Components, Dimension);
            var maximization = new Maximization(initial.Parameters, _ridge!, null, _team, _cancellation);
            var outcome = new EmLoop(_expectation!, maximization, statistics, initial, settings).Run();
            return outcome is { Status: FitStatus.Cancelled } ? null : outcome;
        }

        StartScore Score(EmOutcome outcome) => StartScore.Of(outcome, Survey.PointCount, _request!);
    }

    // Gives a component the variance of a column of which it has next to no values: it would keep that of the values drawn for the start. Null when canceled.
    private Factored? Widen(Factored start)
    {
        var (parameters, d) = (start.Parameters, Dimension);
        if (parameters.IsShared || start.Family.IsAverage || d == 1) return start;
        if (Together(start) is not { } together) return null;
        var others = start.Family.HasOffDiagonal ? d : 1;
        var wide = new Parameters(start.Family, start.Components, d);
        parameters.Theta.CopyTo(wide.Theta, 0);
        var isWider = false;
        for (var k = 0; k < start.Components; k++)
        {
            var covariance = wide.CovarianceOf(k);
            double Count(int j) => together[(k * d + j) * others + (others > 1 ? j : 0)];
            var most = Enumerable.Range(0, d).Max(Count);
            for (var j = 0; j < d; j++)
            {
                if (Count(j) > FewestPresent * most) continue;
                isWider = true;
                for (var i = 0; i < d && others > 1; i++) covariance[i * d + j] = covariance[j * d + i] = 0;
                covariance[others > 1 ? j * (d + 1) : j] = _request!.Pooled.Variance(0, j);
            }
        }
        return isWider ? _request!.Factor(wide) : start;
    }

    // Sums the responsibilities of the points that have both of two dimensions, [K x D x D], or one, [K x D]; null when canceled.
    private double[]? Together(Factored mixture)
    {
        var together = new double[checked(mixture.Components * Dimension * (mixture.Family.HasOffDiagonal ? Dimension : 1))];
        _gapSweep!.Together = together;
        var done = _expectation!.Run(mixture, new SufficientStatistics(mixture.Family.Moments, mixture.Components, Dimension));
        _gapSweep.Together = null;
        return done && _ranks.Sum(together, IsCanceled) ? together : null;
    }

    // Says what was left out, and what the data do not tell: one warning per cause, with the components in the order of the model.
    private IEnumerable<FitWarning> GapWarnings(EmOutcome outcome, FitStatus status, int[] order)
    {
        if (_surveyed!.Gaps is not { } gaps) yield break;
        if (gaps.EmptyPoints is > 0 and var empty)
        {
            yield return new FitWarning(
                FitWarningKind.EmptyPoints, [], [], empty == 1 ? "1 point has no value at all and is left out" : Model.Wording.Text($"{empty} points have no value at all and are left out"));
        }
        if (gaps.PairsNeverTogether is { Count: > 0 } never)
        {
            yield return new FitWarning(
                FitWarningKind.NotIdentified, [], Columns(never),
                $"{Pairs(never)} never have values in the same point{Wording.Counting}: covariances there come from the start, not from the data");
        }
        foreach (var warning in NotIdentified(outcome, status, order)) yield return warning;
    }

    // Looks, in one more pass, for dimensions and pairs of them in which a component has next to no points.
    private IEnumerable<FitWarning> NotIdentified(EmOutcome outcome, FitStatus status, int[] order)
    {
        var (mixture, d) = (outcome.Mixture, Dimension);
        if (status == FitStatus.Cancelled || mixture.Components != _options.Components) yield break;
        var others = mixture.Family.HasOffDiagonal ? d : 1;
        if (Together(mixture) is not { } together) yield break;

        var onePoint = outcome.TotalWeight / Survey.PointCount;
        bool Has(int k, int i, int j) => together[(k * d + i) * others + (others > 1 ? j : 0)] >= onePoint;
        var hasCovariances = mixture.Family.HasOffDiagonal && !mixture.Parameters.IsShared;
        var never = _surveyed!.Gaps!.PairsNeverTogether.ToHashSet();
        List<(int Component, int Column)> alone = [];
        List<(int Component, (int First, int Second) Pair)> pairs = [];
        for (var k = 0; k < order.Length; k++)
        {
            var component = order[k];
            if (outcome.EffectiveCounts[component] < onePoint) continue;
            for (var i = 0; i < d; i++)
            {
                if (!Has(component, i, i))
                {
                    alone.Add((k, i));
                    continue;
                }
                for (var j = i + 1; j < d && hasCovariances; j++)
                {
                    if (Has(component, j, j) && !Has(component, i, j) && !never.Contains((i, j))) pairs.Add((k, (i, j)));
                }
            }
        }
        if (alone.Count > 0)
        {
            var texts = alone.GroupBy(one => one.Component, one => one.Column).Select(group =>
                $"{Model.Wording.List([.. group.Select(Wording.Token)])} in component {group.Key}").ToArray();
            yield return new FitWarning(
                FitWarningKind.NotIdentified, [.. alone.Select(one => one.Component).Distinct()], [.. alone.Select(one => one.Column).Distinct().Order()],
                $"less than one point has a value of {Model.Wording.List(texts)}{Wording.Counting}: means and variances there come from the start, not from the data");
        }
        if (pairs.Count > 0)
        {
            var texts = pairs.GroupBy(one => one.Component, one => one.Pair).Select(group => $"{Pairs([.. group])} in component {group.Key}").ToArray();
            yield return new FitWarning(
                FitWarningKind.NotIdentified, [.. pairs.Select(one => one.Component).Distinct()], Columns([.. pairs.Select(one => one.Pair)]),
                $"less than one point has values of both {Model.Wording.List(texts)}{Wording.Counting}: covariances there come from the start, not from the data");
        }
    }

    private string Pairs(IReadOnlyList<(int First, int Second)> pairs) =>
        Model.Wording.List([.. pairs.Select(pair => $"{Wording.Token(pair.First)} and {Wording.Token(pair.Second)}")]);

    private static int[] Columns(IEnumerable<(int First, int Second)> pairs) => [.. pairs.SelectMany(pair => (int[])[pair.First, pair.Second]).Distinct().Order()];
}
