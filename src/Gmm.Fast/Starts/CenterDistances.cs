using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Starts;

/// <summary>Measures squared distances of the points of one block at a time from some centers.</summary>
internal sealed unsafe class CenterDistances : IDisposable
{
    private readonly BlockStore<double> _points;
    private readonly AlignedBuffer<double> _memory;
    private readonly Workspace<double> _workspace;
    private readonly KernelParameters<double> _parameters;
    private readonly IBlockStep<double> _step = BlockSteps.Nearest(MomentKind.Trace, LaneWidths.Widest);

    /// <summary>Makes room.</summary>
    /// <param name="points">The points.</param>
    /// <param name="centers">K.</param>
    public CenterDistances(BlockStore<double> points, int centers)
    {
        var length = points.Shape.BlockPoints;
        _points = points;
        _memory = new AlignedBuffer<double>(Workspace<double>.Length(length, points.Dimension, centers));
        _workspace = new Workspace<double>(_memory.Pointer, length, points.Dimension, centers);
        _parameters = new KernelParameters<double>(DensityForm.Spherical, centers, points.Dimension);
    }

    /// <summary>Takes centers [K x D].</summary>
    public void From(ReadOnlySpan<double> centers)
    {
        // Distances under unit spheres are distances to the centers.
        _parameters.Load(Survey.UnitSpheres(centers, _points.Dimension).Numbers);
    }

    /// <summary>Measures a block, and returns the number of its first point and how many it has.</summary>
    public (int First, int Count) Block(long number)
    {
        var block = _points.Load(number, _workspace.Room);
        _step.Distances(block, _parameters, _workspace.Scratch, _workspace.Joint);
        return ((int)(number * _points.Shape.BlockPoints), block.Count);
    }

    /// <summary>[Stride], the distances of the points of the last block from one center.</summary>
    public ReadOnlySpan<double> To(int center) => new(_workspace.Joint + (nint)center * _workspace.Stride, _workspace.Stride);

    public void Dispose()
    {
        _parameters.Dispose();
        _memory.Dispose();
    }
}
