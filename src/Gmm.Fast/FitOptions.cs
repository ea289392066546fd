namespace Gmm.Fast;

/// <summary>
/// What to fit and when to stop. Defaults are those of scikit-learn's GaussianMixture. What differs, and why: the seed is fixed (a fit is repeatable
/// unless asked otherwise); k-means makes at most 50 iterations, on a sample of large data 12 (more costs more than the EM iterations it saves); a
/// cluster too small for a covariance of its own starts with that of all points; nothing is added to the effective counts.
/// </summary>
public sealed record FitOptions
{
    /// <summary>K, the number of components: at least 1, at most the number of points.</summary>
    public required int Components { get; init; }

    /// <summary>Form of the covariance matrices.</summary>
    public CovarianceType CovarianceType { get; init; } = CovarianceType.Full;

    /// <summary>
    /// Parameters to start from, used as they are: regularization enters at the first M-step. Must have the components, the covariance type and
    /// the dimension of the fit. Null: <see cref="Start"/> finds the parameters.
    /// </summary>
    public GaussianMixture? InitialModel { get; init; }

    /// <summary>How to start where there is no initial model.</summary>
    public StartMethod Start { get; init; } = StartMethod.KMeansPlusPlus;

    /// <summary>Seed of the start; each restart draws from a stream of its own.</summary>
    public long Seed { get; init; }

    /// <summary>Number of starts, at least 1; the result with the largest log-likelihood is kept.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>Largest number of iterations of one start, at least 0.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>When to stop before that.</summary>
    public StopRule Stop { get; init; } = StopRule.MeanChange();

    /// <summary>Added to every variance in each M-step, in squared units of the data; at least 0.</summary>
    public double Regularization { get; init; } = 1e-6;

    /// <summary>
    /// Least variance of a component in any direction, as a fraction of the variance that all points have in it; at least 0, below 1. Unlike
    /// <see cref="Regularization"/> it has no unit, and does nothing to a component that is wider. A covariance below it gets the most likely one
    /// that is not: column by column, or where there are off-diagonal entries in the eigenvalues, relative to the variances of the data (Ingrassia and
    /// Rocci, Constrained monotone EM algorithms for finite mixture of multivariate Gaussians, CSDA 51, 2007). A constant column has no variance to
    /// take a fraction of.
    /// </summary>
    public double VarianceFloor { get; init; }

    /// <summary>What to do with a component that collapses or loses all its points.</summary>
    public CollapsePolicy OnCollapse { get; init; } = CollapsePolicy.Fail;

    /// <summary>Largest number of threads, at least 1, or -1 for one per processor. The result has the same bits for any number.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Names of the D columns, kept with the model; null for none.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Called on the fitting thread after the initial E-step and after each iteration.</summary>
    public IProgress<IterationInfo>? Progress { get; init; }

    /// <summary>
    /// Joins this fit with those of other processes on other parts of the data. Needs an <see cref="InitialModel"/>, the same in all of them.
    /// </summary>
    public IStatisticsReducer? Reducer { get; init; }
}
