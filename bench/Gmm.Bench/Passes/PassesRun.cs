namespace Gmm.Bench.Passes;

/// <summary>What a fit needed to arrive, and where it arrived.</summary>
/// <param name="Passes">Passes until the log-likelihood is within <see cref="Near"/> nats a point of its converged value.</param>
/// <param name="Seconds">Wall time of these passes with one thread, the shortest of <see cref="Timings"/> fits.</param>
/// <param name="Mean">The converged log-likelihood, in nats a point.</param>
/// <param name="Model">The converged model.</param>
internal sealed record PassesRun(int Passes, double Seconds, double Mean, GaussianMixture Model)
{
    /// <summary>In nats a point.</summary>
    public const double Near = 1e-6;

    /// <summary>Fits that are timed, of which the shortest counts.</summary>
    public const int Timings = 3;

    private const double Converged = 1e-11;
    private const double SameParameters = 1e-6;
    private const double LeastWeight = 1e-9;
    private const int MaxIterations = 20_000;
    private const int Polish = 200;

    /// <summary>Runs a fit to convergence, or returns null where it collapses or does not converge.</summary>
    public static PassesRun? Of(Points points, GaussianMixture start, Acceleration acceleration)
    {
        var trail = new Trail();
        var options = new FitOptions
        {
            Components = start.ComponentCount,
            CovarianceType = start.CovarianceType,
            InitialModel = start,
            Stop = StopRule.TotalRise(Converged * points.Count),
            MaxIterations = MaxIterations,
            MaxDegreeOfParallelism = 1,
            Acceleration = acceleration,
            Progress = trail,
        };
        var fit = MixtureFit.Fit(points, options);
        if (!fit.Converged) return null;

        // The rest of the way: parameters have fewer digits than the log-likelihood.
        var end = MixtureFit.Fit(points, options with
        {
            InitialModel = fit.Model,
            Acceleration = Acceleration.QuasiNewton,
            Stop = StopRule.FixedCount,
            MaxIterations = Polish,
            Progress = null,
        });
        var arrival = trail.Steps.First(step => step.Total / fit.TotalWeight >= fit.MeanLogLikelihood - Near);
        var seconds = ShortestTime(points, options with { Stop = StopRule.FixedCount, MaxIterations = arrival.Iteration });
        return new PassesRun(arrival.Passes, seconds, end.MeanLogLikelihood, end.Model);
    }

    // The same steps once more, and no more of them.
    private static double ShortestTime(Points points, FitOptions options)
    {
        var shortest = double.PositiveInfinity;
        for (var timing = 0; timing < Timings; timing++)
        {
            var clock = new IterationClock();
            MixtureFit.Fit(points, options with { Progress = clock });
            shortest = Math.Min(shortest, clock.Total);
        }
        return shortest;
    }

    /// <summary>Whether both are one optimum, in whatever order its components are: weights, means in standard deviations, variances relative.</summary>
    public bool IsSame(PassesRun other)
    {
        var taken = new bool[Model.ComponentCount];
        for (var k = 0; k < taken.Length; k++)
        {
            var match = Array.FindIndex([.. Enumerable.Range(0, taken.Length)], c => !taken[c] && Distance(other, k, c) <= SameParameters);
            if (match < 0) return false;
            taken[match] = true;
        }
        return true;
    }

    private double Distance(PassesRun other, int k, int c)
    {
        var largest = Math.Abs(Model.Weights[k] - other.Model.Weights[c]);

        // Means and variances of a component without points say nothing.
        if (Math.Max(Model.Weights[k], other.Model.Weights[c]) < LeastWeight) return largest;
        for (var j = 0; j < Model.Dimension; j++)
        {
            var variance = Model.Variance(k, j);
            largest = Math.Max(largest, Math.Abs(Model.Mean(k)[j] - other.Model.Mean(c)[j]) / Math.Sqrt(variance));
            largest = Math.Max(largest, Math.Abs(other.Model.Variance(c, j) / variance - 1));
        }
        return largest;
    }

    private sealed class Trail : IProgress<IterationInfo>
    {
        public List<(int Iteration, int Passes, double Total)> Steps { get; } = [];

        public void Report(IterationInfo value) => Steps.Add((value.Iteration, value.Passes, value.TotalLogLikelihood));
    }
}
