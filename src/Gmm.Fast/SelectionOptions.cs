namespace Gmm.Fast;

/// <summary>Holds the options of a <see cref="ModelSelection"/>: the candidates, what compares them, and how each one is fitted.</summary>
public sealed record SelectionOptions
{
    private const int MostByDefault = 9;
    private const double LateChange = 1e-5;
    private const int LateIterations = 500;

    /// <summary>The numbers of components to try, each at least 1 and all different; default 1 to 9.</summary>
    public IReadOnlyList<int> Components { get; init; } = [.. Enumerable.Range(1, MostByDefault)];

    /// <summary>The forms of covariances to try, all different; default all.</summary>
    public IReadOnlyList<CovarianceType> CovarianceTypes { get; init; } = Enum.GetValues<CovarianceType>();

    /// <summary>What compares the candidates.</summary>
    public SelectionCriterion Criterion { get; init; } = SelectionCriterion.Bic;

    /// <summary>
    /// The number of parts of a cross-validation, F, at least 2 and at most N. Every F consecutive points are dealt among the parts, at random by the
    /// seed of the fits. So sorted data do no harm, and parts differ by at most one point.
    /// </summary>
    public int Folds { get; init; } = 5;

    /// <summary>
    /// Whether each candidate has a second start from the best fit with one component less, where that is a candidate too: up to three of its
    /// components, those whose points have the lowest densities, are split in turn. The better of the two ends is kept.
    /// </summary>
    public bool SplitStarts { get; init; } = true;

    /// <summary>
    /// The options of each fit: start, restarts, stop rule, regularization, threads and so on. Its components and covariance type are not read. By
    /// default a fit stops later than <see cref="FitOptions"/> has it, at a change of 1e-5 or after 500 iterations, as criteria of fits that stop early
    /// do not compare. Of several restarts, those that fall far behind after ten iterations end there. Density quantiles are made
    /// for the best alone.
    /// </summary>
    public FitOptions Fit { get; init; } = new()
    {
        Components = 1,
        Stop = StopRule.MeanChange(LateChange),
        MaxIterations = LateIterations,
    };

    /// <summary>The receiver of progress, called after each fit, one call at a time, on any thread; null for none.</summary>
    public IProgress<SelectionProgress>? Progress { get; init; }
}
