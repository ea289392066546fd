using System.Diagnostics;
using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;
using Gmm.Fast.Starts;

namespace Gmm.Fast;

/// <summary>Runs one fit: checks, survey, starts, the loop of each restart, and the result of the best one.</summary>
internal sealed partial class FitRun<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The most numbers in the samples that one pass takes; further restarts take theirs in further passes.
    private const long SampleNumbers = 1 << 24;

    private readonly Func<FitData<T>> _open;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly GaussianMixture? _initialModel;
    private readonly RankGroup _ranks;
    private readonly WorkTeam _team;
    private readonly bool _ownsData;
    private readonly Dictionary<(int Restart, bool IsWeighted), (SampleRequest Request, Xoshiro256 Random)> _samples = [];
    private FitData<T> _data = null!;
    private SurveyedData? _surveyed;
    private StartRequest? _request;
    private Ridge? _ridge;

    /// <summary>Makes a fit of points of its own.</summary>
    /// <param name="source">The points.</param>
    /// <param name="widen">Gives them in doubles, for the start.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="cancellation">Ends the fit.</param>
    public FitRun(
        PointSource<T> source, Func<CheckedSource<T>, PointSource<double>> widen, FitOptions options, CancellationToken cancellation)
        : this(options, cancellation) =>
        (_open, _ownsData) = (() => new FitData<T>(source, widen, options, _ranks, _team, cancellation), true);

    /// <summary>Makes a fit of points that others use too, at the same time.</summary>
    /// <param name="data">The points, packed.</param>
    /// <param name="surveyed">What the survey told of them for the family of the fit.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="cancellation">Ends the fit.</param>
    public FitRun(FitData<T> data, SurveyedData surveyed, FitOptions options, CancellationToken cancellation)
        : this(options, cancellation) => (_open, _surveyed) = (() => data, surveyed.Share(_team, cancellation));

    private FitRun(FitOptions options, CancellationToken cancellation)
    {
        (_open, _options, _cancellation) = (null!, options, cancellation);
        _ranks = new RankGroup(options.Communicator);
        _team = new WorkTeam(WorkTeam.SizeOf(options.MaxDegreeOfParallelism));
        _initialModel = options.ContinueFrom is { } past ? AsFound(past) : options.InitialModel;
    }

    /// <summary>Whether restarts that fall behind end early, see <see cref="RestartRace"/>.</summary>
    public bool RestartsRace { get; init; }

    /// <summary>Of a fit that ran on points that others use too: the components that its points do not support, see <see cref="StartScore"/>.</summary>
    public int Unsupported { get; private set; }

    private bool GivesModels => _initialModel is not null || _options.Starts is not null;

    private Regularization Regularization => _options.Regularization ?? _options.ContinueFrom?.Regularization
        ?? Regularization.Default(Dimension, isSingle: typeof(T) == typeof(float));

    private Wording Wording => new(_options.Vocabulary, ColumnNames);

    private IReadOnlyList<string>? ColumnNames => _options.ColumnNames ?? _initialModel?.ColumnNames;

    private Survey Survey => _surveyed!.Survey;

    private int Dimension => _data.Source.Dimension;

    private bool IsCanceled => _cancellation.IsCancellationRequested;

    /// <summary>Runs the fit.</summary>
    public FitResult Run()
    {
        var start = Stopwatch.GetTimestamp();
        var result = Fit();
        EngineRecorder.Published?.Fitted(
            Stopwatch.GetElapsedTime(start), result.Iterations - (_options.ContinueFrom?.Iterations ?? 0), result.Model.CovarianceName,
            FitStatusNames.Of(result.Status));
        return result;
    }

    private FitResult Fit()
    {
        if (!Meet()) return NoModel();
        var family = FamilyTable.Of(_options.CovarianceType);
        var plan = _ranks.Plan<T>();
        var hasFloor = _options.VarianceFloor > 0;
        if (_surveyed is not null)
        {
            _request = NewRequest(family);
        }
        else
        {
            if (!_data.Open(family.HasOffDiagonal, Wording)) return NoModel();
            _surveyed = _data.Prepare(family, Regularization, Wording);
            if (_surveyed is null) return NoModel();
            _request = NewRequest(family);
            var needsColumns = SurveyedData.NeedsColumns(_options, Regularization);
            var moments = !GivesModels ? SurveyedData.Moments(family, needsColumns) : needsColumns ? Kernels.MomentKind.Diagonal : null;
            if (!_surveyed.Run(moments, Requests(_resumed is null ? 0 : _standing.Restart + 1))) return NoModel();
            CheckFingerprint();
        }
        if (!GivesModels) FitChecks.EnoughPoints(Survey.FittedPoints, _options);
        _surveyed.CheckRange(_options.Components, GivesModels, Wording);
        _request.Regularization = _ridge = _surveyed.Additions();
        if (!GivesModels || !_ownsData) _request.Pool();

        var statistics = new SufficientStatistics(family.Moments, _options.Components, Dimension);
        Expectation<T> expectation = null!;
        _ranks.Together(() => _expectation = expectation = NewExpectation(plan, family, statistics));
        using var owned = expectation;
        var shape = new Parameters(family, _options.Components, Dimension);
        var maximization = new Maximization(shape, _ridge, hasFloor ? Floor() : null, _team, _cancellation);
        _samplePlan = NewPlanOfSamples(shape.FreeCount);
        return Restarts(expectation, maximization, statistics);
    }

    private static int ElementSize => System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    private Expectation<T> NewExpectation(ShardPlan plan, Family family, SufficientStatistics statistics) => NewExpectation(
        _data.Source, _data.Blocks, _ranks.TotalCount, plan, family, extra => NewSweep(plan, family, statistics, extra));

    // Of all points or a sample of them, whose blocks are null where they have gaps.
    private Expectation<T> NewExpectation(
        PointSource<T> points, BlockStore<T>? blocks, long total, ShardPlan plan, Family family, Func<long, Sweep<T>> newSweep)
    {
        var (components, reach) = (_options.Components, Tiles.Reach(_options.ResponsibilityCutoff));
        var byTiles = blocks is not null && Tiles.Pay(family, total, Dimension, components, ElementSize, points.HasRandomAccess);
        var sweep = newSweep(byTiles ? TileRoom<T>.Length(plan.Shape.BlockPoints, Dimension, components) : 0);
        TilePasses<T>? tiles = null;
        if (byTiles)
        {
            // Processes hold nodes of one tree of additions, so their points keep their places.
            var source = _options.Skipping != Skipping.InOrder && Tiles.MayOrder(points, family, components, _ranks.IsAlone) ? points : null;
            var bounds = _options.Skipping == Skipping.None ? null : new TileBounds<T>(family.Form, components, Dimension, blocks!.Shape, reach, _team);
            tiles = Tiles.Passes(family, LaneWidths.Widest, sweep, blocks!, source, components, _options.PackingBudget, bounds);
        }
        return new Expectation<T>(sweep, BlockSteps.Soft<T>(family, LaneWidths.Widest), family.Form, components, Dimension, reach: reach, tiles: tiles)
        {
            RepresentedPoints = ReferenceEquals(points, _data.Source) ? _data.RepresentedPoints : null,
        };
    }

    public void Dispose()
    {
        _resumed?.Dispose();
        if (_ownsData)
        {
            _surveyed?.Dispose();
            _data?.Dispose();
        }
        _team.Dispose();
    }

    private StartRequest NewRequest(Family family) => new(Survey, family, _options.Components, _options.Seed, Wording);

    private FitResult Restarts(IExpectation expectation, Maximization maximization, SufficientStatistics statistics)
    {
        var race = RestartsRace && RestartRace.IsFor(_options) ? new RestartRace() : null;
        var (interrupted, isLate) = (false, false);
        for (var first = _standing.Restart; _standing.Restart < _options.Restarts && !interrupted; _standing.Restart++)
        {
            if (_standing.Restart > first && IsOutOfTime()) isLate = true;
            if (isLate) break;
            var outcome = _resumed is not null ? Resume(Iterate) : Begin(race is not null);
            if (outcome is { Trace.Length: 0 })
            {
                _standing.Unusable ??= outcome.Failure;
                continue;
            }
            interrupted = outcome is null or { Status: FitStatus.Cancelled };
            isLate = outcome is { Status: FitStatus.TimeBudget };
            if (outcome is null) continue;
            if (race is null || interrupted || outcome.Status != FitStatus.MaxIterations) _standing.Best = Better(outcome, _standing.Best);
            race?.Add(_standing.Restart, outcome);
        }
        var best = _standing.Best;
        foreach (var (restart, outcome, isBehind) in race?.Unfinished() ?? [])
        {
            if (interrupted || (isBehind && best is { Status: not FitStatus.Collapsed })) break;
            var end = Iterate(outcome.Mixture, GoingOn(restart, outcome), outcome.SamplePasses);
            interrupted = end is null or { Status: FitStatus.Cancelled };
            best = Better(end ?? outcome, best);
        }
        if (interrupted && race is not null) best = race.Unfinished().Aggregate(best, (before, run) => Better(run.Outcome, before));

        // A failure of the last report has had no exchange to take part in.
        if (!_ranks.IsAlone) _ranks.Agree(canceled: false);
        if (best is null && !interrupted && _standing.Unusable is { } unusable) Throw.Argument("options", unusable);
        if (best is not null && !_ownsData) Unsupported = Math.Min(_options.Components, StartScore.Of(best, Survey.PointCount, _request!).Unsupported);
        return best is null ? NoModel() : Result(best, interrupted ? FitStatus.Cancelled : isLate ? FitStatus.TimeBudget : best.Status);

        EmOutcome? Begin(bool races)
        {
            var settings = Settings(_standing.Restart);
            if (races) settings = settings with { MaxIterations = RestartRace.Iterations };
            if (Start(_standing.Restart) is not { } initial || OnSamples(initial, maximization, statistics) is not { } begun) return null;
            _standing.SamplePasses = begun.Passes;
            if (begun.IsCanceled) return Canceled(begun.Mixture, begun.Passes, maximization, statistics);
            return Iterate(begun.Mixture, settings, begun.Passes);
        }

        EmOutcome? Iterate(Factored initial, EmSettings settings, double samplePasses)
        {
            var outcome = new EmLoop(expectation, maximization, statistics, initial, settings, Accelerator(initial.Parameters)).Run();
            return outcome is null ? null : outcome with { SamplePasses = samplePasses };
        }
    }

    private EmSettings GoingOn(int restart, EmOutcome outcome) => Settings(restart) with
    {
        MaxIterations = _options.MaxIterations - RestartRace.Iterations,
        Past = new EmPast(outcome.Trace, Survey.PointCount, outcome.TotalWeight, outcome.Recoveries, outcome.StartComponents)
        {
            IsAccelerated = _options.Acceleration != Acceleration.None,
            Refused = outcome.Refused,
        },
    };

    private IAccelerator? Accelerator(Parameters shape) => _options.Acceleration switch
    {
        Acceleration.None => null,
        Acceleration.QuasiNewton => new QuasiNewton(shape),
        Acceleration.Anderson => new Anderson(shape),
        Acceleration.Squarem => new Squarem(shape),
        var other => throw new UnreachableException($"acceleration {other}"),
    };

    // Gives the model with the distribution of the log-densities of all points, or null when canceled.
    private GaussianMixture? Measure(GaussianMixture model)
    {
        Exception? failure = null;
        var canceled = false;
        _team.Release();
        var counts = new Scoring.DensityCounts(model.Mixture, _ranks.TotalCount);
        try
        {
            model.Count(_data.Wide, _ranks.FirstPoint, counts, _options.MaxDegreeOfParallelism, _cancellation);
        }
        catch (OperationCanceledException)
        {
            canceled = true;
        }
        catch (Exception e) when (!_ranks.IsAlone)
        {
            failure = e;
        }
        return _ranks.Sum(_ranks.IsAlone ? [] : counts.Shared(), canceled, failure) ? model.With(counts.Quantiles()) : null;
    }

    // Compares options and sizes of all ranks, also of those whose own part is wrong. Returns false when canceled.
    private bool Meet()
    {
        Exception? failure = null;
        double[] sizes = [0, 0, 0, 0];
        try
        {
            _data = _open();
            var source = _data.Source;
            sizes = [source.PointCount, source.FirstRow, Dimension, source.HasWeights ? 1 : 0];
            FitChecks.Validate(
                source.PointCount, Dimension, _options, _ranks.IsAlone, ElementSize, source.HasRandomAccess);
            if (_ownsData)
            {
                _data.Fold(_options.Components);
                sizes[0] = _data.Source.PointCount;
            }
        }
        catch (Exception e)
        {
            if (_ranks.IsAlone) throw;
            failure = e;
        }
        var (seed, theta) = (unchecked((ulong)_options.Seed), Fingerprint(_initialModel, _options.ContinueFrom));
        ReadOnlySpan<(string, double)> terms =
        [
            ("number of components", _options.Components), ("covariance type", (double)_options.CovarianceType), ("use of weights", sizes[3]),
            ("element type", sizeof(double) - System.Runtime.CompilerServices.Unsafe.SizeOf<T>()), ("seed", seed >> 32), ("seed", seed & uint.MaxValue), ("start", (double)_options.Start),
            ("number of restarts", _options.Restarts), ("number of iterations", _options.MaxIterations), ("stop rule", (double)_options.Stop.Kind),
            ("tolerance", _options.Stop.Tolerance), ("regularization", _options.Regularization?.Value ?? -1),
            ("regularization", _options.Regularization is { IsRelative: true } ? 1 : 0), ("variance floor", _options.VarianceFloor),
            ("collapse policy", (double)_options.OnCollapse), ("acceleration", (double)_options.Acceleration), ("use of missing values", (double)_options.MissingValues), ("use of given models", GivesModels ? 1 : 0),
            ("responsibility cutoff", _options.ResponsibilityCutoff), ("use of density quantiles", _options.DensityQuantiles ? 1 : 0), ("use of a time budget", _options.TimeBudget is null ? 0 : 1), ("use of a checkpoint to resume from", _options.ResumeFrom is null ? 0 : 1), ("use of samples", (double)_options.Progressive), ("initial model", theta >> 32), ("initial model", theta & uint.MaxValue),
        ];
        if (!_ranks.Meet((long)sizes[0], (long)sizes[1], (int)sizes[2], terms, failure, IsCanceled)) return false;
        if (_options.ResumeFrom is not null) _ranks.Together(OpenCheckpoint);
        if (_ranks.TotalCount == 0) Throw.Argument("rows", "no process has points; at least one point is required");
        if (!GivesModels && _options.Components > _ranks.TotalCount)
        {
            Throw.Argument("options",
                $"Components is {_options.Components}; the data have {_ranks.TotalCount} points, and each component needs one to start from");
        }
        return true;
    }

    // A fit goes on in the order in which it began.
    private static GaussianMixture AsFound(FitResult past)
    {
        int[] order = [.. Enumerable.Range(0, past.Model.ComponentCount).OrderBy(k => past.StartComponents[k])];
        return order.SequenceEqual(Enumerable.Range(0, order.Length)) ? past.Model : past.Model.Reorder(order);
    }

    // Makes the samples of restarts from one on, as many as one pass may take.
    private List<SampleRequest> Requests(int restart)
    {
        _samples.Clear();
        if (GivesModels) return [];
        var start = StartTable.Of(_options.Start);
        long numbers = 0;
        for (; restart < _options.Restarts && (numbers == 0 || numbers < SampleNumbers); restart++)
        {
            // Only the survey tells whether all weights are 1. So with weights it takes both samples: the weighted one, and the one for weights of 1.
            foreach (var isWeighted in (bool[])[false, true])
            {
                if (isWeighted != Survey.HasWeights && (isWeighted || Survey.Pooled is not null)) continue;
                var random = new Xoshiro256(_options.Seed, restart);
                var request = start.Sample(_request!, random, restart, isWeighted);
                numbers += request.Numbers;
                _samples.Add((restart, isWeighted), (request, random));
            }
        }
        return [.. _samples.Values.Select(sample => sample.Request)];
    }

    // Gives the initial mixture, or null when canceled. A failure ends all ranks.
    private Factored? Start(int restart)
    {
        if (GivesModels)
        {
            GaussianMixture? given = null;
            Exception? failure = null;
            try
            {
                var model = _initialModel ?? _options.Starts!(restart);
                FitChecks.ValidateStart(model, Dimension, _options);
                given = model;
            }
            catch (Exception e)
            {
                failure = e;
            }
            return _ranks.Same("start", Fingerprint(given), IsCanceled && !_ranks.IsAlone, failure) ? given!.Mixture : null;
        }
        var key = (restart, Survey.HasWeights);
        if (!_samples.ContainsKey(key) && !Survey.Take(Requests(restart))) return null;
        var (request, random) = _samples[key];
        _samples.Remove(key);
        if (request.Complete(_ranks, IsCanceled) is not { } sample) return null;
        return StartTable.Of(_options.Start).Start(_request!, sample, random) is { } start ? WithGaps(start, sample, restart, random) : null;
    }

    // A number that differs where parameters do, or the history that goes on.
    private static ulong Fingerprint(GaussianMixture? model, FitResult? past = null)
    {
        ulong hash = 1;
        foreach (var number in model?.Mixture.Parameters.Theta ?? []) hash = Xoshiro256.Hash(hash ^ BitConverter.DoubleToUInt64Bits(number));
        foreach (var number in past is null ? [] : past.Trace) hash = Xoshiro256.Hash(hash ^ BitConverter.DoubleToUInt64Bits(number));
        return hash;
    }

    // Gives a fraction of the variances of all points, regularized as those of the components are.
    private VarianceFloor Floor()
    {
        var variances = _surveyed!.Pooled(_ridge!).Covariances.ToArray();
        foreach (ref var variance in variances.AsSpan()) variance *= _options.VarianceFloor;
        return new VarianceFloor(variances);
    }

    private EmSettings Settings(int restart) => new(
        _options.MaxIterations, _options.Stop, _options.OnCollapse, _ridge!, Wording,
        _options.Progress is { } progress ? step => Report(progress, restart, step) : null)
    {
        Past = _options.ContinueFrom?.Record.Past,
        MeasuresCutoff = _options.ResponsibilityCutoff > 0,
        Between = _options is { Checkpoint: null, TimeBudget: null } ? null : Between,
    };

    // An exception of the receiver must not leave the other ranks waiting.
    private void Report(IProgress<IterationInfo> progress, int restart, EmProgress step)
    {
        try
        {
            progress.Report(new IterationInfo(restart, step, ColumnNames, _options.MissingValues));
        }
        catch (Exception e) when (!_ranks.IsAlone)
        {
            _ranks.FailNext(e);
        }
    }
}
