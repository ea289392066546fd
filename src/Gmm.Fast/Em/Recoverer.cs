using System.Diagnostics;
using System.Globalization;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Applies a <see cref="CollapsePolicy"/> after an M-step to components that collapsed or lost their points.</summary>
internal sealed class Recoverer(EmSettings settings, int components, Precision precision)
{
    private const int ReseedsPerComponent = 3;

    private const int Never = int.MinValue / 2;

    private readonly List<Recovery> _all = [.. settings.Past?.Recoveries ?? []];

    // The numbers of the components in the mixture that the fit started from, also of a fit that an earlier run began.
    private readonly int[] _numbers = settings.Past?.StartComponents ?? [.. Enumerable.Range(0, components)];
    private readonly int _mostReseeds = ReseedsPerComponent * (components + (settings.Past?.Dropped ?? 0));
    private readonly bool[] _dropped = new bool[components];
    private int _reseeds = settings.Past?.Recoveries.Count(r => r.Action == CollapsePolicy.Reseed) ?? 0;
    private int _lastJump = settings.Past?.Recoveries.Where(r => IsJump(r.Action)).Select(r => r.Iteration).DefaultIfEmpty(Never).Max() ?? Never;

    /// <summary>Writes or reads recoveries.</summary>
    public static void Carry(StateCarrier state, List<Recovery> recoveries) => state.Carry(recoveries, recovery =>
    {
        const int Shared = -1;
        var (iteration, component, action, cause) = (recovery.Iteration, recovery.Component ?? Shared, recovery.Action, recovery.Cause);
        state.Carry(ref iteration);
        state.Carry(ref component);
        state.Carry(ref action);
        state.Carry(ref cause!);
        return new Recovery(iteration, component == Shared ? null : component, action, cause);
    });

    /// <summary>Writes or reads what it remembers.</summary>
    public void Carry(StateCarrier state)
    {
        Carry(state, _all);
        state.Carry<bool>(_dropped);
        state.Carry(ref _reseeds);
        state.Carry(ref _lastJump);
    }

    /// <summary>Lists the recoveries up to an iteration.</summary>
    public Recovery[] Until(int iteration) => [.. _all.Where(r => r.Iteration <= iteration)];

    /// <summary>Tells whether the log-likelihoods of this iteration and the one before compare: not if a reseed or drop lies between them.</summary>
    public bool Compares(int iteration) => iteration - _lastJump > 1;

    /// <summary>Lists the recoveries of one iteration; null for none.</summary>
    public IReadOnlyList<Recovery>? Of(int iteration)
    {
        var count = 0;
        while (count < _all.Count && _all[_all.Count - 1 - count].Iteration == iteration) count++;
        return count > 0 ? _all[^count..] : null;
    }

    /// <summary>
    /// Removes dropped components from an outcome, where they have weight 0. A component that was dropped in an incomplete last iteration has another
    /// weight and stays.
    /// </summary>
    public EmOutcome WithoutDropped(EmOutcome outcome)
    {
        var (mixture, counts) = (outcome.Mixture, outcome.EffectiveCounts);
        var gone = Enumerable.Range(0, components).Select(k => _dropped[k] && mixture.Parameters.Weights[k] == 0).ToArray();
        return gone.Contains(true)
            ? outcome with
            {
                Mixture = mixture.Without(gone),
                EffectiveCounts = [.. counts.Where((_, k) => !gone[k])],
                StartComponents = [.. outcome.StartComponents.Where((_, k) => !gone[k])],
            }
            : outcome;
    }

    /// <summary>Repairs <paramref name="next"/> and returns null, or returns the reason why the fit cannot go on.</summary>
    /// <param name="iteration">The iteration, from 1.</param>
    /// <param name="statistics">The sums of its M-step.</param>
    /// <param name="current">The mixture before it.</param>
    /// <param name="next">The mixture after it.</param>
    /// <param name="failures">[matrices], of the factorizations.</param>
    public string? Mend(
        int iteration, SufficientStatistics statistics, Factored current, Factored next, ReadOnlySpan<FactorFailure?> failures)
    {
        if (next.Parameters.IsShared && failures[0] is { } failure && MendShared(iteration, statistics, current, next, failure) is { } reason) return reason;
        for (var k = 0; k < components; k++)
        {
            var collapsed = !next.Parameters.IsShared && failures[k] is not null;
            var lost = statistics.EffectiveCount(k) == 0 && current.Parameters.Weights[k] > 0;
            if (!collapsed && !lost) continue;
            var cause = collapsed ? Cause(iteration, failures[k]!.Value, statistics, current, next) : $"component {_numbers[k]} has lost all its points in iteration {iteration}";
            var advice = collapsed ? Advice(current, next, failures[k]!.Value) : Advice();
            if (collapsed && settings.OnCollapse == CollapsePolicy.Fail) return $"{cause}; {advice}";

            next.Keep(current, k);
            var action = settings.OnCollapse == CollapsePolicy.Fail ? CollapsePolicy.Keep : settings.OnCollapse;
            var done = action switch
            {
                CollapsePolicy.Drop => TryDrop(next, k),
                CollapsePolicy.Reseed => TryReseed(statistics, next, k, next.Parameters.IsShared ? default : failures),
                CollapsePolicy.Keep => true,
                _ => throw new UnreachableException($"collapse policy {action}"),
            };
            if (!done) return $"{cause}; {advice}";
            if (IsJump(action)) _lastJump = iteration;
            _all.Add(new Recovery(iteration, _numbers[k], action, cause));
        }
        return null;
    }

    // Keeps the covariance of the iteration before with the new means.
    private string? MendShared(int iteration, SufficientStatistics statistics, Factored current, Factored next, FactorFailure failure)
    {
        var cause = Invariant($"the shared covariance is not positive definite in iteration {iteration}: pivot {failure.Pivot} is {failure.Value:g3}")
            + Reason(statistics, current, next, failure);
        if (settings.OnCollapse != CollapsePolicy.Keep) return $"{cause}; {Advice(current, next, failure)}";
        current.Parameters.Covariances.CopyTo(next.Parameters.Covariances);
        next.TryFactor(out _);
        _all.Add(new Recovery(iteration, null, CollapsePolicy.Keep, cause));
        return null;
    }

    private bool TryDrop(Factored next, int k)
    {
        double rest = 0;
        for (var other = 0; other < components; other++) rest += other == k ? 0 : next.Parameters.Weights[other];
        if (rest == 0) return false;
        _dropped[k] = true;
        for (var other = 0; other < components; other++) next.SetWeight(other, other == k ? 0 : next.Parameters.Weights[other] / rest);
        return true;
    }

    private bool TryReseed(SufficientStatistics statistics, Factored next, int k, ReadOnlySpan<FactorFailure?> failures)
    {
        if (_reseeds >= _mostReseeds) return false;
        var narrowest = double.NegativeInfinity;
        for (var other = 0; other < components; other++)
        {
            if (CanGive(other, next, failures)) narrowest = Math.Max(narrowest, next.LogNormalizers[other]);
        }
        var (donor, most) = (-1, double.NegativeInfinity);
        for (var other = 0; other < components; other++)
        {
            if (other == k || !CanGive(other, next, failures)) continue;
            var loss = ComponentSplit.Loss(next, other, statistics.EffectiveCount(other), narrowest);
            if (loss > most) (donor, most) = (other, loss);
        }
        if (donor < 0) return false;
        _reseeds++;
        return ComponentSplit.TrySplit(next, donor, k);
    }

    private static bool CanGive(int k, Factored next, ReadOnlySpan<FactorFailure?> failures) =>
        next.Parameters.Weights[k] > 0 && (failures.IsEmpty || failures[k] is null);

    private static bool IsJump(CollapsePolicy action) => action is CollapsePolicy.Reseed or CollapsePolicy.Drop;

    private string Cause(int iteration, FactorFailure failure, SufficientStatistics statistics, Factored current, Factored next)
    {
        var k = failure.Component;
        return next.Parameters.CovarianceOf(k).ContainsAnyExcept(0)
            ? Invariant($"the covariance of component {_numbers[k]} is not positive definite in iteration {iteration}: pivot {failure.Pivot} is {failure.Value:g3}")
                + Reason(statistics, current, next, failure)
            : Invariant($"component {_numbers[k]} collapsed onto {Identical(statistics, next.Parameters, k)} in iteration {iteration}");
    }

    // Components that collapsed at one mean share the points, and none has a number of its own.
    private string Identical(SufficientStatistics statistics, Parameters next, int k)
    {
        var count = statistics.EffectiveCount(k);
        for (var other = 0; other < components; other++)
        {
            if (other == k || next.CovarianceOf(other).ContainsAnyExcept(0) || !next.Mean(other).SequenceEqual(next.Mean(k))) continue;
            return Invariant($"identical points that component {_numbers[other]} shares");
        }
        return count == 1 ? "a single point" : Invariant($"{count:0.###} identical points");
    }

    // What the columns tell about a covariance without variance in some direction; nothing where rounding is the cause, which the advice names.
    private string Reason(SufficientStatistics statistics, Factored current, Factored next, FactorFailure failure)
    {
        if (!double.IsFinite(failure.Value) || LostDigits(current, next, failure) is not null) return "";
        double means = next.Parameters.IsShared ? statistics.Components : 1;
        var weight = next.Parameters.IsShared ? statistics.TotalWeight : statistics.EffectiveCount(failure.Component);
        var count = weight * (statistics.PointCount / statistics.TotalWeight);
        return Singularity.Explain(next.Parameters, failure.Component, settings.Ridge, count - means, "all its points", settings.Wording, out _) is { } reason
            ? $" ({reason})" : "";
    }

    // Where rounding makes points equal, no regularization restores their digits.
    private string Advice(Factored current, Factored next, FactorFailure failure) => double.IsFinite(failure.Value)
        ? LostDigits(current, next, failure) ?? Advice()
        : "its variances leave the range of a double; rescale the data";

    private string Advice() => $"use {settings.Wording.MoreThan(settings.Ridge.IsZero)}, a simpler covariance type or fewer components";

    private string? LostDigits(Factored current, Factored next, FactorFailure failure) =>
        precision.Explain(next.Parameters, failure.Component, settings.Ridge, current.Parameters, settings.Wording);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
