using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Does the work of a pass over all points on one block.</summary>
internal unsafe interface IBlockPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Adds the sums of a block to the statistics while it is in cache, and prefetches the next block.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="workspace">The memory of one worker.</param>
    /// <param name="centers">[K x D], the origins of deviations.</param>
    /// <param name="statistics">Receives the sums.</param>
    /// <param name="next">The memory of the next block.</param>
    void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, T* centers, SufficientStatistics statistics,
        Prefetch<T> next = default);
}

/// <summary>Does the E-step and the sums of the M-step on one block, with form, moments, assignment and lane width chosen.</summary>
internal unsafe interface IBlockStep<T> : IBlockPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Shares the points out among the active components and adds E-step and M-step sums to the statistics, in one pass.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="active">The components.</param>
    /// <param name="workspace">The memory of one worker.</param>
    /// <param name="centers">[K x D], the origins of deviations.</param>
    /// <param name="statistics">Receives the sums.</param>
    /// <param name="next">The memory of the next block.</param>
    void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, in Workspace<T> workspace, T* centers,
        SufficientStatistics statistics, Prefetch<T> next = default);

    /// <summary>Writes the squared Mahalanobis distances of a block from all components.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="scratch">[<see cref="KernelScratch.Columns"/> x Stride].</param>
    /// <param name="joint">[K x Stride], receives the distances.</param>
    void Distances(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint);

    /// <summary>Turns distances into shares, in place.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">The mixture.</param>
    /// <param name="joint">[K x Stride]: squared distances on entry, shares on return.</param>
    /// <param name="scales">[Padded], receives the factors from shares to responsibilities.</param>
    /// <param name="logDensities">[Padded], receives the log-densities.</param>
    void Assign(in PointBlock<T> block, KernelParameters<T> parameters, T* joint, T* scales, T* logDensities);
}

/// <inheritdoc cref="IBlockStep{T}"/>
/// <typeparam name="TLanes">Width.</typeparam>
/// <typeparam name="TVector">Vector of that width.</typeparam>
/// <typeparam name="T">Element type of the points.</typeparam>
/// <typeparam name="TForm">Densities of the components.</typeparam>
/// <typeparam name="TMoments">Moments that are summed.</typeparam>
/// <typeparam name="TAssignment">Soft (EM) or hard (k-means).</typeparam>
internal sealed unsafe class BlockStep<TLanes, TVector, T, TForm, TMoments, TAssignment> : IBlockStep<T>
    where TLanes : struct, ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    where TForm : struct, IForm<T>
    where TMoments : struct, IMoments<T>
    where TAssignment : struct, IAssignment<T>
{
    public void Distances(in PointBlock<T> block, KernelParameters<T> parameters, T* scratch, T* joint) =>
        TForm.Distances(block, parameters, parameters.All, scratch, joint);

    public void Assign(in PointBlock<T> block, KernelParameters<T> parameters, T* joint, T* scales, T* logDensities)
    {
        TAssignment.Assign(joint, block.Stride, parameters.Components, block.Padded, parameters.Constants, logDensities, scales, parameters.Reach);
        ShareSums<TLanes, TVector, T>.LogDensities(
            joint, block.Stride, parameters.Components, block.Padded, parameters.Constants, logDensities, scales);
    }

    public void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in Workspace<T> workspace, T* centers, SufficientStatistics statistics,
        Prefetch<T> next = default) =>
        Run(block, parameters, parameters.All, workspace, centers, statistics, next);

    public void Run(
        in PointBlock<T> block, KernelParameters<T> parameters, in ActiveComponents active, in Workspace<T> workspace, T* centers,
        SufficientStatistics statistics, Prefetch<T> next = default)
    {
        var constants = active.Count == parameters.Components ? parameters.Constants : Gather(parameters.Constants, active, workspace.Constants);
        next.Part(0);
        TForm.Distances(block, parameters, active, workspace.Scratch, workspace.Joint);
        next.Part(1);
        TAssignment.Assign(workspace.Joint, block.Stride, active.Count, block.Padded, constants, workspace.LogDensities, workspace.Scales, parameters.Reach);
        next.Part(2);
        if (block.Weights is null)
        {
            ShareSums<TLanes, TVector, T>.Total(
                workspace.Joint, block.Stride, active.Count, block.Count, block.Padded, constants, workspace.LogDensities, workspace.Scales,
                workspace.Tile);
            statistics.TotalWeight += block.Count;
        }
        else
        {
            ShareSums<TLanes, TVector, T>.LogDensities(
                workspace.Joint, block.Stride, active.Count, block.Padded, constants, workspace.LogDensities, workspace.Scales);
            ShareSums<TLanes, TVector, T>.Weigh(block.Padded, block.Weights, workspace.LogDensities, workspace.Scales, workspace.Tile);
            statistics.TotalWeight += BlockWeights.Sum(block);
        }
        statistics.LogLikelihood += LaneSum.Tree<T>(workspace.Tile);
        statistics.PointCount += block.Count;
        next.Part(3);
        fixed (double* sums = statistics.Values)
        {
            TMoments.Accumulate(block, new MomentArguments<T>
            {
                Active = active,
                Joint = workspace.Joint,
                Scales = workspace.Scales,
                Centers = centers,
                Scratch = workspace.Scratch,
                Tile = workspace.Tile,
                Sums = sums,
            });
        }
    }

    private static T* Gather(T* constants, in ActiveComponents active, T* gathered)
    {
        for (var a = 0; a < active.Count; a++) gathered[a] = constants[active.Indices[a]];
        return gathered;
    }
}

/// <summary>Sums the weights of blocks.</summary>
internal static unsafe class BlockWeights
{
    /// <summary>Adds the weights of a block one after the other, in doubles.</summary>
    public static double Sum<T>(in PointBlock<T> block)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (nint p = 0; p < block.Count; p++) sum += double.CreateTruncating(block.Weights[p]);
        return sum;
    }
}
