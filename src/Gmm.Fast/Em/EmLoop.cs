using System.Diagnostics;
using System.Runtime.InteropServices;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Holds the result of a run of EM.</summary>
/// <param name="Mixture">The mixture of the last complete iteration.</param>
/// <param name="Status">The reason of its end.</param>
/// <param name="Trace">[iterations + 1]: total log-likelihoods from the initial parameters on.</param>
/// <param name="EffectiveCounts">[K], under <paramref name="Mixture"/>.</param>
/// <param name="TotalWeight">The sum of the points' weights.</param>
/// <param name="Failure">The reason of a collapse, in words; otherwise null.</param>
/// <param name="Recoveries">Recoveries of components that collapsed or lost their points, up to the last complete iteration.</param>
/// <param name="StartComponents">[K]: the component of the start that each one was.</param>
/// <param name="Refused">Proposals that cost a pass and were not taken.</param>
internal sealed record EmOutcome(
    Factored Mixture, FitStatus Status, double[] Trace, double[] EffectiveCounts, double TotalWeight, string? Failure, Recovery[] Recoveries,
    int[] StartComponents, int Refused)
{
    /// <summary>The part of the pairs of points and components that passes computed.</summary>
    public double ComputedShare { get; init; } = 1;

    /// <summary>The log-likelihood of <see cref="Mixture"/> without a cutoff of responsibilities; null where it was not asked for, or canceled.</summary>
    public double? WithoutCutoff { get; init; }

    /// <summary>The work of passes over samples before, in passes over all points.</summary>
    public double SamplePasses { get; init; }
}

/// <summary>Runs the loop of EM: iteration, convergence, trace and acceleration, without a formula (Bishop, PRML, section 9.2.2).</summary>
internal sealed class EmLoop
{
    // Values of the trace that are reserved at first, so that iterations allocate nothing.
    private const int ReservedTrace = 1000;
    private const int NoIteration = -1;
    private const int ManySteps = 1 << 20;

    private readonly IExpectation _expectation;
    private readonly Maximization _maximization;
    private readonly SufficientStatistics _statistics;
    private readonly EmSettings _settings;
    private readonly IAccelerator? _accelerator;
    private readonly Factored _initial;
    private readonly Recoverer _recoverer;
    private readonly List<double> _trace;
    private readonly double[] _counts;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private Factored _current;
    private Factored _next;
    private readonly Factored _spare;
    private readonly Func<int, bool> _isCurrent;
    private Factored? _proposal;
    private int _refused;

    // Steps of EM as they are since the last proposal, up to the newest step and up to the one before it. Before the first step, none is a proposal.
    private int _emSteps = ManySteps;
    private int _emStepsBefore = ManySteps;
    private int _reported = NoIteration;

    /// <summary>Makes a loop.</summary>
    /// <param name="expectation">The E-step.</param>
    /// <param name="maximization">The M-step.</param>
    /// <param name="statistics">The sums that the E-step fills for the M-step.</param>
    /// <param name="initial">The initial mixture, which is not changed.</param>
    /// <param name="settings">The stop rule, the limit and the collapse policy.</param>
    /// <param name="accelerator">Proposes other steps; null for none.</param>
    public EmLoop(
        IExpectation expectation, Maximization maximization, SufficientStatistics statistics, Factored initial, EmSettings settings, IAccelerator? accelerator = null)
    {
        (_expectation, _maximization, _statistics, _settings, _accelerator) = (expectation, maximization, statistics, settings, accelerator);
        (_initial, _current) = (initial, initial);
        (_next, _spare) = (Like(initial), Like(initial));
        _recoverer = new Recoverer(settings, initial.Components, expectation.Precision);
        _trace = new List<double>((settings.Past?.Trace.Length ?? 0) + Math.Min(settings.MaxIterations, ReservedTrace) + 1);
        _counts = new double[initial.Components];
        _refused = settings.Past?.Refused ?? 0;
        _isCurrent = iteration => Volatile.Read(ref _reported) == iteration;
    }

    /// <summary>
    /// Runs EM. Each pass evaluates the log-likelihood of the newest parameters and sums the statistics of the next M-step. So t iterations take
    /// t + 1 passes, and one more for each refused proposal. A continued run goes on as one without a break would, with one pass more. Returns null
    /// when canceled before the first pass is complete.
    /// </summary>
    public EmOutcome? Run()
    {
        _expectation.Begin();
        var first = _settings.Past?.Iterations ?? 0;
        if (_settings.Resume is { } state)
        {
            _current = _spare;
            Carry(state);
        }
        else
        {
            if (!_expectation.Run(_current, _statistics)) return null;
            if (Begin() is { } end) return end;
        }

        for (var iteration = _trace.Count; iteration - first <= _settings.MaxIterations; iteration++)
        {
            if (_settings.Between?.Invoke(Carry) == true) return End(FitStatus.TimeBudget);
            _maximization.Run(_statistics, _current, _next);
            if (_recoverer.Mend(iteration, _statistics, _current, _next, _maximization.Failures) is { } reason) return End(FitStatus.Collapsed, reason);
            if (Step(iteration) is not { } newest) return End(FitStatus.Cancelled);
            if (!InRange(_statistics.LogLikelihood))
                return End(FitStatus.Collapsed, $"the log-likelihood after iteration {iteration} is out of range: points are too far from every component");

            Advance(newest);
            Record(_statistics.LogLikelihood);
            if (HasConverged(iteration)) return End(FitStatus.Converged);
        }
        return End(FitStatus.MaxIterations);
    }

    // Draws the conclusions from the pass under the initial mixture. Returns the end of a run that has nothing to do; otherwise null.
    private EmOutcome? Begin()
    {
        if (!InRange(_statistics.LogLikelihood))
            return End(FitStatus.Collapsed, "the log-likelihood of the initial parameters is out of range: the points are too far from every component");
        if (_settings.Past is not { } past)
        {
            Record(_statistics.LogLikelihood);
            return null;
        }
        past.Check(_statistics, _expectation.Precision);
        var first = past.Iterations;
        _trace.AddRange(past.Trace.AsSpan(0, first));
        Record(past.Trace[first]);

        // A run without a break would have ended here.
        if (first > 0 && (past.IsAccelerated ? past.Met?.Implies(_settings.Stop) == true : HasConverged(first))) return End(FitStatus.Converged);

        // Nobody noted which of its steps were proposals, so EM steps decide first.
        if (first > 0 && past.IsAccelerated) (_emSteps, _emStepsBefore) = (0, 0);
        return null;
    }

    // Writes or reads all that the next iterations depend on. The sums of the last pass are part of it, so that a resumed run takes no pass more, and
    // none over points in another order.
    private void Carry(StateCarrier state)
    {
        state.Carry<double>(_current.Parameters.Theta);
        if (state.IsReading && !_current.TryFactor(out _)) Throw.InvalidModel("holds a covariance that is not positive definite");
        state.Carry(_statistics.Values);
        state.Carry<double>(_statistics.Centers);
        double[]? trace = state.IsReading ? null : [.. _trace];
        state.Carry(ref trace);
        state.Carry(ref _emSteps);
        state.Carry(ref _emStepsBefore);
        state.Carry(ref _refused);
        _recoverer.Carry(state);
        _accelerator?.Carry(state);
        _expectation.Carry(state);
        if (!state.IsReading) return;
        _trace.AddRange(trace!);
        Count();
    }

    // A point out of reach of every component counts as the smallest double (ShareSums), which the sum then is.
    private static bool InRange(double logLikelihood) => logLikelihood > double.MinValue;

    // Only the rise of an EM step tells how far the optimum is; that of a proposal may be small anywhere.
    private bool HasConverged(int iteration) => _recoverer.Compares(iteration - (_settings.Stop.EmSteps - 1))
        && (_settings.Stop.LooksBack ? _emStepsBefore : _emSteps) >= _settings.Stop.EmSteps
        && _settings.Stop.IsMet(CollectionsMarshal.AsSpan(_trace), _statistics.TotalWeight, _initial.Parameters.FreeCount);

    private static Factored Like(Factored mixture) => new(mixture.Family, mixture.Components, mixture.Dimension);

    // Runs the pass of an iteration, on a proposal that holds or on the plain step. Returns null when canceled.
    private Factored? Step(int iteration)
    {
        // A rise within the tolerance, after a proposal, asks steps of EM whether that is convergence.
        var asks = _emSteps < _settings.Stop.EmSteps
            && _settings.Stop.IsWithin(_trace[^1] - _trace[^2], _statistics.TotalWeight, _initial.Parameters.FreeCount);
        _emStepsBefore = _emSteps;
        if (_accelerator is not null && !asks && Proposal(iteration, _accelerator) is { } proposal)
        {
            if (!_expectation.Run(proposal, _statistics)) return null;
            var isTaken = _statistics.LogLikelihood >= _trace[^1];
            _accelerator.Judge(isTaken);
            if (isTaken)
            {
                _emSteps = 0;
                return proposal;
            }
            _refused++;
        }
        _emSteps++;
        return _expectation.Run(_next, _statistics) ? _next : null;
    }

    // Gives the proposal of an iteration; null for none, or for one that no M-step could give.
    private Factored? Proposal(int iteration, IAccelerator accelerator)
    {
        if (!_recoverer.Compares(iteration) || _recoverer.Of(iteration) is not null)
        {
            accelerator.Restart();
            return null;
        }
        var proposal = _proposal ??= Like(_initial);
        if (!accelerator.TryPropose(_current.Parameters, _next.Parameters, proposal.Parameters)) return null;
        if (_maximization.Admits(proposal, _next)) return proposal;
        accelerator.Judge(isTaken: false);
        return null;
    }

    // The initial parameters belong to the caller, so they leave the rotation after the first iteration.
    private void Advance(Factored newest)
    {
        var free = _current == _initial ? _spare : _current;
        if (newest == _proposal) _proposal = free;
        else _next = free;
        _current = newest;
    }

    private void Record(double total)
    {
        var change = _trace.Count > 0 ? total - _trace[^1] : double.NaN;
        _trace.Add(total);
        Count();
        if (_settings.Report is null) return;
        Volatile.Write(ref _reported, _trace.Count - 1);
        _settings.Report(new EmProgress(
            _current, _trace.Count - 1, total, change, _clock.Elapsed, _isCurrent, _recoverer.Of(_trace.Count - 1), _refused, (long)_statistics.PointCount, Left()));
        Volatile.Write(ref _reported, NoIteration);
    }

    // Proposals and recoveries break the sequence of rises.
    private int? Left()
    {
        var most = _settings.MaxIterations + (_settings.Past?.Iterations ?? 0) - (_trace.Count - 1);
        if (_settings.Stop.Kind == StopKind.FixedCount) return most;
        if (Math.Min(_emSteps, _trace.Count - 1) < StopRule.RisesOfRatios || !_recoverer.Compares(_trace.Count - StopRule.RisesOfRatios)) return null;
        var left = _settings.Stop.IterationsLeft(CollectionsMarshal.AsSpan(_trace), _statistics.TotalWeight, _initial.Parameters.FreeCount);
        return left is { } count ? (int)Math.Min(most, count) : null;
    }

    private void Count()
    {
        for (var k = 0; k < _counts.Length; k++) _counts[k] = _statistics.EffectiveCount(k);
    }

    private EmOutcome End(FitStatus status, string? failure = null) => _recoverer.WithoutDropped(new EmOutcome(
        _current, status, [.. _trace], _counts, _statistics.TotalWeight, failure, _recoverer.Until(_trace.Count - 1), _settings.Past?.StartComponents ?? [.. Enumerable.Range(0, _counts.Length)], _refused)
    {
        ComputedShare = _expectation.ComputedShare,
        WithoutCutoff = _settings.MeasuresCutoff && status != FitStatus.Cancelled && _trace.Count > 0
            ? _expectation.LogLikelihoodWithoutCutoff(_current) : null,
    });
}
