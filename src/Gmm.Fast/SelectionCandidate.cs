using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Holds one candidate of a <see cref="ModelSelection"/>: a number of components and a form of covariances, and how they fit.</summary>
public sealed class SelectionCandidate
{
    internal SelectionCandidate(int components, CovarianceType covarianceType) => (Components, CovarianceType) = (components, covarianceType);

    /// <summary>K that was asked for.</summary>
    public int Components { get; }

    /// <summary>The form of the covariances.</summary>
    public CovarianceType CovarianceType { get; }

    /// <summary>The fit to all points; null where there is no model.</summary>
    public FitResult? Fit { get; internal set; }

    /// <summary>Why the candidate cannot be chosen, in words; null where it can.</summary>
    public string? Failure { get; internal set; }

    /// <summary>
    /// The number of components of the fit that its points do not support: too few points for the parameters of one, or a line, a plane or a single
    /// value of them. Such components make the likelihood as large as regularization allows, so BIC, AIC and ICL mean nothing, and a candidate
    /// without them is better.
    /// </summary>
    public int UnsupportedComponents { get; internal set; }

    /// <summary>Whether the candidate can be chosen: it was fitted to its end.</summary>
    public bool IsComplete => Failure is null && Fit is { Status: FitStatus.Converged or FitStatus.MaxIterations };

    /// <summary>The total log-likelihood of the fit, in nats; NaN without one.</summary>
    public double TotalLogLikelihood => Fit?.TotalLogLikelihood ?? double.NaN;

    /// <summary>The number of free parameters of the model; 0 without one.</summary>
    public long FreeParameters => Fit?.Model.FreeParameters ?? 0;

    /// <summary>The Bayesian information criterion; smaller is better; NaN without a fit.</summary>
    public double Bic => Fit?.Bic ?? double.NaN;

    /// <summary>The Akaike information criterion; smaller is better; NaN without a fit.</summary>
    public double Aic => Fit?.Aic ?? double.NaN;

    /// <summary>The integrated completed likelihood, <see cref="Bic"/> + 2 <see cref="Entropy"/>; smaller is better; NaN without a fit.</summary>
    public double Icl => Bic + 2 * Entropy;

    /// <summary>
    /// The sum over the points of weight times the entropy of their responsibilities, in nats, at least 0; NaN where it was not computed.
    /// </summary>
    public double Entropy { get; internal set; } = double.NaN;

    /// <summary>Of a cross-validation, the mean log-density of the points held out, in nats; larger is better; otherwise NaN.</summary>
    public double HeldOutLogDensity { get; internal set; } = double.NaN;

    /// <summary>
    /// The standard error of <see cref="HeldOutLogDensity"/>: the standard deviation over all points of their log-densities, each when held out, over
    /// the root of their number; of weighted points, of their effective number (sum of w)^2 / sum of w^2. NaN where there is none.
    /// </summary>
    public double HeldOutStandardError { get; internal set; } = double.NaN;

    // [folds]: the mean log-densities of the parts held out; NaN for a part without points.
    internal double[] FoldMeans { get; set; } = [];

    /// <summary>
    /// Tells whether the fits are of one model, by whatever name: forms of covariances coincide for one component or in one dimension, as far as they
    /// have as many free parameters.
    /// </summary>
    internal bool IsSameModel(SelectionCandidate other)
    {
        var (model, another) = (Fit!.Model, other.Fit!.Model);
        return model.ComponentCount == another.ComponentCount && model.FreeParameters == another.FreeParameters
            && (CovarianceType == other.CovarianceType || model.ComponentCount == 1 || model.Dimension == 1);
    }

    /// <summary>Gives the value of a criterion; NaN where there is none.</summary>
    /// <param name="criterion">The criterion.</param>
    public double Value(SelectionCriterion criterion) => criterion switch
    {
        SelectionCriterion.Bic => Bic,
        SelectionCriterion.Aic => Aic,
        SelectionCriterion.Icl => Icl,
        SelectionCriterion.CrossValidation => HeldOutLogDensity,
        _ => throw Throw.OutOfRangeError(nameof(criterion), criterion, "Bic, Aic, Icl or CrossValidation is required"),
    };
}
