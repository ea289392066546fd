using Gmm.Fast.Internals;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

// Makes scores of the distances or exponentials of a point.
internal abstract unsafe partial class PointScorer
{
    // Gives a squared distance, infinity instead of the NaN of infinity minus infinity.
    private static double Distance(double squared) => squared < double.PositiveInfinity ? squared : double.PositiveInfinity;

    /// <summary>Computes one kind of score.</summary>
    private interface IAnswer<out TResult>
    {
        /// <summary>Computes the score. Reads the point before it writes for the caller, because the memory may be the same.</summary>
        /// <param name="scorer">The mixture.</param>
        /// <param name="point">[D].</param>
        /// <param name="x">[D], the same memory, pinned.</param>
        /// <param name="scratch">[padded + Extra + room].</param>
        TResult From(PointScorer scorer, ReadOnlySpan<double> point, double* x, double* scratch);
    }

    private readonly struct LogDensityAnswer : IAnswer<double>
    {
        public double From(PointScorer scorer, ReadOnlySpan<double> point, double* x, double* scratch)
        {
            var sum = scorer.Exponentials(x, scratch, out var largest);
            if (largest > double.MinValue) return largest + DoubleLanesScalar.Log(sum);
            Check.Finite(nameof(point), point);
            return double.NegativeInfinity;
        }
    }

    private readonly ref struct ResponsibilityAnswer(Span<double> target) : IAnswer<int>
    {
        private readonly Span<double> _target = target;

        public int From(PointScorer scorer, ReadOnlySpan<double> point, double* x, double* scratch)
        {
            var sum = scorer.Exponentials(x, scratch, out var largest);
            if (!(largest > double.MinValue)) Check.Finite(nameof(point), point);
            var scale = 1 / sum;
            for (var k = 0; k < _target.Length; k++) _target[k] = scratch[k] * scale;
            return 0;
        }
    }

    private readonly struct LabelAnswer : IAnswer<int>
    {
        public int From(PointScorer scorer, ReadOnlySpan<double> point, double* x, double* scratch)
        {
            scorer.Distances(x, scratch);
            var constants = scorer.LogConstants;
            var (label, largest) = (0, double.NegativeInfinity);
            for (var k = 0; k < constants.Length; k++)
            {
                var log = Math.FusedMultiplyAdd(Distance(scratch[k]), -0.5, constants[k]);
                if (log > largest) (label, largest) = (k, log);
            }
            if (double.IsNegativeInfinity(largest)) Check.Finite(nameof(point), point);
            return label;
        }
    }

    private readonly ref struct ComponentAnswer(double[] constants, Span<double> target) : IAnswer<int>
    {
        private readonly Span<double> _target = target;

        public int From(PointScorer scorer, ReadOnlySpan<double> point, double* x, double* scratch)
        {
            scorer.Distances(x, scratch);
            if (!double.IsFinite(scratch[0])) Check.Finite(nameof(point), point);
            for (var k = 0; k < _target.Length; k++) _target[k] = Math.FusedMultiplyAdd(Distance(scratch[k]), -0.5, constants[k]);
            return 0;
        }
    }

    private readonly ref struct DistanceAnswer(Span<double> target) : IAnswer<int>
    {
        private readonly Span<double> _target = target;

        public int From(PointScorer scorer, ReadOnlySpan<double> point, double* x, double* scratch)
        {
            scorer.Distances(x, scratch);
            if (!double.IsFinite(scratch[0])) Check.Finite(nameof(point), point);
            for (var k = 0; k < _target.Length; k++) _target[k] = Math.Sqrt(Distance(scratch[k]));
            return 0;
        }
    }
}
