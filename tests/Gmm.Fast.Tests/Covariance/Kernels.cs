using Gmm.Fast.Covariance;
using Gmm.Fast.Data;
using Gmm.Fast.Em;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Tests.Covariance;

/// <summary>The two kernels of every covariance type at every width, called on blocks whose memory the caller owns.</summary>
internal static unsafe class Kernels
{
    public static readonly LaneWidth[] Widths = Enum.GetValues<LaneWidth>();

    /// <summary>The deepest padding of any caller: what accumulation asks for.</summary>
    public static int Padded(int count) => BlockShape.Pad(count);

    /// <summary>Squared distances [K x Stride] of a block to all components.</summary>
    public static void Distances(LaneWidth width, in ColumnBlock<double> block, MixtureParameters parameters, double* scratch, double* joint) =>
        BlockSteps.Soft(parameters.Covariance.Type, width).Distances(block, parameters, scratch, joint);

    /// <summary>Adds the moments of one component to <paramref name="moments"/> [1 + D + SecondMomentLength].</summary>
    public static void Accumulate(
        LaneWidth width, CovarianceType type, in ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
    {
        switch (type)
        {
            case CovarianceType.Full: Run<FullCovariance>(width, block, responsibilities, center, scratch, moments); break;
            case CovarianceType.Tied: Run<TiedCovariance>(width, block, responsibilities, center, scratch, moments); break;
            case CovarianceType.Diagonal: Run<DiagonalCovariance>(width, block, responsibilities, center, scratch, moments); break;
            default: Run<SphericalCovariance>(width, block, responsibilities, center, scratch, moments); break;
        }
    }

    private static void Run<TCovariance>(
        LaneWidth width, in ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
        where TCovariance : struct, ICovariance =>
        LaneWidths.Select<Accumulation<TCovariance>, int>(width, new Accumulation<TCovariance>(block, responsibilities, center, scratch, moments));

    private readonly struct Accumulation<TCovariance>(ColumnBlock<double> block, double* responsibilities, double* center, double* scratch, double* moments)
        : ILaneUser<double, int>
        where TCovariance : struct, ICovariance
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct
        {
            default(TCovariance).Accumulate<TLanes, TVector>(block, responsibilities, center, scratch, moments);
            return 0;
        }
    }
}
