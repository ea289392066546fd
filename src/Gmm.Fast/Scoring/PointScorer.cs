using System.Buffers;
using System.Runtime.CompilerServices;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Scores single points, from a copy of a mixture's parameters that has components across lanes. Every result has the bits that the point would have
/// in a block of many. Immutable, for any number of threads at once; scoring allocates nothing.
/// Whether a point is finite is asked only where a distance is not: an x_j that is infinite or NaN leaves no distance finite, so the check is free.
/// </summary>
internal abstract unsafe partial class PointScorer(MixtureParameters parameters, int padded, int room)
{
    /// <summary>Numbers of scratch behind those of the components, in front of the room that a prepared point takes.</summary>
    protected const int Extra = LaneSum.Partials;

    // In numbers, a cache line: a vector across two of them costs twice.
    private const int Alignment = LaneSum.Partials;

    // 2 kB: up to 240 components on the stack, more in memory from the pool.
    private const int StackNumbers = 240 + Extra + Alignment;

    private readonly int _dimension = parameters.Dimension;
    private readonly int _scratchLength = padded + Extra + room + Alignment;

    protected MixtureParameters Parameters { get; } = parameters;

    /// <summary>In the narrowest lanes that hold all components, at most the widest: few components then cost no padding.</summary>
    /// <param name="parameters">Of the mixture.</param>
    /// <param name="exact">Whether distances are wanted with all their digits, see <see cref="Score.Distances"/>.</param>
    public static PointScorer Create(MixtureParameters parameters, bool exact = false)
    {
        var width = LaneWidth.Scalar;
        while (width < LaneWidths.Widest && LaneWidths.Select<LaneCounter, int>(width, default) < parameters.Components) width++;
        return Create(parameters, width, exact);
    }

    public static PointScorer Create(MixtureParameters parameters, LaneWidth width, bool exact = false) => parameters.Covariance.Type switch
    {
        CovarianceType.Tied when parameters.Whitens && !exact => Of<TiedPoint>(parameters, width),
        CovarianceType.Full or CovarianceType.Tied => Of<TriangularPoint>(parameters, width),
        CovarianceType.Diagonal => Of<DiagonalPoint>(parameters, width),
        _ => Of<SphericalPoint>(parameters, width),
    };

    public int Label(ReadOnlySpan<double> point) => Ask<LabelAnswer, int>(point, default);

    public double LogDensity(ReadOnlySpan<double> point) => Ask<LogDensityAnswer, double>(point, default);

    /// <param name="point">[D].</param>
    /// <param name="responsibilities">[K].</param>
    public void Responsibilities(ReadOnlySpan<double> point, Span<double> responsibilities) =>
        Ask<ResponsibilityAnswer, int>(point, new ResponsibilityAnswer(responsibilities));

    /// <param name="point">[D].</param>
    /// <param name="constants">[K], added to -q / 2.</param>
    /// <param name="logDensities">[K].</param>
    public void ComponentLogDensities(ReadOnlySpan<double> point, double[] constants, Span<double> logDensities) =>
        Ask<ComponentAnswer, int>(point, new ComponentAnswer(constants, logDensities));

    /// <param name="point">[D].</param>
    /// <param name="distances">[K].</param>
    public void MahalanobisDistances(ReadOnlySpan<double> point, Span<double> distances) =>
        Ask<DistanceAnswer, int>(point, new DistanceAnswer(distances));

    /// <summary>Squared Mahalanobis distances q [padded] of a point [D].</summary>
    protected abstract void Distances(double* point, double* q);

    /// <summary>
    /// exp(l_k - largest) [padded + Extra] with l_k the log of weight times density, cut off as in <see cref="SoftAssignment"/>; their sum over k.
    /// The largest is the smallest double where the point is out of reach of all components.
    /// </summary>
    protected abstract double Exponentials(double* point, double* e, out double largest);

    /// <summary>The first cache line from <paramref name="memory"/> on, fewer than 8 numbers away.</summary>
    protected static double* Align(double* memory)
    {
        const nuint Mask = Alignment * sizeof(double) - 1;
        return (double*)(((nuint)memory + Mask) & ~Mask);
    }

    [SkipLocalsInit]
    private TResult Ask<TAnswer, TResult>(ReadOnlySpan<double> point, TAnswer answer)
        where TAnswer : struct, IAnswer<TResult>, allows ref struct
    {
        if (point.Length != _dimension) RefuseLength(point.Length);
        double[]? rented = null;
        var scratch = _scratchLength <= StackNumbers ? stackalloc double[StackNumbers] : rented = ArrayPool<double>.Shared.Rent(_scratchLength);
        TResult result;
        fixed (double* x = point, memory = scratch) result = answer.From(this, point, x, Align(memory));
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        return result;
    }

    // Out of line: the text is long and the way to the answer short.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseLength(int length) => Throw.Argument("point", $"point has {length} values; {_dimension} are required");

    private static PointScorer Of<TKernel>(MixtureParameters parameters, LaneWidth width)
        where TKernel : struct, IPointKernel =>
        LaneWidths.Select<Maker<TKernel>, PointScorer>(width, new Maker<TKernel>(parameters));

    private readonly struct LaneCounter : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => TLanes.Count;
    }

    private readonly struct Maker<TKernel>(MixtureParameters parameters) : ILaneUser<double, PointScorer>
        where TKernel : struct, IPointKernel
    {
        public PointScorer With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct =>
            new PointScorer<TLanes, TVector, TKernel>(parameters);
    }
}
