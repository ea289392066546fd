namespace Gmm.Fast;

/// <summary>Names the causes of a <see cref="FitWarning"/>.</summary>
public enum FitWarningKind
{
    /// <summary>A component collapsed or lost its points, and the collapse policy went on.</summary>
    Recovered,

    /// <summary>The effective count of a component is below 1.</summary>
    NoPoints,

    /// <summary>A column nearly follows from others in a component: its variance is more than 1e12 times what they leave of it.</summary>
    IllConditioned,

    /// <summary>More than 10 % of a variance of a component is regularization, and no other cause explains it.</summary>
    HeldByRegularization,

    /// <summary>A process of a fit by several holds no points.</summary>
    EmptyRank,

    /// <summary>A column has the same value in all points.</summary>
    ConstantColumn,

    /// <summary>A column is a constant plus multiples of other columns, in all points or in those of a component.</summary>
    DeterminedColumn,

    /// <summary>A column that varies has one value in all points of a component.</summary>
    RepeatedValues,

    /// <summary>A component has too few points for its covariance.</summary>
    FewPoints,

    /// <summary>A component holds a few points that are far from all others.</summary>
    Outlier,

    /// <summary>Points without a value were left out.</summary>
    EmptyPoints,

    /// <summary>Values are missing so that the data do not tell a mean, a variance or a covariance.</summary>
    NotIdentified,

    /// <summary>The newest checkpoint could not be written.</summary>
    CheckpointFailed,

    /// <summary>Components have the same mean and covariance, so that they stand for one.</summary>
    EqualComponents,
}
