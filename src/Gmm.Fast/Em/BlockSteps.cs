using Gmm.Fast.Covariance;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>The only switch on covariance type and lane width: names in, compiled block step out.</summary>
internal static class BlockSteps
{
    /// <summary>E-step and M-step sums of EM.</summary>
    public static IBlockStep Soft(CovarianceType type, LaneWidth width) => type switch
    {
        CovarianceType.Full => Of<FullCovariance, FullCovariance, SoftAssignment>(width),
        CovarianceType.Tied => Of<TiedCovariance, TiedCovariance, SoftAssignment>(width),
        CovarianceType.Diagonal => Of<DiagonalCovariance, DiagonalCovariance, SoftAssignment>(width),
        _ => Of<SphericalCovariance, SphericalCovariance, SoftAssignment>(width),
    };

    /// <summary>Points to the nearest centre, with the moments that covariance type <paramref name="moments"/> needs.</summary>
    public static IBlockStep Nearest(CovarianceType moments, LaneWidth width) => moments switch
    {
        CovarianceType.Full => Of<SphericalCovariance, FullCovariance, HardAssignment>(width),
        CovarianceType.Tied => Of<SphericalCovariance, TiedCovariance, HardAssignment>(width),
        CovarianceType.Diagonal => Of<SphericalCovariance, DiagonalCovariance, HardAssignment>(width),
        _ => Of<SphericalCovariance, SphericalCovariance, HardAssignment>(width),
    };

    private static IBlockStep Of<TDensity, TMoments, TAssignment>(LaneWidth width)
        where TDensity : struct, ICovariance
        where TMoments : struct, ICovariance
        where TAssignment : struct, IAssignment =>
        LaneWidths.Select<Maker<TDensity, TMoments, TAssignment>, IBlockStep>(width, default);

    private readonly struct Maker<TDensity, TMoments, TAssignment> : ILaneUser<double, IBlockStep>
        where TDensity : struct, ICovariance
        where TMoments : struct, ICovariance
        where TAssignment : struct, IAssignment
    {
        public IBlockStep With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct =>
            new BlockStep<TLanes, TVector, TDensity, TMoments, TAssignment>();
    }
}
