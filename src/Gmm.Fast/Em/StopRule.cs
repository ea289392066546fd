using System.Diagnostics;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Decides when a fit has converged. Iteration t is an E-step under the parameters theta_(t-1) and an M-step that gives theta_t. ll is the total
/// log-likelihood of N points, in nats.
/// </summary>
public readonly record struct StopRule
{
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

    /// <summary>Stops after iteration t if ll(theta_t) - ll(theta_(t-1)) &lt; threshold, so also if the log-likelihood falls.</summary>
    /// <param name="threshold">In nats; finite, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or not finite.</exception>
    public static StopRule TotalRise(double threshold = 1e-4) => new(StopKind.TotalRise, threshold);

    /// <summary>Tells whether to stop after the last iteration of a <paramref name="trace"/> [t + 1] ll(theta_0), ..., ll(theta_t).</summary>
    internal bool IsMet(ReadOnlySpan<double> trace, double points) => Kind switch
    {
        StopKind.MeanChange => trace.Length >= 3 && Math.Abs(trace[^2] / points - trace[^3] / points) < Tolerance,
        StopKind.TotalRise => trace.Length >= 2 && trace[^1] - trace[^2] < Tolerance,
        StopKind.FixedCount => false,
        _ => throw new UnreachableException($"stop rule {Kind}"),
    };

    /// <summary>Tells whether a run that has met this rule has met another one too: one of the same kind that is as loose.</summary>
    internal bool Implies(StopRule other) => Kind == other.Kind && Tolerance <= other.Tolerance;

    /// <summary>Whether <see cref="IsMet"/> looks at the step before the newest one.</summary>
    internal bool LooksBack => Kind == StopKind.MeanChange;

    /// <summary>Tells whether a rise of the total log-likelihood is within the tolerance.</summary>
    internal bool IsWithin(double rise, double points) => Kind switch
    {
        StopKind.MeanChange => Math.Abs(rise / points) < Tolerance,
        StopKind.TotalRise => rise < Tolerance,
        StopKind.FixedCount => false,
        _ => throw new UnreachableException($"stop rule {Kind}"),
    };
}
