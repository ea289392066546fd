namespace Gmm.Fast;

/// <summary>
/// What a fit does with a component whose covariance is no longer positive definite, or that has lost all its points. Whatever is done is told by
/// <see cref="IterationInfo.Recoveries"/> and <see cref="FitResult.Recoveries"/>. A covariance that all components share belongs to none of them:
/// when it collapses, only <see cref="Keep"/> can help, the others end the fit.
/// </summary>
public enum CollapsePolicy
{
    /// <summary>
    /// A collapsed covariance ends the fit with status <see cref="FitStatus.Collapsed"/> and the model of the iteration before. The default: the
    /// likelihood of such a model has no bound, so any way on is a decision about the data, and that is the caller's. A component without points
    /// harms nothing: it keeps its parameters with weight 0.
    /// </summary>
    Fail,

    /// <summary>The component keeps the mean and covariance of the iteration before, and takes part with the weight its points give it.</summary>
    Keep,

    /// <summary>
    /// The component takes over half of the one that loses the most log-likelihood: N_k (1/2 ln |Sigma_k| - ln w_k), with ln |Sigma_k| counted from the
    /// smallest. That one is split along its longest axis, half a standard deviation to either side; mean and covariance of the two together stay
    /// what they were. The log-likelihood may fall once. After 3 K times the fit ends as with <see cref="Fail"/>.
    /// </summary>
    Reseed,

    /// <summary>The component is taken out of the mixture, its points go to the others, and the model has one component less.</summary>
    Drop,
}
