namespace Gmm.Fast;

/// <summary>Names what a <see cref="ModelSelection"/> compares.</summary>
public enum SelectionCriterion
{
    /// <summary>The Bayesian information criterion, smaller is better (Schwarz, Estimating the dimension of a model, Annals of Statistics 6, 1978).</summary>
    Bic,

    /// <summary>
    /// The Akaike information criterion, smaller is better (Akaike, A new look at the statistical model identification, IEEE TAC 19, 1974). It tends to
    /// more components than <see cref="Bic"/>.
    /// </summary>
    Aic,

    /// <summary>
    /// The integrated completed likelihood, smaller is better: <see cref="Bic"/> plus twice the entropy of the responsibilities, so that components
    /// that overlap cost more (Biernacki, Celeux and Govaert, IEEE TPAMI 22, 2000; the form with the entropy of McLachlan and Peel, Finite Mixture
    /// Models, 2000, section 6.10).
    /// </summary>
    Icl,

    /// <summary>
    /// The mean log-density of points held out of the fit, larger is better (Smyth, Model selection for probabilistic clustering using
    /// cross-validated likelihood, Statistics and Computing 10, 2000).
    /// </summary>
    CrossValidation,
}
