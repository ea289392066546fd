namespace Gmm.Fast.Em;

/// <summary>Holds the history of a fit, which the model file keeps beside the model.</summary>
/// <param name="Status">The reason of its end.</param>
/// <param name="Failure">The reason of a collapse or cancellation, in words; otherwise null.</param>
/// <param name="Trace">[iterations + 1]: total log-likelihoods from the initial parameters on.</param>
/// <param name="Points">N, the number of points of weight above 0.</param>
/// <param name="TotalWeight">The sum of the points' weights.</param>
/// <param name="Recoveries">Recoveries of components that collapsed or lost their points.</param>
/// <param name="Stop">The stop rule.</param>
/// <param name="Regularization">What M-steps add to variances.</param>
/// <param name="Seed">The seed of the starts.</param>
/// <param name="StartComponents">[K]: the component of the start that each one was.</param>
/// <param name="Components">[K], computed when first read.</param>
/// <param name="Warnings">Doubts, computed when first read.</param>
internal sealed record FitRecord(
    FitStatus Status, string? Failure, double[] Trace, long Points, double TotalWeight, IReadOnlyList<Recovery> Recoveries, StopRule Stop,
    Regularization Regularization, long Seed, int[] StartComponents, Lazy<IReadOnlyList<ComponentDiagnostics>> Components,
    Lazy<IReadOnlyList<FitWarning>> Warnings)
{
    /// <summary>The least variance, as a fraction of that of all points.</summary>
    public double VarianceFloor { get; init; }

    /// <summary>The policy for a component that collapses or loses its points.</summary>
    public CollapsePolicy OnCollapse { get; init; }

    /// <summary>The part of its point's largest responsibility below which one is 0.</summary>
    public double ResponsibilityCutoff { get; init; }

    /// <summary>What the cutoff took from the mean log-likelihood, in nats per point; null where it is not known.</summary>
    public double? CutoffLoss { get; init; }

    /// <summary>The part of the pairs of points and components that the passes of the best run computed.</summary>
    public double ComputedShare { get; init; } = 1;

    /// <summary>The number of different points that were fitted in place of all; null where every point was fitted for itself.</summary>
    public long? DistinctPoints { get; init; }

    /// <summary>The work of passes over samples that the best run began with, in passes over all points.</summary>
    public double SamplePasses { get; init; }

    /// <summary>The acceleration.</summary>
    public Acceleration Acceleration { get; init; }

    /// <summary>Proposals that cost a pass and were not taken.</summary>
    public int Refused { get; init; }

    /// <summary>The columns of all points, for M-steps by other processes; null where they are not known, and after the first iteration.</summary>
    public PooledColumns? Pooled { get; init; }

    /// <summary>What a run of EM that continues the fit has to know of it.</summary>
    public EmPast Past => new(Trace, Points, TotalWeight, Recoveries, [.. StartComponents.Order()])
    {
        IsAccelerated = Acceleration != Acceleration.None,
        Met = Status == FitStatus.Converged ? Stop : null,
        Refused = Refused,
    };
}

/// <summary>Holds the mean and the variance of each column over all points.</summary>
/// <param name="Means">[D].</param>
/// <param name="Variances">[D].</param>
internal sealed record PooledColumns(double[] Means, double[] Variances);
