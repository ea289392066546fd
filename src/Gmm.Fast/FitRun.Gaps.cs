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
    private const int IterationsWithGaps = 10;

    private GapSweep<T>? _gapSweep;
    private IExpectation? _expectation;

    private Sweep<T> NewSweep(ShardPlan plan, Family family, SufficientStatistics statistics, long extra) => _data.Ranges is null
        ? new Sweep<T>(_data.Blocks!, plan, statistics, _ranks, _team, _cancellation, extra)
        : _gapSweep = new GapSweep<T>(_data.Ranges, family, statistics, _ranks, _team, _cancellation);

    // The default start looks for the partition under which completed points are likeliest. Where much of them is completed, that says little.
    private bool HasManyGaps =>
        _options.Start == StartMethod.SmallEm && _surveyed!.Gaps is { } gaps && gaps.MissingValues > ManyMissing * Survey.PointCount * Dimension;

    // Runs EM with gaps for a few iterations from this start and from one by k-means, and gives the end that is better. Null when canceled.
    private Factored? BetterWithGaps(Factored start, Sample sample, Xoshiro256 random)
    {
        if (Iterate(start) is not { } first) return null;
        try
        {
            if (StartTable.Of(StartMethod.KMeansPlusPlus).Start(_request!, sample, random) is not { } other || Iterate(other) is not { } second) return null;
            return (Score(second).CompareTo(Score(first)) > 0 ? second : first).Mixture;
        }
        catch (ArgumentException)
        {
            // Too few points that differ, of all ranks, leave the first.
            return first.Mixture;
        }

        EmOutcome? Iterate(Factored initial)
        {
            var settings = new EmSettings(IterationsWithGaps, StopRule.FixedCount, CollapsePolicy.Keep, _ridge!, Wording, null);
            var statistics = new SufficientStatistics(initial.Family.Moments, initial.Components, Dimension);
            var maximization = new Maximization(initial.Parameters, _ridge!, null, _team, _cancellation);
            var outcome = new EmLoop(_expectation!, maximization, statistics, initial, settings).Run();
            return outcome is { Status: FitStatus.Cancelled } ? null : outcome;
        }

        StartScore Score(EmOutcome outcome) => StartScore.Of(outcome, Survey.PointCount, _request!);
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
        var together = new double[checked(mixture.Components * d * others)];
        _gapSweep!.Together = together;
        var done = _expectation!.Run(mixture, new SufficientStatistics(mixture.Family.Moments, mixture.Components, d));
        _gapSweep.Together = null;
        if (!done || !_ranks.Sum(together, IsCanceled)) yield break;

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
