using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// Does a pass of Lloyd's iteration (Bishop, PRML, equations 9.2 and 9.4): every point goes to the nearest center, the first of equals.
///   N_k += w,  F_k += w d,  S_k += w |d|^2,  d = x - center_k
/// A point is added to one center only. The moments of EM would multiply it by a share for every component, all but one of them 0.
/// </summary>
/// <param name="nearest">Finds the nearest centers.</param>
internal sealed unsafe class CentroidStep(IBlockLabels nearest) : IBlockPass<double>
{
    /// <summary>Finds the nearest centers.</summary>
    public IBlockLabels Nearest { get; set; } = nearest;

    /// <summary>Adds the sums of a block.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">Unit spheres whose constants are 0.</param>
    /// <param name="workspace">The memory of one worker.</param>
    /// <param name="centers">[K x D], the origins of deviations.</param>
    /// <param name="statistics">Receives the sums.</param>
    /// <param name="next">The memory of the next block.</param>
    public void Run(
        in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* centers,
        SufficientStatistics statistics, Prefetch<double> next = default)
    {
        next.Part(0);
        next.Part(1);
        var labels = workspace.LogDensities;
        Nearest.Write(block, parameters, workspace, labels);
        next.Part(2);
        next.Part(3);
        statistics.PointCount += block.Count;
        statistics.TotalWeight += block.Weights is null ? block.Count : BlockWeights.Sum(block);
        fixed (double* sums = statistics.Values)
        {
            if (block.Weights is null) Add(block, labels, centers, sums);
            else AddWeighted(block, labels, centers, sums);
        }
    }

    [MethodImpl(Compiled.Once)]
    private static void Add(in PointBlock<double> block, double* labels, double* centers, double* sums)
    {
        nint dimension = block.Columns, stride = block.Stride;
        for (nint p = 0; p < block.Count; p++)
        {
            var k = (nint)labels[p];
            double* x = block.X + p, center = centers + k * dimension, sum = sums + k * (dimension + 2);
            *sum++ += 1;
            double squares = 0;
            for (nint j = 0; j < dimension; j++, x += stride)
            {
                var deviation = *x - center[j];
                *sum++ += deviation;
                squares += deviation * deviation;
            }
            *sum += squares;
        }
    }

    [MethodImpl(Compiled.Once)]
    private static void AddWeighted(in PointBlock<double> block, double* labels, double* centers, double* sums)
    {
        nint dimension = block.Columns, stride = block.Stride;
        for (nint p = 0; p < block.Count; p++)
        {
            var k = (nint)labels[p];
            double* x = block.X + p, center = centers + k * dimension, sum = sums + k * (dimension + 2);
            var weight = block.Weights[p];
            *sum++ += weight;
            double squares = 0;
            for (nint j = 0; j < dimension; j++, x += stride)
            {
                var deviation = *x - center[j];
                *sum++ += weight * deviation;
                squares += deviation * deviation;
            }
            *sum += weight * squares;
        }
    }
}
