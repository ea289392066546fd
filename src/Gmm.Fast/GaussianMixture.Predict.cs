using System.Buffers;
using System.Runtime.CompilerServices;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Data;
using Gmm.Fast.Em;
using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast;

// Scoring. Methods for one point take a span [D] and run on the caller's stack; methods for many points take rows [N x D] and work block by block.
// Both give the same bits for the same point, and neither allocates.
public sealed unsafe partial class GaussianMixture
{
    // Numbers that a single point may put on the stack: 16 kB.
    private const int StackNumbers = 2048;

    private IBlockStep? _wide;
    private IBlockStep? _single;

    private IBlockStep Wide => _wide ??= BlockSteps.Soft(CovarianceType, LaneWidths.Widest);

    private IBlockStep Single => _single ??= BlockSteps.Soft(CovarianceType, LaneWidth.Scalar);

    /// <summary>The component with the largest responsibility for a point, the first of equals.</summary>
    /// <param name="point">[D], finite.</param>
    public int Label(ReadOnlySpan<double> point)
    {
        var label = 0;
        Point(point, new LabelSink(Parameters.LogConstants, new Span<int>(ref label)));
        return label;
    }

    /// <summary>The component with the largest responsibility for each point, the first of equals.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="labels">[N], receives components from 0.</param>
    public void Labels(ReadOnlySpan2D<double> rows, Span<int> labels)
    {
        Check.Shape(nameof(labels), labels.Length, rows.Height, 1);
        Blocks(rows, new LabelSink(Parameters.LogConstants, labels));
    }

    /// <summary>ln p(x), the log-density of the mixture at a point (Bishop, PRML, equation 9.7).</summary>
    /// <param name="point">[D], finite.</param>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        double density = 0;
        Point(point, new LogDensitySink(new Span<double>(ref density)));
        return density;
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

    /// <summary>The probabilities of the components given a point (Bishop, PRML, equation 9.13); they sum to 1.</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="responsibilities">[K], receives the responsibilities.</param>
    public void Responsibilities(ReadOnlySpan<double> point, Span<double> responsibilities)
    {
        Check.Shape(nameof(responsibilities), responsibilities.Length, 1, ComponentCount);
        Point(point, new ResponsibilitySink(responsibilities, ComponentCount));
    }

    /// <summary>The responsibilities for each point.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="responsibilities">[N x K], receives one row of responsibilities per point.</param>
    public void Responsibilities(ReadOnlySpan2D<double> rows, Span<double> responsibilities)
    {
        Check.Shape(nameof(responsibilities), responsibilities.Length, rows.Height, ComponentCount);
        Blocks(rows, new ResponsibilitySink(responsibilities, ComponentCount));
    }

    /// <summary>ln N(x | mu_k, Sigma_k) of each component at a point, or with its weight ln (w_k N(x | mu_k, Sigma_k)).</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="logDensities">[K], receives the log-densities.</param>
    /// <param name="weighted">Whether to add ln w_k; minus infinity where the weight is 0.</param>
    public void ComponentLogDensities(ReadOnlySpan<double> point, Span<double> logDensities, bool weighted = false)
    {
        Check.Shape(nameof(logDensities), logDensities.Length, 1, ComponentCount);
        Point(point, new ComponentSink(weighted ? Parameters.LogConstants : Parameters.LogNormalizers, logDensities));
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

    /// <summary>The Mahalanobis distance, in standard deviations, of a point from each component (Bishop, PRML, equation 2.44).</summary>
    /// <param name="point">[D], finite.</param>
    /// <param name="distances">[K], receives the distances.</param>
    public void MahalanobisDistances(ReadOnlySpan<double> point, Span<double> distances)
    {
        Check.Shape(nameof(distances), distances.Length, 1, ComponentCount);
        Point(point, new DistanceSink(distances, ComponentCount));
    }

    /// <summary>The Mahalanobis distance of each point from each component.</summary>
    /// <param name="rows">[N x D], finite.</param>
    /// <param name="distances">[N x K], receives one row per point.</param>
    public void MahalanobisDistances(ReadOnlySpan2D<double> rows, Span<double> distances)
    {
        Check.Shape(nameof(distances), distances.Length, rows.Height, ComponentCount);
        Blocks(rows, new DistanceSink(distances, ComponentCount));
    }

    // One point in scalar lanes, so that no vector is filled with copies of it.
    [SkipLocalsInit]
    private void Point<TSink>(ReadOnlySpan<double> point, TSink sink)
        where TSink : struct, IScoreSink, allows ref struct
    {
        if (point.Length != Dimension) Throw.Argument(nameof(point), $"point has {point.Length} values; {Dimension} are required");
        Check.Finite(nameof(point), point);
        var padded = Single.PointMultiple;
        var length = (int)Workspace.Length(padded, Dimension, ComponentCount);
        if (length <= StackNumbers)
        {
            var memory = stackalloc double[length];
            Score(Single, point, 0, new Workspace(memory, padded, Dimension, ComponentCount), padded, ref sink);
            return;
        }
        var rented = ArrayPool<double>.Shared.Rent(length);
        try
        {
            fixed (double* memory = rented)
                Score(Single, point, 0, new Workspace(memory, padded, Dimension, ComponentCount), padded, ref sink);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private void Blocks<TSink>(ReadOnlySpan2D<double> rows, TSink sink)
        where TSink : struct, IScoreSink, allows ref struct
    {
        if (rows.Height == 0) return;
        if (rows.Width != Dimension) Throw.Argument(nameof(rows), $"rows has {rows.Width} columns; {Dimension} are required");
        var blockRows = Math.Min(BlockShape.For(rows.Height, Dimension, 1).BlockPoints, BlockShape.Pad(rows.Height));
        const int Alignment = 8;
        var rented = ArrayPool<double>.Shared.Rent(checked((int)Workspace.Length(blockRows, Dimension, ComponentCount) + Alignment));
        try
        {
            fixed (double* memory = rented)
            {
                // Pooled arrays start anywhere; a vector across two cache lines costs twice.
                var aligned = (double*)(((nuint)memory + Alignment * sizeof(double) - 1) & ~(nuint)(Alignment * sizeof(double) - 1));
                var workspace = new Workspace(aligned, blockRows, Dimension, ComponentCount);
                for (var first = 0; first < rows.Height; first += blockRows)
                {
                    var block = rows.Slice(first, 0, Math.Min(blockRows, rows.Height - first), Dimension);
                    if (!block.TryGetSpan(out var points))
                    {
                        block.CopyTo(workspace.RowScratch);
                        points = workspace.RowScratch[..(block.Height * Dimension)];
                    }
                    Check.FiniteRows(nameof(rows), points, Dimension, first);
                    Score(Wide, points, first, workspace, BlockShape.RowMultiple, ref sink);
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    private void Score<TSink>(IBlockStep step, ReadOnlySpan<double> points, int first, in Workspace workspace, int pointMultiple, ref TSink sink)
        where TSink : struct, IScoreSink, allows ref struct
    {
        var block = workspace.Pack(points, pointMultiple);
        step.Distances(block, Parameters, workspace.Scratch, workspace.Joint);
        if (TSink.NeedsAssignment) step.Assign(block, Parameters, workspace.Joint, workspace.LogDensities);
        sink.Take(first, block.Count, workspace.Joint, workspace.Points, workspace.LogDensities);
    }

    // Beyond the range of a double, infinity minus infinity on the way is still infinitely far.
    private static double Distance(double squared) => squared < double.PositiveInfinity ? squared : double.PositiveInfinity;

    // The E-step keeps the log-density of a point out of reach of all components at the smallest double; for a caller it is minus infinity.
    private static Span<double> OutOfReach(double* logDensities, int count)
    {
        var values = new Span<double>(logDensities, count);
        foreach (ref var value in values)
        {
            if (value == double.MinValue) value = double.NegativeInfinity;
        }
        return values;
    }

    /// <summary>Takes what was asked for out of a scored block.</summary>
    private interface IScoreSink
    {
        /// <summary>Whether responsibilities and log-densities are needed, or distances only.</summary>
        static abstract bool NeedsAssignment { get; }

        /// <summary>Points first .. first + count - 1: joint [K x stride] holds responsibilities, or squared distances.</summary>
        void Take(int first, int count, double* joint, int stride, double* logDensities);
    }

    private readonly ref struct LabelSink(double[] constants, Span<int> labels) : IScoreSink
    {
        private readonly Span<int> _labels = labels;

        public static bool NeedsAssignment => false;

        public void Take(int first, int count, double* joint, int stride, double* logDensities)
        {
            for (var i = 0; i < count; i++)
            {
                var (label, largest) = (0, double.NegativeInfinity);
                for (var k = 0; k < constants.Length; k++)
                {
                    var log = Math.FusedMultiplyAdd(Distance(joint[(nint)k * stride + i]), -0.5, constants[k]);
                    if (log > largest) (label, largest) = (k, log);
                }
                _labels[first + i] = label;
            }
        }
    }

    private readonly ref struct LogDensitySink(Span<double> destination) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static bool NeedsAssignment => true;

        public void Take(int first, int count, double* joint, int stride, double* logDensities) =>
            OutOfReach(logDensities, count).CopyTo(_destination[first..]);
    }

    private readonly ref struct TotalSink(ref double total) : IScoreSink
    {
        private readonly ref double _total = ref total;

        public static bool NeedsAssignment => true;

        public void Take(int first, int count, double* joint, int stride, double* logDensities)
        {
            // Blocks apart, then their sums: the error grows with the number of blocks, not of points.
            double sum = 0;
            foreach (var logDensity in OutOfReach(logDensities, count)) sum += logDensity;
            _total += sum;
        }
    }

    private readonly ref struct ResponsibilitySink(Span<double> destination, int components) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static bool NeedsAssignment => true;

        public void Take(int first, int count, double* joint, int stride, double* logDensities)
        {
            var target = _destination.Slice(first * components, count * components);
            for (var k = 0; k < components; k++)
            {
                for (var i = 0; i < count; i++) target[i * components + k] = joint[(nint)k * stride + i];
            }
        }
    }

    private readonly ref struct ComponentSink(double[] constants, Span<double> destination) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static bool NeedsAssignment => false;

        public void Take(int first, int count, double* joint, int stride, double* logDensities)
        {
            var target = _destination.Slice(first * constants.Length, count * constants.Length);
            for (var k = 0; k < constants.Length; k++)
            {
                for (var i = 0; i < count; i++)
                    target[i * constants.Length + k] = Math.FusedMultiplyAdd(Distance(joint[(nint)k * stride + i]), -0.5, constants[k]);
            }
        }
    }

    private readonly ref struct DistanceSink(Span<double> destination, int components) : IScoreSink
    {
        private readonly Span<double> _destination = destination;

        public static bool NeedsAssignment => false;

        public void Take(int first, int count, double* joint, int stride, double* logDensities)
        {
            var target = _destination.Slice(first * components, count * components);
            for (var k = 0; k < components; k++)
            {
                for (var i = 0; i < count; i++) target[i * components + k] = Math.Sqrt(Distance(joint[(nint)k * stride + i]));
            }
        }
    }
}
