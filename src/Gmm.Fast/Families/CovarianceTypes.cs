using Gmm.Fast.Internals;

namespace Gmm.Fast.Families;

/// <summary>The once-per-iteration side of each covariance type, found by its name.</summary>
internal static class CovarianceTypes
{
    private static readonly ICovariance s_full = new FullCovariance();
    private static readonly ICovariance s_tied = new TiedCovariance();
    private static readonly ICovariance s_diagonal = new DiagonalCovariance();
    private static readonly ICovariance s_spherical = new SphericalCovariance();

    public static ICovariance For(CovarianceType covarianceType)
    {
        switch (covarianceType)
        {
            case CovarianceType.Full: return s_full;
            case CovarianceType.Tied: return s_tied;
            case CovarianceType.Diagonal: return s_diagonal;
            case CovarianceType.Spherical: return s_spherical;
            default:
                Throw.OutOfRange(nameof(covarianceType), covarianceType, "Full, Tied, Diagonal or Spherical is required");
                return null;
        }
    }
}
