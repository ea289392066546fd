using System.Buffers;
using System.Numerics.Tensors;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Scoring;
using Gmm.Fast.Simd;

namespace Gmm.Fast;

// Scoring many points: rows [N x D], block by block. The bits are those of the same points one by one, and nothing is allocated.
public sealed unsafe partial class GaussianMixture
{
    private BlockScorer? _blockScorer;

    // Two threads that begin together may each make one; either will do.
    private BlockScorer ForBlocks =>
        Volatile.Read(ref _blockScorer) ?? Interlocked.CompareExchange(ref _blockScorer, new BlockScorer(Parameters), null) ?? _blockScorer;

    /// <summary>The component with the largest responsibility for each point, the first of equals.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="labels">[N], receives components from 0.</param>
    public void Labels(ReadOnlySpan2D<double> rows, Span<int> labels)
    {
        Check.Shape(nameof(labels), labels.Length, rows.Height, 1);
        Blocks(rows, new LabelSink(Parameters.LogConstants, labels));
    }

    /// <summary>ln p(x) of each point.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="logDensities">[N], receives the log-densities.</param>
    public void LogDensities(ReadOnlySpan2D<double> rows, Span<double> logDensities)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, rows.Height, 1);
        Blocks(rows, new LogDensitySink(logDensities));
    }

    /// <summary>The sum of ln p(x) over all points, in an order that depends on N alone.</summary>
    /// <param name="rows">[N x D], finite.</param>
    public double TotalLogLikelihood(ReadOnlySpan2D<double> rows)
    {
        double total = 0;
        Blocks(rows, new TotalSink(ref total));
        return total;
    }

    /// <summary>The responsibilities for each point.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="responsibilities">[N x K], receives one row of responsibilities per point.</param>
    public void Responsibilities(ReadOnlySpan2D<double> rows, Span<double> responsibilities)
    {
        Check.Shape(nameof(responsibilities), responsibilities.Length, rows.Height, ComponentCount);
        Blocks(rows, new ResponsibilitySink(responsibilities, ComponentCount));
    }

    /// <summary>ln N(x | mu_k, Sigma_k), or ln (w_k N(x | mu_k, Sigma_k)), of each component at each point.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="logDensities">[N x K], receives one row per point.</param>
    /// <param name="weighted">Whether to add ln w_k; minus infinity where the weight is 0.</param>
    public void ComponentLogDensities(ReadOnlySpan2D<double> rows, Span<double> logDensities, bool weighted = false)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, rows.Height, ComponentCount);
        Blocks(rows, new ComponentSink(weighted ? Parameters.LogConstants : Parameters.LogNormalizers, logDensities));
    }

    /// <summary>The Mahalanobis distance of each point from each component.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="distances">[N x K], receives one row per point.</param>
    public void MahalanobisDistances(ReadOnlySpan2D<double> rows, Span<double> distances)
    {
        Check.Shape(nameof(distances), distances.Length, rows.Height, ComponentCount);
        Blocks(rows, new DistanceSink(distances, ComponentCount));
    }

    private void Blocks<TSink>(ReadOnlySpan2D<double> rows, TSink sink)
        where TSink : struct, IScoreSink, allows ref struct
    {
        if (rows.Height == 0) return;
        if (rows.Width != Dimension) Throw.Argument(nameof(rows), $"rows has {rows.Width} columns; {Dimension} are required");
        var blockRows = Math.Min(BlockShape.For<double>(rows.Height, Dimension).BlockPoints, BlockShape.Pad<double>(rows.Height));
        const int Alignment = 8;
        var rented = ArrayPool<double>.Shared.Rent(checked((int)Workspace<double>.Length(blockRows, Dimension, ComponentCount) + Alignment));
        try
        {
            fixed (double* memory = rented)
            {
                // Pooled arrays start anywhere; a vector across two cache lines costs twice.
                var aligned = (double*)(((nuint)memory + Alignment * sizeof(double) - 1) & ~(nuint)(Alignment * sizeof(double) - 1));
                var workspace = new Workspace<double>(aligned, blockRows, Dimension, ComponentCount);
                for (var first = 0; first < rows.Height; first += blockRows)
                {
                    var block = rows.Slice(first, 0, Math.Min(blockRows, rows.Height - first), Dimension);
                    if (!block.TryGetSpan(out var points))
                    {
                        block.CopyTo(workspace.RowScratch);
                        points = workspace.RowScratch[..(block.Height * Dimension)];
                    }
                    ForBlocks.Run(points, workspace, TSink.Score);

                    // A number that is not finite leaves no distance of its point finite, and the point out of reach: one look at each point, not at each number.
                    var isSuspect = TSink.Score == Score.Shares
                        ? MarkOutOfReach(workspace.LogDensities, block.Height)
                        : !TensorPrimitives.IsFiniteAll(new ReadOnlySpan<double>(workspace.Joint, block.Height));
                    if (isSuspect) Check.FiniteRows(nameof(rows), points, Dimension, first);
                    sink.Take(first, block.Height, workspace.Joint, workspace.Stride, workspace.Scales, workspace.LogDensities);
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    // The E-step keeps the log-density of a point out of reach of all components at the smallest double; for a caller it is minus infinity. Whether
    // there is one.
    private static bool MarkOutOfReach(double* logDensities, int count)
    {
        var values = new Span<double>(logDensities, count);
        if (TensorPrimitives.Min<double>(values) > double.MinValue) return false;
        values.Replace(double.MinValue, double.NegativeInfinity);
        return true;
    }

    /// <summary>Takes what was asked for out of a scored block.</summary>
    private interface IScoreSink
    {
        /// <summary>What is needed of the points.</summary>
        static abstract Score Score { get; }

        /// <summary>Points first .. first + count - 1: joint [K x stride] holds shares, or squared distances.</summary>
        void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities);
    }

    private readonly ref struct LabelSink(double[] constants, Span<int> labels) : IScoreSink
    {
        private readonly Span<int> _labels = labels;

        public static Score Score => Score.Densities;

        public void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities)
        {
            // No log-density was asked for: there is room.
            ScoredColumns.Labels(joint, stride, constants, BlockShape.Pad<double>(count), labels: logDensities);
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<double>(logDensities, count), _labels[first..]);
        }
    }

    private readonly ref struct LogDensitySink(Span<double> destination) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static Score Score => Score.Shares;

        public void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities) =>
            new ReadOnlySpan<double>(logDensities, count).CopyTo(_destination[first..]);
    }

    private readonly ref struct TotalSink(ref double total) : IScoreSink
    {
        private readonly ref double _total = ref total;

        public static Score Score => Score.Shares;

        public void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities) =>
            // Blocks apart, then their sums: the error grows with the number of blocks, not of points.
            _total += LaneSum.Of(logDensities, count, BlockShape.Pad<double>(count));
    }

    private readonly ref struct ResponsibilitySink(Span<double> destination, int components) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static Score Score => Score.Shares;

        public void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities)
        {
            var target = _destination.Slice(first * components, count * components);
            fixed (double* rows = target) Transpose.Scaled(joint, stride, components, count, scales, rows, components);
        }
    }

    private readonly ref struct ComponentSink(double[] constants, Span<double> destination) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static Score Score => Score.Densities;

        public void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities)
        {
            var target = _destination.Slice(first * constants.Length, count * constants.Length);
            ScoredColumns.LogDensities(joint, stride, constants, BlockShape.Pad<double>(count));
            fixed (double* rows = target) Transpose.Copy(joint, stride, constants.Length, count, rows, constants.Length);
        }
    }

    private readonly ref struct DistanceSink(Span<double> destination, int components) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static Score Score => Score.Distances;

        public void Take(int first, int count, double* joint, int stride, double* scales, double* logDensities)
        {
            var target = _destination.Slice(first * components, count * components);
            ScoredColumns.Roots(joint, stride, components, BlockShape.Pad<double>(count));
            fixed (double* rows = target) Transpose.Copy(joint, stride, components, count, rows, components);
        }
    }
}
