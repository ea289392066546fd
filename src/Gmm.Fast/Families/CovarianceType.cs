namespace Gmm.Fast;

/// <summary>
/// Names the form of the components' covariance matrices, and with it the compact form in which covariances are given and returned.
/// </summary>
public enum CovarianceType
{
    /// <summary>Each component has its own matrix; compact form [K x D x D].</summary>
    Full,

    /// <summary>All components share one matrix; compact form [D x D].</summary>
    Tied,

    /// <summary>Each component has its own diagonal matrix; compact form [K x D], the variances.</summary>
    Diagonal,

    /// <summary>Each component has one variance for all dimensions; compact form [K].</summary>
    Spherical,

    /// <summary>All components share one diagonal matrix; compact form [D], the variances.</summary>
    TiedDiagonal,

    /// <summary>All components and dimensions share one variance; compact form [1].</summary>
    TiedSpherical,
}
