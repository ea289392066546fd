using System.Diagnostics;
using Gmm.Fast.Model;

namespace Gmm.Fast.Em;

/// <summary>Where a run of EM got to.</summary>
/// <param name="Parameters">Of the last complete iteration.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Trace">Total log-likelihoods from the initial parameters on.</param>
/// <param name="EffectiveCounts">[K], under <paramref name="Parameters"/>.</param>
/// <param name="Failure">In words, for a collapse.</param>
/// <param name="Recoveries">What was done to components that collapsed or lost their points, up to the last complete iteration.</param>
internal sealed record EmOutcome(MixtureParameters Parameters, FitStatus Status, double[] Trace, double[] EffectiveCounts, string? Failure, Recovery[] Recoveries);

/// <summary>Iteration, convergence, trace, cancellation: the loop of EM without a formula (Bishop, PRML, section 9.2.2).</summary>
internal static class EmLoop
{
    // Values of the trace that need no more room later: iterations then allocate nothing.
    private const int ReservedTrace = 1000;

    /// <summary>
    /// Runs EM from <paramref name="initial"/>, which is left unchanged. Each sweep evaluates the log-likelihood of the newest parameters and
    /// gathers the sums of the next M-step, so t iterations take t + 1 sweeps. Null when cancelled before the first sweep was complete.
    /// </summary>
    public static EmOutcome? Run(ISweep sweep, MixtureParameters initial, FitOptions options, Maximization maximization, int restart, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var current = initial;
        var next = new MixtureParameters(initial.Covariance, initial.Components, initial.Dimension);
        var spare = new MixtureParameters(initial.Covariance, initial.Components, initial.Dimension);
        var trace = new List<double>(Math.Min(options.MaxIterations, ReservedTrace) + 1);
        var counts = new double[initial.Components];
        var recoverer = new Recoverer(options, initial.Components, sweep.Precision);

        if (!sweep.Run(current)) return null;
        if (!InRange(sweep.Statistics.LogLikelihood))
            return End(FitStatus.Collapsed, "the log-likelihood of the initial parameters is out of range: the points are too far from every component");
        Record();

        for (var iteration = 1; iteration <= options.MaxIterations; iteration++)
        {
            if (cancellation.IsCancellationRequested) return End(FitStatus.Cancelled);
            maximization.Run(sweep.Statistics, current, next);
            if (recoverer.Mend(iteration, sweep.Statistics, current, next, maximization.Failures) is { } reason) return End(FitStatus.Collapsed, reason);
            if (!sweep.Run(next)) return End(FitStatus.Cancelled);
            if (!InRange(sweep.Statistics.LogLikelihood))
                return End(FitStatus.Collapsed, $"the log-likelihood after iteration {iteration} is out of range: points are too far from every component");

            // The initial parameters belong to the caller: they leave the rotation once the first iteration is done.
            (current, next) = (next, current == initial ? spare : current);
            Record();
            if (recoverer.Compares(iteration) && options.Stop.IsMet(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(trace), sweep.Statistics.RowCount))
                return End(FitStatus.Converged);
        }
        return End(FitStatus.MaxIterations);

        EmOutcome End(FitStatus status, string? failure = null) =>
            recoverer.WithoutDropped(new EmOutcome(current, status, [.. trace], counts, failure, recoverer.Until(trace.Count - 1)));

        void Record()
        {
            var total = sweep.Statistics.LogLikelihood;
            var change = trace.Count > 0 ? total - trace[^1] : double.NaN;
            trace.Add(total);
            for (var k = 0; k < counts.Length; k++) counts[k] = sweep.Statistics.EffectiveCount(k);
            options.Progress?.Report(new IterationInfo(restart, trace.Count - 1, total, change, clock.Elapsed, recoverer.Of(trace.Count - 1)));
        }
    }

    // A point beyond the range of a double from every component counts as the smallest double (SoftAssignment), which then is the sum.
    private static bool InRange(double logLikelihood) => logLikelihood > double.MinValue;
}
