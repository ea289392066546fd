namespace Gmm.Reference;

/// <summary>When the iteration ends, apart from reaching the largest number of iterations.</summary>
public enum ReferenceStop
{
    /// <summary>Never earlier: exactly the largest number of iterations.</summary>
    FixedCount,

    /// <summary>
    /// The course notebook's rule: after iteration t, stop when the total log-likelihood rose by less than the threshold (so also when it fell).
    /// </summary>
    TotalRise,

    /// <summary>
    /// scikit-learn's rule: with L_t the mean log-likelihood seen by the E-step of iteration t, stop after the M-step of iteration t >= 2 when
    /// |L_t - L_(t-1)| is less than the threshold. It makes one M-step more than a test of the newest parameters would.
    /// </summary>
    MeanChange,
}

/// <summary>How to iterate. The defaults are those of the course notebook.</summary>
public sealed record ReferenceOptions
{
    /// <summary>The stop rule.</summary>
    public ReferenceStop Stop { get; init; } = ReferenceStop.TotalRise;

    /// <summary>
    /// The threshold of the stop rule: nats in total, or nats per row (per unit of sample weight) for <see cref="ReferenceStop.MeanChange"/>.
    /// </summary>
    public double Threshold { get; init; } = 1e-4;

    /// <summary>The largest number of iterations, at least 1.</summary>
    public int MaxIterations { get; init; } = 1000;

    /// <summary>Added to every variance in each M-step, in squared units of the data; never to the initial covariances. Not negative.</summary>
    public double Regularization { get; init; }

    /// <summary>
    /// Added to every variance in each M-step beside <see cref="Regularization"/>, as a fraction of the variance of the column over all rows; of the
    /// mean of these variances where one variance stands for all columns. Not negative.
    /// </summary>
    public double RelativeRegularization { get; init; }
}

/// <summary>What a fit leaves.</summary>
/// <param name="Mixture">The final parameters.</param>
/// <param name="Iterations">The number of M-steps made.</param>
/// <param name="Converged">Whether the stop rule ended the run; false when the largest number of iterations did.</param>
/// <param name="LogLikelihoodTrace">Total log-likelihood in nats: <paramref name="Iterations"/> + 1 values, from the initial parameters on.</param>
/// <param name="Responsibilities">N x K, under the final parameters; sample weights are not in them.</param>
/// <param name="LastEStepResponsibilities">
/// N x K, those that the last M-step used, so of the parameters one step older than <paramref name="Mixture"/>. The notebook returns these.
/// </param>
public sealed record ReferenceFit(
    ReferenceMixture Mixture,
    int Iterations,
    bool Converged,
    double[] LogLikelihoodTrace,
    double[][] Responsibilities,
    double[][] LastEStepResponsibilities);
