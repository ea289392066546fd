using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>What is compared with the tolerance of a <see cref="StopRule"/>.</summary>
public enum StopKind
{
    /// <summary>The change of the mean log-likelihood between two E-steps.</summary>
    MeanChange,

    /// <summary>The rise of the total log-likelihood by one iteration.</summary>
    TotalRise,

    /// <summary>Nothing: the fit runs all its iterations.</summary>
    FixedCount,
}

/// <summary>
/// When a fit has converged. An iteration is an E-step under the parameters theta_(t-1) and an M-step giving theta_t; ll is the total
/// log-likelihood of N points.
/// </summary>
public readonly record struct StopRule
{
    private StopRule(StopKind kind, double tolerance)
    {
        Check.FiniteNonNegative(nameof(tolerance), tolerance);
        (Kind, Tolerance) = (kind, tolerance);
    }

    /// <summary>What is compared.</summary>
    public StopKind Kind { get; }

    /// <summary>The bound; 0 for <see cref="FixedCount"/>.</summary>
    public double Tolerance { get; }

    /// <summary>Runs <see cref="FitOptions.MaxIterations"/> iterations.</summary>
    public static StopRule FixedCount { get; } = new(StopKind.FixedCount, 0);

    /// <summary>
    /// scikit-learn's rule: after iteration t of at least 2, |L_t - L_(t-1)| &lt; tolerance with L_t = ll(theta_(t-1)) / N, what the E-step of
    /// iteration t saw. So one M-step follows the E-step that decides.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or not finite.</exception>
    public static StopRule MeanChange(double tolerance = 1e-3) => new(StopKind.MeanChange, tolerance);

    /// <summary>After iteration t, ll(theta_t) - ll(theta_(t-1)) &lt; threshold; a falling log-likelihood stops too.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or not finite.</exception>
    public static StopRule TotalRise(double threshold = 1e-4) => new(StopKind.TotalRise, threshold);

    /// <summary>Whether to stop after the last iteration of a trace ll(theta_0), ..., ll(theta_t).</summary>
    internal bool IsMet(ReadOnlySpan<double> trace, double points) => Kind switch
    {
        StopKind.MeanChange => trace.Length >= 3 && Math.Abs(trace[^2] / points - trace[^3] / points) < Tolerance,
        StopKind.TotalRise => trace.Length >= 2 && trace[^1] - trace[^2] < Tolerance,
        _ => false,
    };
}
