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

    private readonly PointSource<T> _given;
    private readonly Func<CheckedSource<T>, PointSource<double>> _widen;
    private readonly FitOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly GaussianMixture? _initialModel;
    private readonly RankGroup _ranks;
    private readonly WorkTeam _team;
    private readonly Dictionary<(int Restart, bool IsWeighted), (SampleRequest Request, Xoshiro256 Random)> _samples = [];
    private CheckedSource<T> _source = null!;
    private BlockStore<T>? _store;
    private Survey? _survey;
    private StartRequest? _request;
    private Ridge? _ridge;

    /// <summary>Makes a fit.</summary>
    /// <param name="source">The points.</param>
    /// <param name="widen">Gives them in doubles, for the start.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="cancellation">Ends the fit.</param>
    public FitRun(
        PointSource<T> source, Func<CheckedSource<T>, PointSource<double>> widen, FitOptions options, CancellationToken cancellation)
    {
        (_given, _widen, _options, _cancellation) = (source, widen, options, cancellation);
        _ranks = new RankGroup(options.Communicator);
        var threads = options.MaxDegreeOfParallelism;
        _team = new WorkTeam(threads > 0 ? threads : Environment.ProcessorCount);
        _initialModel = options.ContinueFrom is { } past ? AsFound(past) : options.InitialModel;
    }

    private bool GivesModels => _initialModel is not null || _options.Starts is not null;

    private Regularization Regularization => _options.Regularization ?? _options.ContinueFrom?.Regularization
        ?? Regularization.Default(_source.Dimension, isSingle: typeof(T) == typeof(float));

    private Wording Wording => new(_options.Vocabulary, ColumnNames);

    private IReadOnlyList<string>? ColumnNames => _options.ColumnNames ?? _initialModel?.ColumnNames;

    private bool IsCanceled => _cancellation.IsCancellationRequested;

    /// <summary>Runs the fit.</summary>
    public FitResult Run()
    {
        if (!Meet()) return NoModel();
        var family = FamilyTable.Of(_options.CovarianceType);
        var plan = _ranks.Plan<T>();
        if (_options.MissingValues == MissingValues.Marginalize && !FindGaps(family)) return NoModel();
        if (_gapStore is null)
        {
            Together(() =>
            {
                _store = new BlockStore<T>(_source, plan.Shape, _options.PackingBudget, _source.HasWeights);
                _survey = NewSurvey(_widen(_source));
            });
        }
        _request = new StartRequest(_survey!, family, _options.Components, _options.Seed, Wording);

        var hasFloor = _options.VarianceFloor > 0;
        var needsColumns = hasFloor || Regularization is { IsRelative: true, Value: > 0 };
        var moments = !GivesModels ? family.Moments : needsColumns ? Kernels.MomentKind.Diagonal : null;
        if (moments == Kernels.MomentKind.Trace && needsColumns) moments = Kernels.MomentKind.Diagonal;
        if (!_survey!.Run(_pooled is null ? moments : null, Requests(0))) return NoModel();
        if (_pooled is not null) _survey.Pooled = _pooled;
        if (_survey.PointCount < _options.Components && !GivesModels)
        {
            Throw.Argument("options",
                $"Components is {_options.Components}; the data have {_survey.PointCount} points of weight above 0, and each component needs one to start from");
        }
        _request.Regularization = _ridge ??= Additions();
        if (!GivesModels) _request.Pool();

        var statistics = new SufficientStatistics(family.Moments, _options.Components, _source.Dimension);
        Expectation<T> expectation = null!;
        Together(() => _expectation = expectation = new Expectation<T>(
            NewSweep(plan, family, statistics), BlockSteps.Soft<T>(family, LaneWidths.Widest), family.Form,
            _options.Components, _source.Dimension));
        using var owned = expectation;
        var maximization = new Maximization(
            new Parameters(family, _options.Components, _source.Dimension), _ridge, hasFloor ? Floor() : null, _team, _cancellation);
        return Restarts(expectation, maximization, statistics);
    }

    public void Dispose()
    {
        _survey?.Dispose();
        _store?.Dispose();
        _team.Dispose();
    }

    private Survey NewSurvey(PointSource<double> points) => new(
        points, _store as BlockStore<double>, typeof(T) == typeof(float) ? Precision.Single : Precision.Double, _ranks, _team, _cancellation);

    private FitResult Restarts(IExpectation expectation, Maximization maximization, SufficientStatistics statistics)
    {
        EmOutcome? best = null;
        string? unusable = null;
        var interrupted = false;
        for (var restart = 0; restart < _options.Restarts && !interrupted; restart++)
        {
            var outcome = Start(restart) is { } initial ? new EmLoop(expectation, maximization, statistics, initial, Settings(restart)).Run() : null;
            if (outcome is { Trace.Length: 0 })
            {
                unusable ??= outcome.Failure;
                continue;
            }
            interrupted = outcome is null or { Status: FitStatus.Cancelled };
            if (outcome is not null && (best is null || IsBetter(outcome, best))) best = outcome;
        }

        // A failure of the last report has had no exchange to take part in.
        if (!_ranks.IsAlone) _ranks.Agree(canceled: false);
        if (best is null && !interrupted && unusable is not null) Throw.Argument("options", unusable);
        return best is null ? NoModel() : Result(best, interrupted ? FitStatus.Cancelled : best.Status);
    }

    // Gives the model with the distribution of the log-densities of all points, or null when canceled.
    private GaussianMixture? Measure(GaussianMixture model)
    {
        Exception? failure = null;
        var canceled = false;
        var counts = new Scoring.DensityCounts(model.Mixture, _ranks.TotalCount);
        try
        {
            model.Count(_widen(_source), _ranks.FirstPoint, counts, _options.MaxDegreeOfParallelism, _cancellation);
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
            _source = new CheckedSource<T>(_given);
            sizes = [_source.PointCount, _source.FirstRow, _source.Dimension, _source.HasWeights ? 1 : 0];
            FitChecks.Validate(
                _source.PointCount, _source.Dimension, _options, _ranks.IsAlone, System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
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
            ("collapse policy", (double)_options.OnCollapse), ("use of missing values", (double)_options.MissingValues), ("use of given models", GivesModels ? 1 : 0),
            ("use of density quantiles", _options.DensityQuantiles ? 1 : 0), ("initial model", theta >> 32), ("initial model", theta & uint.MaxValue),
        ];
        if (!_ranks.Meet((long)sizes[0], (long)sizes[1], (int)sizes[2], terms, failure, IsCanceled)) return false;
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
                if (isWeighted != _survey!.HasWeights && (isWeighted || _survey.Pooled is not null)) continue;
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
                FitChecks.ValidateStart(model, _source.Dimension, _options);
                given = model;
            }
            catch (Exception e)
            {
                failure = e;
            }
            return _ranks.Same("start", Fingerprint(given), IsCanceled && !_ranks.IsAlone, failure) ? given!.Mixture : null;
        }
        var key = (restart, _survey!.HasWeights);
        if (!_samples.ContainsKey(key) && !_survey.Take(Requests(restart))) return null;
        var (request, random) = _samples[key];
        _samples.Remove(key);
        if (request.Complete(_ranks, IsCanceled) is not { } sample) return null;
        return StartTable.Of(_options.Start).Start(_request!, sample, random);
    }

    // A number that differs where parameters do, or the history that goes on.
    private static ulong Fingerprint(GaussianMixture? model, FitResult? past = null)
    {
        ulong hash = 1;
        foreach (var number in model?.Mixture.Parameters.Theta ?? []) hash = Xoshiro256.Hash(hash ^ BitConverter.DoubleToUInt64Bits(number));
        foreach (var number in past is null ? [] : past.Trace) hash = Xoshiro256.Hash(hash ^ BitConverter.DoubleToUInt64Bits(number));
        return hash;
    }

    // Does what may fail in one rank alone, and lets all fail together.
    private void Together(Action act)
    {
        Exception? failure = null;
        try
        {
            act();
        }
        catch (Exception e) when (!_ranks.IsAlone)
        {
            failure = e;
        }
        _ranks.Agree(canceled: false, failure);
    }

    // Gives a fraction of the variances of all points, regularized as those of the components are.
    private VarianceFloor Floor()
    {
        var variances = Pooled(_ridge!).Covariances.ToArray();
        foreach (ref var variance in variances.AsSpan()) variance *= _options.VarianceFloor;
        return new VarianceFloor(variances);
    }

    // Gives what M-steps add, from the variances of all points.
    private Ridge Additions()
    {
        if (!(Regularization is { IsRelative: true, Value: > 0 })) return Ridge.Uniform(Regularization.Value, _source.Dimension);
        var pooled = Pooled(Ridge.Uniform(0, _source.Dimension));
        return Ridge.Relative(Regularization.Value, pooled.Covariances, pooled.Means);
    }

    // Gives the mean and the variances of all points.
    private Parameters Pooled(Ridge ridge)
    {
        var all = new Parameters(FamilyTable.Of(CovarianceType.Diagonal), 1, _source.Dimension);
        Maximization.Estimate((_available ?? _survey!.Pooled!).As(Kernels.MomentKind.Diagonal), all, ridge);
        return all;
    }

    private EmSettings Settings(int restart) => new(
        _options.MaxIterations, _options.Stop, _options.OnCollapse, _ridge!, Wording,
        _options.Progress is { } progress ? step => Report(progress, restart, step) : null)
    {
        Past = _options.ContinueFrom?.Record.Past,
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

    // A run that did not collapse is better than one that did; then the larger log-likelihood decides, then the earlier start.
    private static bool IsBetter(EmOutcome candidate, EmOutcome best)
    {
        var (collapsed, bestCollapsed) = (candidate.Status == FitStatus.Collapsed, best.Status == FitStatus.Collapsed);
        return collapsed != bestCollapsed ? bestCollapsed : candidate.Trace[^1] > best.Trace[^1];
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
        var ridge = outcome.Trace.Length > 1 ? _ridge! : Ridge.Uniform(0, _source.Dimension);
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
        var (points, weight, parameters, pooled) = (_survey!.PointCount, outcome.TotalWeight, model.Mixture.Parameters, PooledVariances());
        var (precision, wording, recoveries) = (_survey.Precision, Wording, outcome.Recoveries);
        FitWarning[] gaps = [.. GapWarnings(outcome, status, order)];
        FitWarning[] empty = [.. _ranks.EmptyRanks.Select(rank => new FitWarning(FitWarningKind.EmptyRank, [], [], $"rank {rank} holds no points"))];
        var record = new FitRecord(
            status, failure, outcome.Trace, points, weight, recoveries, _options.Stop, Regularization, _options.ContinueFrom?.Seed ?? _options.Seed, starts,
            new Lazy<IReadOnlyList<ComponentDiagnostics>>(() => Diagnose(model.Mixture, counts, ridge, threads)),
            new Lazy<IReadOnlyList<FitWarning>>(() =>
            [
                .. RecoveryWords.Of(recoveries, isRenumbered: !starts.SequenceEqual(Enumerable.Range(0, starts.Length))),
                .. gaps,
                .. new Doubts(parameters, Array.ConvertAll(counts, count => count * (points / weight)), points, ridge, pooled, precision, wording).List(),
                .. empty,
            ]))
        {
            VarianceFloor = _options.VarianceFloor,
            OnCollapse = _options.OnCollapse,
        };
        return new FitResult(model, record) { Gaps = _gaps };
    }

    // A continued fit keeps the numbers of its components where no other order is asked for.
    private int[] Order(GaussianMixture model, EmOutcome outcome) => _options.ContinueFrom is { } past && _options.Order == ComponentOrder.AsFound
        ? [.. Enumerable.Range(0, model.ComponentCount).OrderBy(k => past.StartComponents.ToList().IndexOf(outcome.StartComponents[k]))]
        : _options.Order.Of(model);

    private double[]? PooledVariances() => (_available ?? _survey!.Pooled) is { } pooled && pooled.Moments != Kernels.MomentKind.Trace
        ? Pooled(Ridge.Uniform(0, _source.Dimension)).Covariances.ToArray() : null;

    private static ComponentDiagnostics[] Diagnose(Factored mixture, double[] counts, Ridge ridge, int threads)
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
