using System.Numerics.Tensors;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>Scores blocks of points under one mixture: the E-step alone. Immutable, and safe for use by any number of threads at once.</summary>
internal sealed unsafe class BlockScorer
{
    private readonly Factored _mixture;
    private readonly IBlockStep<double> _step;
    private readonly IBlockStep<double> _exactStep;
    private readonly KernelParameters<double> _parameters;

    public BlockScorer(Factored mixture)
    {
        _mixture = mixture;
        var (form, moments) = (mixture.Family.Form, mixture.Family.Moments);
        _step = BlockSteps.Soft<double>(form, moments, LaneWidths.Widest);

        // A form that trades digits suits densities, but its small distances carry the rounding of large ones.
        _exactStep = form.Exact == form ? _step : BlockSteps.Soft<double>(form.Exact, moments, LaneWidths.Widest);
        _parameters = new KernelParameters<double>(form, mixture.Components, mixture.Dimension);
        _parameters.Load(mixture.Numbers);
    }

    /// <summary>The mixture.</summary>
    public Factored Mixture => _mixture;

    /// <summary>K.</summary>
    public int Components => _mixture.Components;

    /// <summary>D.</summary>
    public int Dimension => _mixture.Dimension;

    /// <summary>Counts the numbers of memory for blocks of a number of points: a workspace, and room for distances beside the shares.</summary>
    public long MemoryLength(int points) =>
        Workspace<double>.Length(points, Dimension, Components) + (long)BlockShape.StrideOf<double>(points) * Components;

    /// <summary>
    /// Scores the points of one block. A number that is not finite leaves no distance of its point finite, so the check reads one distance per point.
    /// </summary>
    /// <param name="rows">[count x D].</param>
    /// <param name="weights">[count], above 0, or empty; only totals are weighted.</param>
    /// <param name="memory">[<see cref="MemoryLength"/>].</param>
    /// <param name="points">Points per block of that memory.</param>
    /// <param name="targets">Receive the scores of these points.</param>
    /// <param name="total">[1], receives the sum of log-densities; null for none.</param>
    /// <param name="firstRow">The number of the first point, for messages.</param>
    public void Score(
        ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, double* memory, int points, in ScoreTargets targets, double* total, long firstRow)
    {
        var workspace = new Workspace<double>(memory, points, Dimension, Components);
        var spare = memory + Workspace<double>.Length(points, Dimension, Components);
        var block = workspace.Pack(rows);
        var wantsShares = targets.LogDensities is not null || targets.Responsibilities is not null || total is not null;
        var wantsDensities = wantsShares || targets.Labels is not null || targets.ComponentLogDensities is not null;
        if (wantsDensities)
        {
            _step.Distances(block, _parameters, workspace.Scratch, workspace.Joint);
            Check(rows, workspace.Joint, block, firstRow);
        }
        if (targets.Distances is not null) Distances(block, workspace, spare, targets.Distances, wantsDensities, rows, firstRow);
        if (targets.Labels is not null)
        {
            // The labels take the memory of the log-densities, which are written later.
            ScoredColumns.Labels(workspace.Joint, workspace.Stride, _mixture.LogConstants, block.Padded, workspace.LogDensities);
            TensorPrimitives.ConvertTruncating(
                new ReadOnlySpan<double>(workspace.LogDensities, block.Count), new Span<int>(targets.Labels, block.Count));
        }
        if (targets.ComponentLogDensities is not null)
        {
            var constants = targets.IsWeighted ? _mixture.LogConstants : _mixture.LogNormalizers;
            var columns = wantsShares ? Copy(workspace.Joint, spare, workspace.Stride) : workspace.Joint;
            ScoredColumns.LogDensities(columns, workspace.Stride, constants, block.Padded);
            Transpose.Copy(columns, workspace.Stride, Components, block.Count, targets.ComponentLogDensities, Components);
        }
        if (!wantsShares) return;

        _step.Assign(block, _parameters, workspace.Joint, workspace.Scales, workspace.LogDensities);
        MarkOutOfReach(workspace.LogDensities, block.Count);
        if (targets.LogDensities is not null)
            new ReadOnlySpan<double>(workspace.LogDensities, block.Count).CopyTo(new Span<double>(targets.LogDensities, block.Count));
        if (targets.Responsibilities is not null)
            Transpose.Scaled(workspace.Joint, workspace.Stride, Components, block.Count, workspace.Scales, targets.Responsibilities, Components);
        if (total is not null)
        {
            var values = new Span<double>(workspace.LogDensities, block.Count);
            if (!weights.IsEmpty) TensorPrimitives.Multiply(values, weights, values);
            *total = LaneSum.Of(workspace.LogDensities, block.Count, block.Padded);
        }

        // The kernels hold addresses only, so without this the collector could free the parameters during the pass.
        GC.KeepAlive(this);
    }

    private void Distances(
        in PointBlock<double> block, in Workspace<double> workspace, double* spare, double* target, bool isNeeded, ReadOnlySpan<double> rows,
        long firstRow)
    {
        var columns = isNeeded ? spare : workspace.Joint;
        if (isNeeded && _exactStep == _step)
        {
            Copy(workspace.Joint, spare, workspace.Stride);
        }
        else
        {
            _exactStep.Distances(block, _parameters, workspace.Scratch, columns);
            Check(rows, columns, block, firstRow);
        }
        ScoredColumns.Roots(columns, workspace.Stride, Components, block.Padded);
        Transpose.Copy(columns, workspace.Stride, Components, block.Count, target, Components);
    }

    private double* Copy(double* joint, double* spare, int stride)
    {
        new ReadOnlySpan<double>(joint, stride * Components).CopyTo(new Span<double>(spare, stride * Components));
        return spare;
    }

    private void Check(ReadOnlySpan<double> rows, double* joint, in PointBlock<double> block, long firstRow)
    {
        if (!TensorPrimitives.IsFiniteAll(new ReadOnlySpan<double>(joint, block.Count)))
            Internals.Check.FiniteRows("rows", rows, Dimension, firstRow);
    }

    // Replaces the smallest double, which the E-step gives a point out of reach of all components, by minus infinity.
    private static void MarkOutOfReach(double* logDensities, int count)
    {
        var values = new Span<double>(logDensities, count);
        if (!(TensorPrimitives.Min<double>(values) > double.MinValue)) values.Replace(double.MinValue, double.NegativeInfinity);
    }
}
