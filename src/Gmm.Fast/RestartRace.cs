using Gmm.Fast.Em;

namespace Gmm.Fast;

/// <summary>
/// Decides which restarts of a fit go on after some iterations: the one with the largest log-likelihood, and each that would reach it if every further
/// iteration, for four times as many, gained as much as the last ones on average. The others end, unless all that went on collapse. EM gains less from
/// iteration to iteration near an optimum, so a restart that ends has seldom anything to gain. The rule looks at log-likelihoods alone, so it does not
/// depend on threads or time.
/// </summary>
internal sealed class RestartRace
{
    /// <summary>Iterations of each restart before it is compared.</summary>
    public const int Iterations = 10;

    private const int Recent = 5;
    private const int Reach = 4 * Iterations;

    private readonly List<(int Restart, EmOutcome Outcome)> _runs = [];

    /// <summary>Tells whether a fit has restarts that can be compared on their way. One without some of its components cannot go on.</summary>
    public static bool IsFor(FitOptions options) =>
        options is { Restarts: > 1, MaxIterations: > Iterations, OnCollapse: not CollapsePolicy.Drop };

    /// <summary>Adds a restart after <see cref="Iterations"/> iterations, or at its end.</summary>
    public void Add(int restart, EmOutcome outcome) => _runs.Add((restart, outcome));

    /// <summary>
    /// Lists the restarts that have not ended: those that go on, in their order, then those that are behind, the one with the largest log-likelihood
    /// first. A run that collapsed is no measure: its log-likelihood may be as large as any.
    /// </summary>
    public IEnumerable<(int Restart, EmOutcome Outcome, bool IsBehind)> Unfinished()
    {
        var largest = _runs.Where(run => run.Outcome.Status != FitStatus.Collapsed).Select(run => run.Outcome.Trace[^1]).DefaultIfEmpty().Max();
        return _runs.Where(run => run.Outcome.Status == FitStatus.MaxIterations)
            .Select(run => (run.Restart, run.Outcome, IsBehind: Prospect(run.Outcome.Trace) < largest))
            .OrderBy(run => run.IsBehind).ThenByDescending(run => run.IsBehind ? run.Outcome.Trace[^1] : 0);
    }

    private static double Prospect(double[] trace) => trace[^1] + Reach * (trace[^1] - trace[^(1 + Recent)]) / Recent;
}
