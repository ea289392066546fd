using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Internals;

namespace Gmm.Fast;

/// <summary>Fits Gaussian mixtures by the EM algorithm (Dempster, Laird and Rubin 1977; Bishop, PRML, section 9.2.2).</summary>
/// <example>
/// <code>
/// using Gmm.Fast;
///
/// double[,] points = { { 3.6, 79 }, { 1.8, 54 }, { 3.333, 74 }, { 2.283, 62 }, { 4.533, 85 }, { 2.883, 55 }, { 4.7, 88 }, { 3.6, 85 } };
/// FitResult fit = MixtureFit.Fit(points, new FitOptions { Components = 2, CovarianceType = CovarianceType.Diagonal });
/// Console.WriteLine($"{fit.Status} after {fit.Iterations} iterations, BIC {fit.Bic:f2}");
/// </code>
/// </example>
public static class MixtureFit
{
    /// <summary>
    /// Fits a mixture to points in memory, which are neither changed nor copied. For points in single precision, densities and responsibilities are
    /// single too; sums over more than a block of points, the parameters and the start are double.
    /// </summary>
    /// <param name="points">[N x D], finite: an array, a span, a memory or a tensor, with or without weights.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far, status <see cref="FitStatus.Cancelled"/>.</param>
    /// <returns>The model, how the fit ended, the trace and the diagnostics.</returns>
    /// <exception cref="ArgumentException">Points, weights or options cannot be used; the message names the value and what is required.</exception>
    /// <exception cref="InsufficientMemoryException">The fit would take more memory than is available; the message names both and what would fit.</exception>
    /// <exception cref="InvalidDataException"><see cref="FitOptions.ResumeFrom"/> is no checkpoint, or a damaged one.</exception>
    /// <exception cref="IOException"><see cref="FitOptions.ResumeFrom"/> cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled before there was any model.</exception>
    /// <exception cref="FailedRankException">Another process of the fit failed, or differs.</exception>
    public static FitResult Fit(Points points, FitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PinnedPoints.Use(
            points, options.Communicator is { Count: > 1 }, source => Fit(source, options, cancellation), source => Fit(source, options, cancellation));
    }

    /// <summary>Fits a mixture to the points of a source, which several threads read block by block, several times.</summary>
    /// <typeparam name="T">double or float, see <see cref="Fit(Points, FitOptions, CancellationToken)"/>.</typeparam>
    /// <param name="source">N points of D finite numbers, with or without weights.</param>
    /// <param name="options">The options of the fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far, status <see cref="FitStatus.Cancelled"/>.</param>
    /// <returns>The model, how the fit ended, the trace and the diagnostics.</returns>
    /// <exception cref="ArgumentException">Points, weights or options cannot be used; the message names the value and what is required.</exception>
    /// <exception cref="InsufficientMemoryException">The fit would take more memory than is available; the message names both and what would fit.</exception>
    /// <exception cref="InvalidDataException"><see cref="FitOptions.ResumeFrom"/> is no checkpoint, or a damaged one.</exception>
    /// <exception cref="IOException"><see cref="FitOptions.ResumeFrom"/> cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Canceled before there was any model.</exception>
    /// <exception cref="FailedRankException">Another process of the fit failed, or differs.</exception>
    public static FitResult Fit<T>(PointSource<T> source, FitOptions options, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (source is PointSource<float> floats)
        {
            using var run = new FitRun<float>(floats, points => new WideSource(points), options, cancellation);
            return run.Run();
        }
        if (source is not PointSource<double> doubles)
        {
            Throw.Argument(nameof(source), $"source has elements of type {typeof(T).Name}; double or float is required");
            return null;
        }
        using var wideRun = new FitRun<double>(doubles, points => points, options, cancellation);
        return wideRun.Run();
    }

    /// <summary>
    /// Fits mixtures to many small sets of points, side by side, each by one thread. Every result has the bits of <see cref="Fit(Points, FitOptions,
    /// CancellationToken)"/> of its points.
    /// </summary>
    /// <param name="count">The number of sets.</param>
    /// <param name="points">Gives the points [N x D] of a set, by its number from 0; called by several threads. N and D may differ from set to set.</param>
    /// <param name="options">
    /// The options of every fit; <see cref="FitOptions.MaxDegreeOfParallelism"/> is the number of fits at the same time, whose receivers of progress
    /// are called by their threads. A communicator and a checkpoint are refused. Where a start takes longer than the fit, <see cref="StartMethod.RandomPoints"/> and
    /// <see cref="StartMethod.KMeansPlusPlus"/> are short.
    /// </param>
    /// <param name="cancellation">Ends the fits. Those that have not begun fail with <see cref="OperationCanceledException"/>.</param>
    /// <returns>[count]: the fits, in the order of the sets. One that fails does not end the others.</returns>
    /// <exception cref="ArgumentException">The options have a communicator or a checkpoint.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count or the number of threads is out of range.</exception>
    public static FitAttempt[] FitMany(int count, Func<int, Points> points, FitOptions options, CancellationToken cancellation = default)
    {
        Check.AtLeast(nameof(count), count, 0);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Communicator is not null) Throw.Argument(nameof(options), "Communicator is given; fits side by side are each of one process");
        if (options is { Checkpoint: not null } or { ResumeFrom: not null })
            Throw.Argument(nameof(options), "Checkpoint or ResumeFrom is given; a checkpoint is of one fit, so fits side by side have none");
        if (options.MaxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(options.MaxDegreeOfParallelism), options.MaxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        var attempts = new FitAttempt[count];
        var alone = options with { MaxDegreeOfParallelism = 1 };
        var next = -1;

        // Parallel.For would let threads beyond the processors begin fits, since each takes long, and would leave none to others in the pool.
        var threads = WorkTeam.SizeOf(options.MaxDegreeOfParallelism);
        using var team = new WorkTeam(threads);
        team.Run(Math.Clamp(count, 1, threads), _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) attempts[i] = Try(i);
        });
        return attempts;

        FitAttempt Try(int i)
        {
            try
            {
                cancellation.ThrowIfCancellationRequested();
                return new FitAttempt(Fit(points(i), alone, cancellation), null);
            }
            catch (Exception e)
            {
                return new FitAttempt(null, e);
            }
        }
    }
}
