using Gmm.Fast.Em;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>Scores blocks of points under one mixture: the E-step alone. Immutable, and used by any number of threads at once.</summary>
internal sealed unsafe class BlockScorer
{
    private readonly IBlockStep<double> _step;
    private readonly IBlockStep<double> _distances;
    private readonly KernelParameters<double> _parameters;

    public BlockScorer(MixtureParameters parameters)
    {
        _step = BlockSteps.Soft<double>(parameters.Covariance.Type, LaneWidths.Widest);

        // A tied covariance whitens points once for all components: good for densities, but small distances keep the rounding of large ones.
        _distances = parameters.Whitens ? BlockSteps.Soft<double>(CovarianceType.Full, LaneWidths.Widest) : _step;
        _parameters = new KernelParameters<double>(parameters);
        _parameters.Load(parameters);
    }

    /// <summary>
    /// Packs <paramref name="rows"/> [count x D] and leaves squared distances [K x Stride] in the joint of <paramref name="workspace"/>; for a
    /// <paramref name="score"/> of shares those instead, with their scales, and the log-densities.
    /// </summary>
    public void Run(ReadOnlySpan<double> rows, in Workspace<double> workspace, Score score)
    {
        var block = workspace.Pack(rows);
        var step = score == Score.Distances ? _distances : _step;
        step.Distances(block, _parameters, workspace.Scratch, workspace.Joint);
        if (score == Score.Shares) _step.Assign(block, _parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);

        // The kernels hold addresses only: without this the last model of a program could be freed under them.
        GC.KeepAlive(this);
    }
}

/// <summary>What is asked of scored points.</summary>
internal enum Score
{
    /// <summary>Shares of the components, and log-densities of the mixture.</summary>
    Shares,

    /// <summary>Squared distances that densities are made of.</summary>
    Densities,

    /// <summary>Squared distances with all their digits, however small.</summary>
    Distances,
}
