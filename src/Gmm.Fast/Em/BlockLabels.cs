using Gmm.Fast.Blocks;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Finds the nearest center of the points of a block, the first of equals.</summary>
internal unsafe interface IBlockLabels
{
    /// <summary>Writes the labels of a block. Returns false where no center is within the range of a double of some point.</summary>
    /// <param name="block">The points.</param>
    /// <param name="parameters">Unit spheres whose constants are 0.</param>
    /// <param name="workspace">The memory of one worker.</param>
    /// <param name="labels">[Padded], receives the number of the nearest center.</param>
    bool Write(in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* labels);
}

/// <summary>Computes the distances from all centers.</summary>
internal sealed unsafe class AllLabels<TLanes, TVector> : IBlockLabels
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    public bool Write(in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* labels)
    {
        SphericalForm<TLanes, TVector, double>.Distances(block, parameters, parameters.All, workspace.Scratch, workspace.Joint);
        LargestColumn<TLanes, TVector>.Labels(workspace.Joint, block.Stride, parameters.Constants, parameters.Components, block.Padded, labels);
        return true;
    }
}
