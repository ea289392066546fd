using Gmm.Fast.Covariance;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Em;

/// <summary>Scores blocks of points under one mixture: the E-step alone. Immutable, and used by any number of threads at once.</summary>
internal sealed unsafe class BlockScorer
{
    private readonly IBlockStep<double> _step;
    private readonly KernelParameters<double> _parameters;

    public BlockScorer(MixtureParameters parameters)
    {
        _step = BlockSteps.Soft<double>(parameters.Covariance.Type, LaneWidths.Widest);
        _parameters = new KernelParameters<double>(parameters);
        _parameters.Load(parameters);
    }

    /// <summary>
    /// Packs <paramref name="rows"/> [count x D] and leaves squared distances [K x Stride] in the joint of <paramref name="workspace"/>, or where
    /// they are to be <paramref name="assigned"/>, shares with their scales, and the log-densities.
    /// </summary>
    public void Run(ReadOnlySpan<double> rows, in Workspace<double> workspace, bool assigned)
    {
        var block = workspace.Pack(rows);
        _step.Distances(block, _parameters, workspace.Scratch, workspace.Joint);
        if (assigned) _step.Assign(block, _parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);

        // The kernels hold addresses only: without this the last model of a program could be freed under them.
        GC.KeepAlive(this);
    }
}
