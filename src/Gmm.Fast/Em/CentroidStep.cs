using System.Runtime.CompilerServices;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;
using Gmm.Fast.Kernels;
using Gmm.Fast.Scoring;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>
/// A pass of Lloyd's iteration: every point to the nearest center, the first of equals, and of each center what spherical covariances need: how many points it has,
/// their deviations from it summed, and the squares of those. A whole point is added to one center, where the moments of EM multiply it by a share for
/// every component, of which all but one would be 0.
/// </summary>
internal sealed unsafe class CentroidStep<TLanes, TVector> : IBlockPass<double>
    where TLanes : struct, ILanes<TVector, double>
    where TVector : struct
{
    /// <summary>
    /// <paramref name="parameters"/>: unit spheres, unit spheres of a start, whose constants are 0;
    /// <paramref name="centers"/> [K x D]: what deviations are taken from.
    /// </summary>
    public void Run(
        in PointBlock<double> block, KernelParameters<double> parameters, in Workspace<double> workspace, double* centers, SufficientStatistics statistics,
        Prefetch<double> next = default)
    {
        next.Part(0);
        next.Part(1);
        default(SphericalCovariance).Distances<TLanes, TVector, double>(block, parameters, workspace.Scratch, workspace.Joint);
        next.Part(2);
        var labels = workspace.LogDensities;
        ScoredColumns.Labels<TLanes, TVector>(workspace.Joint, block.Stride, parameters.Constants, parameters.Components, block.Padded, labels);
        next.Part(3);
        statistics.RowCount += block.Count;
        fixed (double* sums = statistics.Values) Add(block, labels, centers, sums);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
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
}
