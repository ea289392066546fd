using System.Buffers;
using System.Runtime.CompilerServices;
using Gmm.Fast.Internals;
using Gmm.Fast.Kernels;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;

namespace Gmm.Fast.Scoring;

/// <summary>
/// Scores single points, from a copy of a mixture's parameters that has components across lanes. Every result has the bits of the point in a block of
/// many. Immutable, and safe for use by any number of threads at once; scoring allocates nothing.
/// A point is checked only if a distance is not finite: an x_j that is infinite or NaN leaves no distance finite.
/// </summary>
internal abstract unsafe partial class PointScorer(Factored mixture, int padded, int room)
{
    /// <summary>The numbers of scratch between those of the components and the room of a prepared point.</summary>
    protected const int Extra = LaneSum.Partials;

    // Numbers of a cache line; a vector across two lines costs two reads.
    private const int Alignment = LaneSum.Partials;

    // Up to 240 components have their scratch on the stack, more have it from the pool.
    private const int StackNumbers = 240 + Extra + Alignment;

    private readonly int _dimension = mixture.Dimension;
    private readonly int _scratchLength = padded + Extra + room + Alignment;

    protected double[] LogConstants { get; } = mixture.LogConstants;

    /// <summary>Makes a scorer in the narrowest lanes that hold all components, so that few components have little padding.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="exact">Whether small distances keep all their digits.</param>
    public static PointScorer Create(Factored mixture, bool exact = false)
    {
        var width = LaneWidth.Scalar;
        while (width < LaneWidths.Widest && LaneWidths.Select<LaneCounter, int>(width, default) < mixture.Components) width++;
        return Create(mixture, width, exact);
    }

    /// <summary>Makes a scorer in lanes of one width.</summary>
    public static PointScorer Create(Factored mixture, LaneWidth width, bool exact = false) =>
        mixture.Family.Form.SelectPoint<KernelUser, PointScorer>(mixture.Numbers, exact, new KernelUser(mixture, width));

    /// <summary>Gives the component with the largest responsibility for a point [D], the first of equals.</summary>
    public int Label(ReadOnlySpan<double> point) => Ask<LabelAnswer, int>(point, default);

    /// <summary>Gives ln p(x) of a point [D].</summary>
    public double LogDensity(ReadOnlySpan<double> point) => Ask<LogDensityAnswer, double>(point, default);

    /// <summary>Writes the responsibilities of a point.</summary>
    /// <param name="point">[D].</param>
    /// <param name="responsibilities">[K].</param>
    public void Responsibilities(ReadOnlySpan<double> point, Span<double> responsibilities) =>
        Ask<ResponsibilityAnswer, int>(point, new ResponsibilityAnswer(responsibilities));

    /// <summary>Writes the log-densities of the components at a point.</summary>
    /// <param name="point">[D].</param>
    /// <param name="constants">[K], added to -q / 2.</param>
    /// <param name="logDensities">[K].</param>
    public void ComponentLogDensities(ReadOnlySpan<double> point, double[] constants, Span<double> logDensities) =>
        Ask<ComponentAnswer, int>(point, new ComponentAnswer(constants, logDensities));

    /// <summary>Writes the Mahalanobis distances of a point.</summary>
    /// <param name="point">[D].</param>
    /// <param name="distances">[K].</param>
    public void MahalanobisDistances(ReadOnlySpan<double> point, Span<double> distances) =>
        Ask<DistanceAnswer, int>(point, new DistanceAnswer(distances));

    /// <summary>Writes squared Mahalanobis distances.</summary>
    /// <param name="point">[D].</param>
    /// <param name="q">[padded + Extra + room], receives the distances in its first numbers.</param>
    protected abstract void Distances(double* point, double* q);

    /// <summary>
    /// Writes exp(l_k - largest), with l_k the log of weight times density, cut off as in <see cref="SoftAssignment{TLanes, TVector, T}"/>, and
    /// returns their sum over k.
    /// </summary>
    /// <param name="point">[D].</param>
    /// <param name="e">[padded + Extra + room], receives the exponentials in its first numbers.</param>
    /// <param name="largest">The largest l_k; the smallest double for a point out of reach of all components.</param>
    protected abstract double Exponentials(double* point, double* e, out double largest);

    /// <summary>Gives the first cache line from <paramref name="memory"/> on, fewer than 8 numbers away.</summary>
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

    // Not inlined, because its text makes the caller longer.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RefuseLength(int length) => Throw.Argument("point", $"point has {length} values; {_dimension} are required");

    private readonly struct LaneCounter : ILaneUser<double, int>
    {
        public int With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct => TLanes.Count;
    }

    private readonly struct KernelUser(Factored mixture, LaneWidth width) : IPointKernelUser<PointScorer>
    {
        public PointScorer With<TKernel>()
            where TKernel : struct, IPointKernel => LaneWidths.Select<Maker<TKernel>, PointScorer>(width, new Maker<TKernel>(mixture));
    }

    private readonly struct Maker<TKernel>(Factored mixture) : ILaneUser<double, PointScorer>
        where TKernel : struct, IPointKernel
    {
        public PointScorer With<TLanes, TVector>()
            where TLanes : struct, ILanes<TVector, double>
            where TVector : struct =>
            new PointScorer<TLanes, TVector, TKernel>(mixture);
    }
}
