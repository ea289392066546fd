using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Does a pass that writes the number of the center nearest to each point, and sums nothing.</summary>
/// <param name="nearest">Finds the nearest centers.</param>
/// <param name="blockPoints">Points per block.</param>
/// <param name="labels">[N], receives the numbers.</param>
internal sealed unsafe class LabelStep(IBlockLabels nearest, int blockPoints, int[] labels) : IBlockPass<double>
{
    public void Run(
        in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* centers, SufficientStatistics statistics,
        Prefetch<double> next = default)
    {
        nearest.Write(block, parameters, workspace, workspace.LogDensities);
        var found = labels.AsSpan((int)block.Number * blockPoints, block.Count);
        for (var p = 0; p < found.Length; p++) found[p] = (int)workspace.LogDensities[p];
    }
}
