using System.Globalization;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>What a <see cref="CollapsePolicy"/> does after an M-step to components that collapsed or lost their points.</summary>
internal sealed class Recoverer(FitOptions options, int components, Precision precision)
{
    private const int ReseedsPerComponent = 3;

    // In standard deviations along the longest axis: both halves then keep three quarters of its variance.
    private const double SplitDistance = 0.5;

    private readonly List<Recovery> _all = [];
    private readonly bool[] _dropped = new bool[components];
    private int _reseeds;
    private int _lastJump = int.MinValue / 2;

    /// <summary>What was done up to an iteration.</summary>
    public Recovery[] Until(int iteration) => [.. _all.Where(r => r.Iteration <= iteration)];

    /// <summary>Whether log-likelihoods of this iteration and the one before compare: not where the mixture was changed by force in between.</summary>
    public bool Compares(int iteration) => iteration - _lastJump > 1;

    /// <summary>What was done in one iteration; null for nothing.</summary>
    public IReadOnlyList<Recovery>? Of(int iteration)
    {
        var count = 0;
        while (count < _all.Count && _all[_all.Count - 1 - count].Iteration == iteration) count++;
        return count > 0 ? _all[^count..] : null;
    }

    /// <summary>
    /// The outcome without the components that are out of its mixture: there until now with weight 0. In a last iteration that was not completed
    /// a component may have been dropped in vain.
    /// </summary>
    public EmOutcome WithoutDropped(EmOutcome outcome)
    {
        var (parameters, counts) = (outcome.Parameters, outcome.EffectiveCounts);
        var gone = Enumerable.Range(0, components).Select(k => _dropped[k] && parameters.Weights[k] == 0).ToArray();
        return gone.Contains(true)
            ? outcome with { Parameters = parameters.Without(gone), EffectiveCounts = [.. counts.Where((_, k) => !gone[k])] }
            : outcome;
    }

    /// <summary>Mends <paramref name="next"/>; otherwise why the fit cannot go on.</summary>
    public string? Mend(
        int iteration, SufficientStatistics statistics, MixtureParameters current, MixtureParameters next, ReadOnlySpan<FactorFailure?> failures)
    {
        if (next.IsShared && failures[0] is { } failure && MendShared(iteration, current, next, failure) is { } reason) return reason;
        for (var k = 0; k < components; k++)
        {
            var collapsed = !next.IsShared && failures[k] is not null;
            var lost = statistics.EffectiveCount(k) == 0 && current.Weights[k] > 0;
            if (!collapsed && !lost) continue;
            var cause = collapsed ? Cause(iteration, failures[k]!.Value, statistics, next) : $"component {k} has lost all its points in iteration {iteration}";
            var advice = collapsed ? Advice(current, next, failures[k]!.Value) : Advice();
            if (collapsed && options.OnCollapse == CollapsePolicy.Fail) return $"{cause}; {advice}";

            next.Keep(current, k);
            var action = options.OnCollapse == CollapsePolicy.Fail ? CollapsePolicy.Keep : options.OnCollapse;
            var done = action switch
            {
                CollapsePolicy.Drop => TryDrop(next, k),
                CollapsePolicy.Reseed => TryReseed(statistics, next, k, next.IsShared ? default : failures),
                _ => true,
            };
            if (!done) return $"{cause}; {advice}";
            if (action != CollapsePolicy.Keep) _lastJump = iteration;
            _all.Add(new Recovery(iteration, k, action, cause));
        }
        return null;
    }

    // The covariance of the iteration before goes on with the new means.
    private string? MendShared(int iteration, MixtureParameters current, MixtureParameters next, FactorFailure failure)
    {
        var cause = Invariant($"the shared covariance is not positive definite in iteration {iteration}: pivot {failure.Pivot} is {failure.Value:g3}");
        if (options.OnCollapse != CollapsePolicy.Keep) return $"{cause}; {Advice(current, next, failure)}";
        current.Covariances.CopyTo(next.Covariances, 0);
        next.TryFactor(out _);
        _all.Add(new Recovery(iteration, null, CollapsePolicy.Keep, cause));
        return null;
    }

    private bool TryDrop(MixtureParameters next, int k)
    {
        double rest = 0;
        for (var other = 0; other < components; other++) rest += other == k ? 0 : next.Weights[other];
        if (rest == 0) return false;
        _dropped[k] = true;
        for (var other = 0; other < components; other++) next.SetWeight(other, other == k ? 0 : next.Weights[other] / rest);
        return true;
    }

    private bool TryReseed(SufficientStatistics statistics, MixtureParameters next, int k, ReadOnlySpan<FactorFailure?> failures)
    {
        if (_reseeds == ReseedsPerComponent * components) return false;
        var narrowest = double.NegativeInfinity;
        for (var other = 0; other < components; other++)
        {
            if (CanGive(other, next, failures)) narrowest = Math.Max(narrowest, next.LogNormalizers[other]);
        }
        var (donor, most) = (-1, double.NegativeInfinity);
        for (var other = 0; other < components; other++)
        {
            if (other == k || !CanGive(other, next, failures)) continue;
            var loss = statistics.EffectiveCount(other) * (narrowest - next.LogNormalizers[other] - Math.Log(next.Weights[other]));
            if (loss > most) (donor, most) = (other, loss);
        }
        if (donor < 0) return false;
        _reseeds++;
        return TrySplit(next, donor, k);
    }

    private static bool CanGive(int k, MixtureParameters next, ReadOnlySpan<FactorFailure?> failures) =>
        next.Weights[k] > 0 && (failures.IsEmpty || failures[k] is null);

    private static bool TrySplit(MixtureParameters next, int donor, int k)
    {
        var axis = new double[next.Dimension];
        var variance = next.Covariance.LongestAxis(next, donor, axis);
        var (distance, weight) = (SplitDistance * Math.Sqrt(variance), (next.Weights[donor] + next.Weights[k]) / 2);
        if (!next.IsShared)
        {
            next.Covariance.Narrow(next.CovarianceOf(donor), axis, SplitDistance * SplitDistance * variance);
            next.CovarianceOf(donor).CopyTo(next.CovarianceOf(k));
        }
        for (var j = 0; j < axis.Length; j++)
        {
            var mean = next.Mean(donor)[j];
            next.Mean(donor)[j] = mean - distance * axis[j];
            next.Mean(k)[j] = mean + distance * axis[j];
        }
        (next.Weights[donor], next.Weights[k]) = (weight, weight);

        // Only these two: others may still wait to be mended.
        if (next.IsShared) return next.TryFactor(out _);
        return next.Covariance.TryFactor(next, donor, out _) && next.Covariance.TryFactor(next, k, out _);
    }

    private static string Cause(int iteration, FactorFailure failure, SufficientStatistics statistics, MixtureParameters next)
    {
        var k = failure.Component;
        var count = statistics.EffectiveCount(k);
        return next.CovarianceOf(k).ContainsAnyExcept(0)
            ? Invariant($"the covariance of component {k} is not positive definite in iteration {iteration}: pivot {failure.Pivot} is {failure.Value:g3}")
            : Invariant($"component {k} collapsed onto {(count == 1 ? "a single point" : Invariant($"{count:0.###} identical points"))} in iteration {iteration}");
    }

    // Where points are equal by rounding, no regularization brings their digits back.
    private string Advice(MixtureParameters current, MixtureParameters next, FactorFailure failure)
    {
        if (!double.IsFinite(failure.Value)) return "its variances leave the range of a double; rescale the data";
        var names = options.ColumnNames ?? options.InitialModel?.ColumnNames;
        return precision.Explain(next, failure.Component, options.Regularization, current, names) ?? Advice();
    }

    private string Advice() =>
        $"use {(options.Regularization > 0 ? "a larger regularization" : "regularization > 0")}, a simpler covariance type or fewer components";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
