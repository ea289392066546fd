using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>What a pass over all points does with one block of them.</summary>
internal unsafe interface IBlockPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Shares the points out and adds the sums they leave to <paramref name="statistics"/>, while the block is in cache: E-step and M-step sums in one
    /// pass over the data. What comes <paramref name="next"/> is asked for on the way.
    /// </summary>
    void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, T* centers, SufficientStatistics statistics,
        Prefetch<T> next = default);
}

/// <summary>The work on one block of points, with covariance type, kind of assignment and lane width already chosen.</summary>
internal unsafe interface IBlockStep<T> : IBlockPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Squared Mahalanobis distances [K x Stride] of a block to all components; <paramref name="scratch"/> as for the kernels.</summary>
    void Distances(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint);

    /// <summary>Distances [K x Stride] to shares, in place, with their scales [Padded] and the log-densities [Padded].</summary>
    void Assign(in PointBlock<T> block, KernelParameters<T> parameters, T* joint, T* scales, T* logDensities);
}

/// <inheritdoc cref="IBlockStep{T}"/>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
/// <typeparam name="T">Element type of the points.</typeparam>
/// <typeparam name="TDensity">Covariance type of the components the points are assigned to.</typeparam>
/// <typeparam name="TMoments">Covariance type whose moments are collected; another one only at the start of a fit, from k-means centers.</typeparam>
/// <typeparam name="TAssignment">Soft (EM) or hard (k-means, labels).</typeparam>
internal sealed unsafe class BlockStep<TLanes, TVector, T, TDensity, TMoments, TAssignment> : IBlockStep<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    where TDensity : struct, ICovariance
    where TMoments : struct, ICovariance
    where TAssignment : struct, IAssignment
{
    public void Distances(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint) =>
        default(TDensity).Distances<TLanes, TVector, T>(block, parameters, scratch, joint);

    public void Assign(in PointBlock<T> block, KernelParameters<T> parameters, T* joint, T* scales, T* logDensities)
    {
        default(TAssignment).Assign<TLanes, TVector, T>(
            joint, block.Stride, parameters.Components, block.Padded, parameters.Constants, logDensities, scales);
        ShareSums.LogDensities<TLanes, TVector, T>(
            joint, block.Stride, parameters.Components, block.Padded, parameters.Constants, logDensities, scales);
    }

    public void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, T* centers, SufficientStatistics statistics,
        Prefetch<T> next = default)
    {
        next.Part(0);
        Distances(block, parameters, workspace.Scratch, workspace.Joint);
        next.Part(1);
        default(TAssignment).Assign<TLanes, TVector, T>(
            workspace.Joint, block.Stride, parameters.Components, block.Padded, parameters.Constants, workspace.LogDensities, workspace.Scales);
        next.Part(2);
        ShareSums.Total<TLanes, TVector, T>(
            workspace.Joint, block.Stride, parameters.Components, block.Count, block.Padded, parameters.Constants, workspace.LogDensities, workspace.Scales,
            workspace.Tile);
        statistics.LogLikelihood += LaneSum.Tree<T>(workspace.Tile);
        statistics.RowCount += block.Count;
        next.Part(3);
        fixed (double* sums = statistics.Values)
        {
            default(TMoments).Accumulate<TLanes, TVector, T>(
                block, parameters.Components, workspace.Joint, workspace.Scales, centers, workspace.Scratch, workspace.Tile, sums);
        }
    }
}
