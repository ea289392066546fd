namespace Gmm.Fast;

/// <summary>
/// A data set of N points with D features that a fit reads again and again, block by block, from several threads at once.
/// Implement it to fit data that do not lie in memory as one array.
/// </summary>
/// <typeparam name="T">Element type: double or float.</typeparam>
public interface IBlockSource<T>
    where T : unmanaged
{
    /// <summary>N, the number of points; constant during a fit.</summary>
    long RowCount { get; }

    /// <summary>D, the number of features of a point; constant during a fit.</summary>
    int ColumnCount { get; }

    /// <summary>
    /// Points [firstRow, firstRow + count) row-major, count * D finite numbers: either a view of the source's own memory, or
    /// <paramref name="scratch"/> filled. Called concurrently, each caller with a scratch of its own; the same rows must always be the same numbers.
    /// </summary>
    /// <param name="firstRow">Index of the first point, from 0.</param>
    /// <param name="count">Number of points, at least 1.</param>
    /// <param name="scratch">Room for count * D numbers.</param>
    ReadOnlySpan<T> GetRows(long firstRow, int count, Span<T> scratch);
}
