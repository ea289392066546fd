namespace Gmm.Fast;

/// <summary>
/// Names the ways to go on with a component whose covariance is no longer positive definite, or that has lost all its points.
/// <see cref="IterationInfo.Recoveries"/> and <see cref="FitResult.Recoveries"/> list every use. When a covariance that all components share
/// collapses, only <see cref="Keep"/> goes on; the others end the fit.
/// </summary>
public enum CollapsePolicy
{
    /// <summary>
    /// A collapsed covariance ends the fit with status <see cref="FitStatus.Collapsed"/> and the model of the iteration before. This is the default,
    /// because the likelihood of a collapsed model has no bound (Bishop, PRML, section 9.2.1), and the caller decides how to go on. A component
    /// without points keeps its parameters with weight 0.
    /// </summary>
    Fail,

    /// <summary>The component keeps the mean and covariance of the iteration before, with the weight that its points give it.</summary>
    Keep,

    /// <summary>
    /// The component takes half of the component that loses the most log-likelihood: N_k (1/2 ln |Sigma_k| - ln w_k), with ln |Sigma_k| counted from
    /// the smallest. That component is split along its longest axis, half a standard deviation to either side. The mean and covariance of the two
    /// together stay the same. The log-likelihood may fall once. After 3 K reseeds the fit ends as with <see cref="Fail"/>.
    /// </summary>
    Reseed,

    /// <summary>The component leaves the mixture, and its points go to the others. The model has one component less.</summary>
    Drop,
}
