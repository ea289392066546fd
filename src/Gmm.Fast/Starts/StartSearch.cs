using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Linalg;
using Gmm.Fast.Model;

namespace Gmm.Fast.Starts;

/// <summary>
/// Searches the points of a sample for a start. Candidates come from several sources, a short run of EM is made of each, the best ones run on, and the
/// best of these is the start:
///   partitions of small determinant of the covariance within clusters (Friedman and Rubin, On some invariant criteria for grouping data, JASA 62,
///   1967), which find long clusters that lie side by side;
///   many small clusters that are joined to K (<see cref="Agglomeration"/>), which find clusters of different forms and sizes;
///   random points, which are not misled by either;
///   clusters of k-means in columns divided by their deviations, which nothing draws to directions in which clusters are thin. In many dimensions no
///   search that is blind to the axes finds clusters that differ in all columns at once, and this one does. With off-diagonal covariances it depends on
///   the axes, though not on their units, so it comes last: it is the start only where it ends at a better optimum than the others.
/// A search of a large fit has time for two candidates, joined clusters and k-means. Where a sample has few points for each component,
/// likelihood follows the points, and k-means makes the start alone.
/// </summary>
internal sealed class StartSearch : IDisposable
{
    private const int LloydIterations = 8;
    // Searches of k-means: cheap beside a small fit, and a sample of large data has clusters of many points.
    private const int SearchesOfAll = 10;
    private const int SearchesOfSample = 1;

    // Sources of candidates beside k-means. A search ends where one of each has been tried and at most one of these ended elsewhere.
    private const int Sources = 3;

    // Trials of a seed, for many small clusters of a sample: more cost time and find nothing better.
    private const int FewTrials = 2;

    // In nats per point: closer partitions or runs count as one.
    private const double SamePartition = 1e-3;
    private const double SameRun = 1e-4;

    // Relative: k-means has ended in one optimum where spreads differ by less.
    private const double SameSpread = 1e-6;

    private readonly StartRequest _request;
    private readonly Sample _sample;
    private readonly Xoshiro256 _random;
    private readonly SearchPlan _plan;
    private readonly ShortRuns _runs;
    private readonly SampleCoordinates _all;
    private readonly PointSource<double> _points;
    private readonly double[] _origin;
    private Parameters _metric;
    private int _joined;

    /// <summary>Makes a search.</summary>
    /// <param name="request">The options of the fit.</param>
    /// <param name="sample">The points.</param>
    /// <param name="points">The same points as a source: all points of the fit, or the pinned rows.</param>
    /// <param name="random">The stream of the start.</param>
    public StartSearch(StartRequest request, Sample sample, PointSource<double> points, Xoshiro256 random)
    {
        (_request, _sample, _points, _random) = (request, sample, points, random);
        _plan = SearchPlan.For(request.Family, request.Components, sample.Dimension, sample.Count, request.Survey.FittedPoints);
        _all = new SampleCoordinates(sample, sample.Whole is null ? null : request.Survey.Spare);
        _runs = new ShortRuns(request, points, _all.Store);
        (_origin, _metric) = (request.Pooled.Mean(0).ToArray(), request.Pooled);
    }

    private CancellationToken Cancellation => _request.Survey.Cancellation;

    private bool IsCanceled => Cancellation.IsCancellationRequested;

    // Points without weight are in no sample.
    private bool IsWhole => _sample.Count == _request.Survey.FittedPoints;

    // As many points as a covariance has dimensions, and one.
    private double Prior => _sample.Dimension + 1;

    /// <summary>Gives the best start; null when canceled.</summary>
    public Parameters? Run()
    {
        if (_request.Components == 1)
        {
            var one = new Parameters(_request.Family, 1, _sample.Dimension);
            _request.Pooled.Theta.CopyTo(one.Theta, 0);
            return one;
        }
        var canSupport = StartScore.CanSupport(_request.Family, _request.Components, _sample.Dimension, _sample.Count);
        if (!canSupport || _plan.IsKMeans) return Plain()?.Mixture(Prior);
        if (Partitions() is not { } partitions) return null;
        if (_plan.Iterations == 0 && _plan.SmallClusters <= _request.Components) return partitions[0].Mixture(Prior);

        var (trials, last) = (new List<Trial>(), new List<Trial>());
        var unused = new Queue<Clusters>(partitions);
        if (Plain() is not { } plain || !Try(_request.Factor(plain.Mixture(Prior)), _plan.Iterations, last)) return null;
        for (var candidate = 0; candidate < _plan.Candidates && !(candidate == Sources && Agree([.. trials, .. last])); candidate++)
        {
            if (Candidate(candidate, unused) is not { } start || !Try(_request.Factor(start), _plan.Iterations, trials)) return null;
        }
        trials.AddRange(last);

        // Where no run has components that the points support, likelihood says nothing: it is largest where they collapse.
        if (trials.Count == 0 || trials.Max(trial => trial.Score).Unsupported >= _request.Components) return plain.Mixture(Prior);
        var finalists = new List<Trial>();
        foreach (var trial in Distinct(trials).Take(_plan.Finalists))
        {
            if (!Try(trial.Outcome.Mixture, _plan.FinalIterations, finalists)) return null;
        }

        // Where points are out of reach of every start, the fit says so.
        if (finalists.Count == 0) finalists = trials;
        return finalists.Count == 0 ? partitions[0].Mixture(Prior) : Distinct(finalists)[0].Outcome.Mixture.Parameters;
    }

    public void Dispose()
    {
        _runs.Dispose();
        if (_all.Store == _request.Survey.Spare) _all.Store.Replace(_points);
        _all.Dispose();
    }

    // Null when canceled. A source that has run dry leaves its turn to the others.
    private Parameters? Candidate(int number, Queue<Clusters> partitions)
    {
        var source = _plan.Candidates == 1 && _plan.SmallClusters > _request.Components ? 1 : number % Sources;
        if (source == 0 && partitions.Count > 0) return partitions.Dequeue().Mixture(Prior);
        if (source == 2 || _plan.SmallClusters <= _request.Components) return RandomStart();
        return Joined(Whitening.Of(_joined++ % 2 == 0 ? _metric : _request.Pooled, _origin))?.Mixture(Prior);
    }

    // Returns false when canceled.
    private bool Try(Factored start, int iterations, List<Trial> trials)
    {
        if (_runs.Run(start, iterations) is not { } outcome) return false;
        if (outcome.Trace.Length > 0) trials.Add(new Trial(outcome, Score(outcome)));
        return true;
    }

    // A component that loses its points in a run on few points does not lose them in the fit.
    private StartScore Score(EmOutcome outcome)
    {
        var score = StartScore.Of(outcome, _sample.Count, _request);
        return _plan.IsSparse ? score with { Unsupported = 0 } : score;
    }

    // Tells whether all trials but one at most are as good as the best, which the points support.
    private bool Agree(List<Trial> trials)
    {
        if (trials.Count <= Sources) return false;
        var best = trials.Max(trial => trial.Score);
        return best.Unsupported == 0 && trials.Count(trial => IsAsGood(trial.Score, best, SameRun * _sample.Count)) >= trials.Count - 1;
    }

    private static bool IsAsGood(StartScore score, StartScore best, double same) =>
        score.Equals(best) || (score.Unsupported == best.Unsupported && best.Value - score.Value < same);

    // Gives different trials, the best first.
    private List<Trial> Distinct(List<Trial> trials) => Distinct(trials, [.. trials.Select(trial => trial.Score)], SameRun * _sample.Count);

    // Of those that are nearly as good as the best, which may be one and the same, the first made stands for all: rounding must not choose.
    private static List<TItem> Distinct<TItem>(List<TItem> items, StartScore[] scores, double same)
    {
        var (kept, left) = (new List<TItem>(), Enumerable.Range(0, items.Count).ToList());
        while (left.Count > 0)
        {
            var best = scores[left.MaxBy(i => scores[i])];
            var equals = left.FindAll(i => IsAsGood(scores[i], best, same));
            kept.Add(items[equals[0]]);
            left.RemoveAll(equals.Contains);
        }
        return kept;
    }

    // Gives different partitions, the best first; null when canceled.
    private List<Clusters>? Partitions()
    {
        using var thinned = _plan.PartitionPoints < _sample.Count ? new SampleCoordinates(_sample.Thin(_plan.PartitionPoints)) : null;
        var coordinates = thinned ?? _all;
        var within = new WithinClusters(_request, coordinates.Sample, _origin);
        var (found, kept, scores) = (new List<Clusters>(), new List<Clusters>(), new List<StartScore>());
        using var nearest = NewNearest(coordinates, _request.Components);
        for (var i = 0; i < _plan.Partitions; i++)
        {
            if (Partition(coordinates, nearest, within) is not { } clusters) return null;
            found.Add(clusters);
            scores.Add(new StartScore(0, -0.5 * clusters.LogDeterminant));
            kept = Distinct(found, [.. scores], SamePartition);
            if (IsAllFound(found.Count, kept.Count)) break;
        }

        // A partition that only tells the values of a column apart has no metric for clusters.
        if (!StartScore.HasSingleValue(kept[0].Within, 0, _request)) _metric = kept[0].Within;
        return kept;
    }

    // Tells whether the expected number of local optima is less than 1/2 above the number found (Boender and Rinnooy Kan, Bayesian stopping rules for
    // multistart global optimization methods, Mathematical Programming 37, 1987).
    private static bool IsAllFound(int searches, int optima) =>
        searches > optima + 2 && optima * (searches - 1.0) / (searches - optima - 2) <= optima + 0.5;

    // Assigns points to the nearest mean, as distances go in the covariance within clusters, and renews both, until no point moves.
    private Clusters? Partition(SampleCoordinates points, NearestCenters nearest, WithinClusters within)
    {
        if (Seed(points, nearest, Whitening.Of(_request.Pooled, _origin), iterations: 0) is not { } centers) return null;
        var (before, means) = (new int[points.Labels.Length], new double[centers.Length]);
        for (var k = 0; k < _request.Components; k++) _origin.CopyTo(means, k * _origin.Length);
        for (var step = 0; step < _plan.PartitionSteps && !points.Labels.AsSpan().SequenceEqual(before); step++)
        {
            if (IsCanceled) return null;
            within.Update(points.Labels, means);
            var whitening = Whitening.Of(within.Covariance, _origin);
            points.Whiten(whitening);
            nearest.Renew();
            whitening.Apply(means, centers);
            points.Labels.CopyTo(before, 0);
            if (!nearest.Label(centers, points.Labels)) return null;
        }
        return new Clusters(_request, points.Sample, points.Labels, _request.Components);
    }

    // Gives the best clusters of k-means in columns divided by their deviations; null when canceled.
    private Clusters? Plain()
    {
        var (best, least, spreads) = (new int[_sample.Count], double.PositiveInfinity, new List<double>());
        var searches = IsWhole ? SearchesOfAll : SearchesOfSample;
        using var nearest = NewNearest(_all, _request.Components);
        var scaling = Whitening.Scaling(_request.Pooled, _origin);
        for (var i = 0; i < searches && !IsAllFound(i, spreads.Count); i++)
        {
            if (Seed(_all, nearest, scaling, LloydIterations) is null) return null;
            var spread = _all.Spread(_request.Components);
            if (!spreads.Exists(other => Math.Abs(spread - other) <= SameSpread * other)) spreads.Add(spread);
            if (i > 0 && !(spread < least)) continue;
            _all.Labels.CopyTo(best, 0);
            least = spread;
        }
        return new Clusters(_request, _sample, best, _request.Components);
    }

    // Makes many small clusters by k-means in some coordinates and joins them; null when canceled.
    private Clusters? Joined(Whitening coordinates)
    {
        using var nearest = NewNearest(_all, _plan.SmallClusters);
        if (Seed(_all, nearest, coordinates, LloydIterations, IsWhole ? int.MaxValue : FewTrials) is null) return null;
        var labels = _all.Labels;
        var small = new Clusters(_request, _sample, labels, _plan.SmallClusters);
        var least = StartScore.Least(_request.Family, _sample.Dimension);
        var team = new MatrixTeam(_request.Survey.Team, Cancellation);
        if (Agglomeration.Join(small.Statistics, _request.Regularization, Prior, _request.Components, least, team) is not { } unions) return null;
        foreach (ref var label in labels.AsSpan()) label = unions[label];
        return new Clusters(_request, _sample, labels, _request.Components);
    }

    private NearestCenters NewNearest(SampleCoordinates points, int count) => new(points.Store, count, _request.Survey.Team, Cancellation);

    // Gives centers from seeds and some iterations in other coordinates, and labels the points by them; null when canceled.
    private double[]? Seed(SampleCoordinates points, NearestCenters nearest, Whitening coordinates, int iterations, int trials = int.MaxValue)
    {
        points.Whiten(coordinates);
        nearest.Renew();
        return KMeans.Seed(nearest, points.Sample.Weights, _random, trials) is { } centers
            && KMeans.Iterate(nearest, centers, iterations, KMeans.RelativeTolerance)
            && nearest.Label(centers, points.Labels) ? centers : null;
    }

    // Takes K points as means, with the covariance within the clusters of the best partition.
    private Parameters RandomStart()
    {
        var (components, dimension) = (_request.Components, _sample.Dimension);
        var start = new Parameters(_request.Family, components, dimension);
        var drawn = StartRequest.Draw(_random, components, _sample.Count);
        for (var k = 0; k < components; k++) _sample.Rows.Slice((int)drawn[k] * dimension, dimension).CopyTo(start.Mean(k));
        start.Weights.Fill(1.0 / components);
        start.FillCovariances(_metric);
        return start;
    }

    private sealed record Trial(EmOutcome Outcome, StartScore Score);
}
