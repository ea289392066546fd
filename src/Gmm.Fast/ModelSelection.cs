using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>
/// Chooses the number of components and the form of their covariances: fits mixtures of several of them to the same points and compares a criterion.
/// The points are read, checked and packed once for all fits.
/// </summary>
/// <example>
/// <code>
/// using Gmm.Fast;
///
/// static GaussianMixture Best(double[,] points)
/// {
///     SelectionResult selection = ModelSelection.Run(points, new SelectionOptions { Components = [1, 2, 3, 4] });
///     Console.WriteLine($"{selection.Best.Components} components: {selection.Verdict}");
///     return selection.Fit.Model;
/// }
/// </code>
/// </example>
public static class ModelSelection
{
    /// <summary>Fits all candidates to points in memory, which are neither changed nor copied, and chooses the best.</summary>
    /// <param name="points">[N x D], finite: an array, a span, a memory or a tensor, with or without weights.</param>
    /// <param name="options">The candidates and the criterion; null for 1 to 9 components of all families by BIC.</param>
    /// <param name="cancellation">Ends the selection with the best so far, status <see cref="SelectionStatus.Cancelled"/>.</param>
    /// <returns>All candidates, the best with its fit, and how clear the choice is. It has the same bits for any number of threads.</returns>
    /// <exception cref="ArgumentException">Points, weights or options cannot be used, or no candidate could be fitted; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Canceled before there was any model.</exception>
    public static SelectionResult Run(Points points, SelectionOptions? options = null, CancellationToken cancellation = default) =>
        PinnedPoints.Use(points, mayBeEmpty: false, source => Run(source, options, cancellation), source => Run(source, options, cancellation));

    /// <summary>
    /// Fits all candidates to the points of a source and chooses the best. Several threads read the source block by block, several times.
    /// </summary>
    /// <typeparam name="T">double or float, see <see cref="MixtureFit.Fit(Points, FitOptions, CancellationToken)"/>.</typeparam>
    /// <param name="source">N points of D finite numbers, with or without weights.</param>
    /// <param name="options">The candidates and the criterion; null for 1 to 9 components of all families by BIC.</param>
    /// <param name="cancellation">Ends the selection with the best so far, status <see cref="SelectionStatus.Cancelled"/>.</param>
    /// <returns>All candidates, the best with its fit, and how clear the choice is. It has the same bits for any number of threads.</returns>
    /// <exception cref="ArgumentException">Points, weights or options cannot be used, or no candidate could be fitted; the message says why.</exception>
    /// <exception cref="OperationCanceledException">Canceled before there was any model.</exception>
    public static SelectionResult Run<T>(PointSource<T> source, SelectionOptions? options = null, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new SelectionOptions();
        if (source is PointSource<float> floats) return new SelectionRun<float>(floats, points => new WideSource(points), options, cancellation).Run();
        if (source is PointSource<double> doubles) return new SelectionRun<double>(doubles, points => points, options, cancellation).Run();
        Throw.Argument(nameof(source), $"source has elements of type {typeof(T).Name}; double or float is required");
        return null;
    }
}
