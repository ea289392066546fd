using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Families;

namespace Gmm.Fast.Em;

/// <summary>Decides, from the size of a problem, whether its passes may go by tiles.</summary>
internal static class Tiles
{
    // Fewer components leave out too little, and smaller problems are done before their points are in order.
    private const int FewestComponents = 4;
    private const double LeastWork = 1 << 22;

    // Of few points for their dimensions, bounds of large matrices cost as much as the pass.
    private const int PointsPerDimension = 16;

    // Margins and leaders beside few points, and beside points that are not in memory.
    private const double MostBytes = 64 << 20;

    // What stays packed by default; that a user sets another budget changes no bit.
    private const double MostBytesPacked = 48L << 20;

    // Sums of a point beside which its random read takes a tenth of the time.
    private const double LeastWorkOfPoint = 1 << 14;

    // To put points in order costs as much as some passes, and the more of them the less work a pass has. Fits that end before keep the order of their
    // points.
    private const double LittleWorkOfPoint = 1200;
    private const int LateOrder = 4;
    private const int LatestOrder = 16;

    // Operations on a dimension without products, as many as a pass does with a scale.
    private const double OperationsPerScale = 4;

    // Leaders of each point, how many components share it, its place, and what sorting needs.
    private const double BytesOfOrder = 5 * sizeof(int) + 1;

    /// <summary>Tells whether tiles may pay: they leave out much in a large problem, in memory that the points need too.</summary>
    /// <param name="family">The kind of covariances.</param>
    /// <param name="points">N.</param>
    /// <param name="dimension">D.</param>
    /// <param name="components">K.</param>
    /// <param name="elementSize">Bytes of a number of the points.</param>
    /// <param name="areInMemory">Whether the points are.</param>
    public static bool Pay(Family family, long points, int dimension, int components, int elementSize, bool areInMemory) =>
        family.Form.IsSeparable && components >= FewestComponents && (double)points * components * dimension >= LeastWork
        && (family.Form.DriftScratch(dimension) == 0 || points >= (long)PointsPerDimension * dimension)
        && Bytes(points, components, elementSize) <= MostBytes + (areInMemory ? (double)points * dimension * elementSize : 0);

    /// <summary>Estimates the bytes of margins and of an order of the points.</summary>
    public static double Bytes(long points, int components, int elementSize) => points * BytesOfOrder
        + (elementSize == sizeof(float) ? TileBounds<float>.Bytes(points, components) : TileBounds<double>.Bytes(points, components));

    /// <summary>
    /// Tells whether points may lie in another order than they are given: those of one process, whose numbers an array holds. They are read one by
    /// one, few once, since they stay packed, and many in every pass, which pays only beside much work on each.
    /// </summary>
    /// <param name="source">The points.</param>
    /// <param name="family">The kind of covariances.</param>
    /// <param name="components">K.</param>
    /// <param name="isAlone">Whether no other process has points.</param>
    public static unsafe bool MayOrder<T>(PointSource<T> source, Family family, int components, bool isAlone)
        where T : unmanaged =>
        isAlone && source.HasRandomAccess && source.PointCount <= Array.MaxLength
        && ((double)source.PointCount * source.Dimension * sizeof(T) <= MostBytesPacked || Sums(family, source.Dimension, components) >= LeastWorkOfPoint);

    /// <summary>Gives the reach of shares, in bits, for a smallest share.</summary>
    public static double Reach(double cutoff) => -Math.Log2(cutoff);

    /// <summary>Makes the passes of a fit.</summary>
    /// <param name="family">The kind of covariances.</param>
    /// <param name="width">The width of vectors.</param>
    /// <param name="sweep">Runs the passes.</param>
    /// <param name="store">The points in their own order.</param>
    /// <param name="source">The points, if single ones are read at little cost; otherwise null, and they keep their order.</param>
    /// <param name="components">K.</param>
    /// <param name="budget">The most bytes of packed points in another order.</param>
    /// <param name="bounds">Tells which components to leave out; null to leave out none.</param>
    public static TilePasses<T> Passes<T>(
        Family family, Simd.LaneWidth width, Sweep<T> sweep, BlockStore<T> store, PointSource<T>? source, int components, long budget, TileBounds<T>? bounds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(
            BlockSteps.Tiles(family, width, bounds), sweep, store, source, components,
            FirstOrder(family, store.Dimension, components), reordered => new BlockStore<T>(reordered, store.Shape, budget, reordered.HasWeights));

    private static int FirstOrder(Family family, int dimension, int components) =>
        Sums(family, dimension, components) >= LeastWorkOfPoint ? 1
        : components * Math.Max((double)family.Moments.Length(dimension), OperationsPerScale * dimension) >= LittleWorkOfPoint ? LateOrder : LatestOrder;

    private static double Sums(Family family, int dimension, int components) => (double)components * family.Moments.Length(dimension);
}
