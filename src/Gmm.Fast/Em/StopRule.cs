using System.Diagnostics;
using System.Text.Json.Serialization;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Decides when a fit has converged. Iteration t is an E-step under the parameters theta_(t-1) and an M-step that gives theta_t. ll is the total
/// log-likelihood of N points, in nats. System.Text.Json writes a rule as model files do.
/// </summary>
[JsonConverter(typeof(StopRuleConverter))]
public readonly record struct StopRule
{
    /// <summary>The successive rises that have the two ratios of an estimate.</summary>
    internal const int RisesOfRatios = 3;

    private StopRule(StopKind kind, double tolerance)
    {
        Check.FiniteNonNegative(nameof(tolerance), tolerance);
        (Kind, Tolerance) = (kind, tolerance);
    }

    /// <summary>The number that is compared.</summary>
    public StopKind Kind { get; }

    /// <summary>The bound; 0 for <see cref="FixedCount"/>.</summary>
    public double Tolerance { get; }

    /// <summary>Runs <see cref="FitOptions.MaxIterations"/> iterations.</summary>
    public static StopRule FixedCount { get; } = new(StopKind.FixedCount, 0);

    /// <summary>
    /// Stops by scikit-learn's rule: after iteration t of at least 2, |L_t - L_(t-1)| &lt; tolerance with L_t = ll(theta_(t-1)) / N, from the E-step
    /// of iteration t. So one M-step follows the E-step that decides.
    /// </summary>
    /// <param name="tolerance">In nats per point; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not finite.</exception>
    public static StopRule MeanChange(double tolerance = 1e-3) => new(StopKind.MeanChange, tolerance);

    /// <summary>
    /// Stops after iteration t if ll(theta_t) - ll(theta_(t-1)) &lt; threshold, so also if the log-likelihood falls; but not if it falls in the first
    /// iteration, whose M-step raises variances of the start to a floor, or adds to them.
    /// </summary>
    /// <param name="threshold">In nats; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or not finite.</exception>
    public static StopRule TotalRise(double threshold = 1e-4) => new(StopKind.TotalRise, threshold);

    /// <summary>
    /// Stops when more iterations would gain less than a fraction of what chance decides: less than fraction P / 2 in total, or fraction P / (2N) a
    /// point. P is the number of free parameters. The parameters of the optimum have, on average, P / (2N) nats a point more under the points that they
    /// were fitted to than those that made the points (Wilks, Annals of Mathematical Statistics 9, 1938). So it means the same for any number of points
    /// and parameters. The gain left is estimated from the last three rises. EM converges linearly, so a rise d is followed by d r / (1 - r) in all, r
    /// being the ratio of successive rises (Aitken; McLachlan and Peel, Finite Mixture Models, 2000, section 2.11). r is the larger one of the last two
    /// ratios. The rule is not met before the third iteration, nor while rises grow; it is met where the log-likelihood falls.
    /// </summary>
    /// <param name="fraction">Of P / 2 nats; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is negative or not finite.</exception>
    public static StopRule Statistical(double fraction = 1e-2) => new(StopKind.Statistical, fraction);

    /// <summary>Tells whether to stop after the last iteration of a run.</summary>
    /// <param name="trace">[t + 1]: ll(theta_0), ..., ll(theta_t).</param>
    /// <param name="points">The sum of the points' weights.</param>
    /// <param name="parameters">The number of free parameters.</param>
    internal bool IsMet(ReadOnlySpan<double> trace, double points, long parameters) => Kind switch
    {
        StopKind.MeanChange => trace.Length >= 3 && Math.Abs(trace[^2] / points - trace[^3] / points) < Tolerance,
        StopKind.TotalRise => trace.Length >= 2 && trace[^1] - trace[^2] < Tolerance && !IsFirstFall(trace),
        StopKind.FixedCount => false,
        StopKind.Statistical => trace.Length > RisesOfRatios && GainLeft(trace) < Tolerance * parameters / 2,
        _ => throw new UnreachableException($"stop rule {Kind}"),
    };

    /// <summary>Tells whether a run that has met this rule has met another one too: one of the same kind that is as loose.</summary>
    internal bool Implies(StopRule other) => Kind == other.Kind && Tolerance <= other.Tolerance;

    /// <summary>Whether <see cref="IsMet"/> looks at the step before the newest one.</summary>
    internal bool LooksBack => Kind == StopKind.MeanChange;

    /// <summary>The number of successive steps of EM, at least 1, whose rises <see cref="IsMet"/> compares.</summary>
    internal int EmSteps => Kind == StopKind.Statistical ? RisesOfRatios : 1;

    /// <summary>Tells whether a rise of the total log-likelihood is within the tolerance.</summary>
    /// <param name="rise">In nats.</param>
    /// <param name="points">The sum of the points' weights.</param>
    /// <param name="parameters">The number of free parameters.</param>
    internal bool IsWithin(double rise, double points, long parameters) => Kind switch
    {
        StopKind.MeanChange => Math.Abs(rise / points) < Tolerance,
        StopKind.TotalRise => rise < Tolerance,
        StopKind.FixedCount => false,
        StopKind.Statistical => rise < Tolerance * parameters / 2,
        _ => throw new UnreachableException($"stop rule {Kind}"),
    };

    /// <summary>Estimates how many steps of EM follow until this rule is met, each rise being that part of the one before which the last ones were.</summary>
    /// <param name="trace">[at least 4]: the log-likelihoods, the last ones of steps of EM.</param>
    /// <param name="points">The sum of the points' weights.</param>
    /// <param name="parameters">The number of free parameters.</param>
    /// <returns>At least 0; null where rises do not fall, and for a fixed count.</returns>
    internal double? IterationsLeft(ReadOnlySpan<double> trace, double points, long parameters)
    {
        var (rise, ratio) = (trace[^1] - trace[^2], RatioOfRises(trace));
        if (!(ratio is > 0 and < 1) || Tolerance == 0) return null;
        var wanted = Kind switch
        {
            StopKind.MeanChange => Tolerance * points,
            StopKind.TotalRise => Tolerance,
            StopKind.FixedCount => double.NaN,
            StopKind.Statistical => Tolerance * parameters / 2 * (1 - ratio) / ratio,
            _ => throw new UnreachableException($"stop rule {Kind}"),
        };
        var steps = Math.Max(0, Math.Ceiling(Math.Log(wanted / rise) / Math.Log(ratio))) + (LooksBack ? 1 : 0);
        return double.IsFinite(steps) ? steps : null;
    }

    /// <summary>
    /// Gives the larger ratio of the last three rises of a <paramref name="trace"/> [at least 4]: 0 where the log-likelihood did not rise any more, and
    /// infinity where it had not risen before.
    /// </summary>
    internal static double RatioOfRises(ReadOnlySpan<double> trace)
    {
        double newest = trace[^1] - trace[^2], before = trace[^2] - trace[^3], first = trace[^3] - trace[^4];
        if (newest <= 0) return 0;
        return before > 0 && first > 0 ? Math.Max(newest / before, before / first) : double.PositiveInfinity;
    }

    // Falls of less are rounding.
    private static bool IsFirstFall(ReadOnlySpan<double> trace)
    {
        const double Rounding = 1e-10;
        return trace.Length == 2 && trace[1] - trace[0] < -Rounding * Math.Abs(trace[0]);
    }

    // Infinite where the rises tell of no limit.
    private static double GainLeft(ReadOnlySpan<double> trace)
    {
        var (rise, ratio) = (trace[^1] - trace[^2], RatioOfRises(trace));
        if (rise <= 0) return rise;
        return ratio < 1 ? rise * ratio / (1 - ratio) : double.PositiveInfinity;
    }
}
