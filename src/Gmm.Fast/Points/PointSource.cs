namespace Gmm.Fast;

/// <summary>
/// Reads a data set of N points with D dimensions block by block, several times and from several threads at once. Derive from it to fit data that
/// do not lie in memory as one array.
/// </summary>
/// <typeparam name="T">Element type: double or float.</typeparam>
public abstract class PointSource<T>
    where T : unmanaged
{
    /// <summary>N, the number of points; constant during a fit.</summary>
    public abstract long PointCount { get; }

    /// <summary>D, the number of dimensions; constant during a fit.</summary>
    public abstract int Dimension { get; }

    /// <summary>
    /// The number, in the whole data set, of the first point of this source: in a fit by several processes, the number of points of lower ranks.
    /// Messages count points from it. 0 for a source of the whole data set, or for an unknown number.
    /// </summary>
    public virtual long FirstRow => 0;

    /// <summary>Whether points have weights.</summary>
    public virtual bool HasWeights => false;

    /// <summary>
    /// The number of points that those of this source stand for: more than <see cref="PointCount"/> where a point with a weight stands for several equal
    /// ones, as a color does for its pixels. <see cref="FitResult.Points"/> and the warnings of a fit by one process count these.
    /// </summary>
    public virtual long RepresentedPoints => PointCount;

    /// <summary>Whether all points lie in memory without gaps, so that <see cref="Read"/> gives any number of them and needs no scratch.</summary>
    internal virtual bool IsInMemory => false;

    /// <summary>Whether single points are read at little cost, in any order.</summary>
    internal virtual bool HasRandomAccess => false;

    /// <summary>
    /// Reads points [first, first + count) and returns count x D finite numbers, row-major: a view of the source's own memory, or
    /// <paramref name="scratch"/>. Several threads call it at once, each with a scratch of its own. The same points must always be the same numbers.
    /// </summary>
    /// <param name="first">The index of the first point in this source, from 0.</param>
    /// <param name="count">The number of points, at least 1.</param>
    /// <param name="scratch">[count x D], may receive the points.</param>
    public abstract ReadOnlySpan<T> Read(long first, int count, Span<T> scratch);

    /// <summary>
    /// Reads the weights of points [first, first + count): finite numbers of at least 0. A point of weight 2 counts as two equal points. A point of
    /// weight 0 is left out, and its numbers are not read. Several threads call it at once, if <see cref="HasWeights"/> is true.
    /// </summary>
    /// <param name="first">The index of the first point in this source, from 0.</param>
    /// <param name="weights">[count], receives the weights.</param>
    public virtual void ReadWeights(long first, Span<double> weights) => weights.Fill(1);
}
