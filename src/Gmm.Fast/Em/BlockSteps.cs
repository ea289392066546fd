using System.Numerics;
using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>The only switch on covariance type, element type and lane width: names in, compiled block step out.</summary>
internal static class BlockSteps
{
    /// <summary>E-step and M-step sums of EM.</summary>
    public static IBlockStep<T> Soft<T>(CovarianceType type, LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type switch
        {
            CovarianceType.Full => Of<T, FullCovariance, FullCovariance, SoftAssignment>(width),
            CovarianceType.Tied => Of<T, TiedCovariance, TiedCovariance, SoftAssignment>(width),
            CovarianceType.Diagonal => Of<T, DiagonalCovariance, DiagonalCovariance, SoftAssignment>(width),
            _ => Of<T, SphericalCovariance, SphericalCovariance, SoftAssignment>(width),
        };

    /// <summary>Points to the nearest center, with the moments that covariance type <paramref name="moments"/> needs.</summary>
    public static IBlockStep<double> Nearest(CovarianceType moments, LaneWidth width) => moments switch
    {
        CovarianceType.Full => Of<double, SphericalCovariance, FullCovariance, HardAssignment>(width),
        CovarianceType.Tied => Of<double, SphericalCovariance, TiedCovariance, HardAssignment>(width),
        CovarianceType.Diagonal => Of<double, SphericalCovariance, DiagonalCovariance, HardAssignment>(width),
        _ => Of<double, SphericalCovariance, SphericalCovariance, HardAssignment>(width),
    };

    /// <summary>Points to the nearest center, with the moments of spherical covariances, for many passes: the objective is not asked for.</summary>
    public static IBlockPass<double> Centroids(LaneWidth width) => LaneWidths.Select<CentroidMaker, IBlockPass<double>>(width, default);

    private static IBlockStep<T> Of<T, TDensity, TMoments, TAssignment>(LaneWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TDensity : struct, ICovariance
        where TMoments : struct, ICovariance
        where TAssignment : struct, IAssignment
    {
        var maker = default(Maker<TDensity, TMoments, TAssignment>);
        return typeof(T) == typeof(float)
            ? (IBlockStep<T>)LaneWidths.SelectSingle<Maker<TDensity, TMoments, TAssignment>, IBlockStep<float>>(width, maker)
            : (IBlockStep<T>)LaneWidths.Select<Maker<TDensity, TMoments, TAssignment>, IBlockStep<double>>(width, maker);
    }

    private readonly struct Maker<TDensity, TMoments, TAssignment> : ILaneUser<double, IBlockStep<double>>, ILaneUser<float, IBlockStep<float>>
        where TDensity : struct, ICovariance
        where TMoments : struct, ICovariance
        where TAssignment : struct, IAssignment
    {
        IBlockStep<double> ILaneUser<double, IBlockStep<double>>.With<TLanes, TVector>() =>
            new BlockStep<TLanes, TVector, double, TDensity, TMoments, TAssignment>();

        IBlockStep<float> ILaneUser<float, IBlockStep<float>>.With<TLanes, TVector>() =>
            new BlockStep<TLanes, TVector, float, TDensity, TMoments, TAssignment>();
    }

    private readonly struct CentroidMaker : ILaneUser<double, IBlockPass<double>>
    {
        public IBlockPass<double> With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => new CentroidStep<TLanes, TVector>();
    }
}
