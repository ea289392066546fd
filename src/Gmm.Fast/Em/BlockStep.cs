using Gmm.Fast.Covariance;
using Gmm.Fast.Data;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>The work on one block of points, with covariance type, kind of assignment and lane width already chosen.</summary>
internal unsafe interface IBlockStep
{
    /// <summary>Points must be padded to a multiple of this for scoring; accumulating asks for <see cref="BlockShape.RowMultiple"/>.</summary>
    int PointMultiple { get; }

    /// <summary>Squared Mahalanobis distances [K x Stride] of a block to all components; <paramref name="scratch"/> [D x Stride].</summary>
    void Distances(in ColumnBlock<double> block, MixtureParameters parameters, double* scratch, double* joint);

    /// <summary>Distances [K x Stride] to responsibilities, in place, and the log-densities [Padded].</summary>
    void Assign(in ColumnBlock<double> block, MixtureParameters parameters, double* joint, double* logDensities);

    /// <summary>Distances, assignment and accumulation while the block is in cache: E-step and M-step sums in one pass over the data.</summary>
    void Run(in ColumnBlock<double> block, MixtureParameters parameters, in Workspace workspace, SufficientStatistics statistics);
}

/// <inheritdoc cref="IBlockStep"/>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
/// <typeparam name="TDensity">Covariance type of the components the points are assigned to.</typeparam>
/// <typeparam name="TMoments">Covariance type whose moments are collected; another one only at the start of a fit, from k-means centres.</typeparam>
/// <typeparam name="TAssignment">Soft (EM) or hard (k-means, labels).</typeparam>
internal sealed unsafe class BlockStep<TLanes, TVector, TDensity, TMoments, TAssignment> : IBlockStep
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
    where TDensity : struct, ICovariance
    where TMoments : struct, ICovariance
    where TAssignment : struct, IAssignment
{
    public int PointMultiple => 2 * TLanes.Count;

    public void Distances(in ColumnBlock<double> block, MixtureParameters parameters, double* scratch, double* joint)
    {
        fixed (double* means = parameters.Means, factors = parameters.Factors)
        {
            for (var k = 0; k < parameters.Components; k++)
            {
                default(TDensity).SquaredDistances<TLanes, TVector, double>(
                    block, means + (nint)k * parameters.Dimension, factors + (nint)k * parameters.FactorLength, scratch, joint + (nint)k * block.Stride);
            }
        }
    }

    public void Assign(in ColumnBlock<double> block, MixtureParameters parameters, double* joint, double* logDensities)
    {
        fixed (double* constants = parameters.LogConstants)
            default(TAssignment).Assign<TLanes, TVector>(joint, block.Stride, parameters.Components, block.Padded, constants, logDensities);
    }

    public void Run(in ColumnBlock<double> block, MixtureParameters parameters, in Workspace workspace, SufficientStatistics statistics)
    {
        Distances(block, parameters, workspace.Scratch, workspace.Joint);
        Assign(block, parameters, workspace.Joint, workspace.LogDensities);
        ClearPadding(block, workspace.Joint, parameters.Components);
        ClearPadding(block, workspace.LogDensities, 1);

        statistics.LogLikelihood += LaneSum.Of<TLanes, TVector>(workspace.LogDensities, block.Padded);
        statistics.RowCount += block.Count;
        fixed (double* moments = statistics.Values, centers = statistics.Centers)
        {
            for (var k = 0; k < parameters.Components; k++)
            {
                default(TMoments).Accumulate<TLanes, TVector>(
                    block, workspace.Joint + (nint)k * block.Stride, centers + (nint)k * parameters.Dimension, workspace.Scratch,
                    moments + (nint)k * statistics.ComponentLength);
            }
        }
    }

    // The repeated points behind the last one belong to nobody; after this no sum sees them.
    private static void ClearPadding(in ColumnBlock<double> block, double* columns, int count)
    {
        for (var k = 0; k < count; k++)
            new Span<double>(columns + (nint)k * block.Stride + block.Count, block.Padded - block.Count).Clear();
    }
}
