using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;

namespace Gmm.Fast;

/// <summary>
/// Runs the two steps of EM one by one, for algorithms beyond a fit: online and mini-batch fits, statistics from files, priors. A fit runs the same
/// two steps. Not safe for use by several threads at once; its E-step uses several threads itself.
/// </summary>
/// <example>
/// A mini-batch step: the past fades by a tenth with each batch.
/// <code>
/// using Gmm.Fast;
///
/// static void Learn(EmStepper stepper, SufficientStatistics past, Points batch)
/// {
///     SufficientStatistics now = stepper.CreateStatistics();
///     stepper.Expect(batch, now);
///     past.Recenter(now.AllCenters);
///     past.Scale(0.9);
///     past.Add(now);
///     stepper.Maximize(past);
/// }
/// </code>
/// </example>
public sealed class EmStepper : IDisposable
{
    // Whole batches and a last one, both in doubles and floats, or with and without weights.
    private const int MostRooms = 4;

    private readonly IReadOnlyList<string>? _columnNames;
    private readonly WorkTeam _team;
    private readonly Maximization _maximization;
    private readonly Dictionary<(Type Element, BlockShape Shape, bool IsWeighted), IDisposable> _rooms = [];
    private Factored _current;
    private bool _isDisposed;

    /// <summary>Begins at a model.</summary>
    /// <param name="model">Parameters of the first E-step.</param>
    /// <param name="regularization">
    /// What each M-step adds to variances; null for the default of <see cref="FitOptions.Regularization"/> for points in doubles. A relative one is a fraction of
    /// each column's variance under <paramref name="model"/>: within its components and between them. A number is in squared units of the data.
    /// </param>
    /// <param name="maxDegreeOfParallelism">
    /// The most threads, at least 1, or -1 for one per processor. The results have the same bits for any number.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The regularization is negative or not finite, a fraction is 1 or more, or the number of threads is 0 or below -1.
    /// </exception>
    public EmStepper(GaussianMixture model, Regularization? regularization = null, int maxDegreeOfParallelism = -1)
    {
        ArgumentNullException.ThrowIfNull(model);
        var added = regularization ?? Regularization.Default(model.Dimension, isSingle: false);
        FitChecks.Regularization(nameof(regularization), added);
        if (maxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(maxDegreeOfParallelism), maxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        (Model, _current, _columnNames) = (model, model.Mixture, model.ColumnNames);
        _team = new WorkTeam(WorkTeam.SizeOf(maxDegreeOfParallelism));
        _maximization = new Maximization(model.Mixture.Parameters, RidgeOf(added, model), null, _team);
    }

    /// <summary>The model of the last M-step, or the first one.</summary>
    public GaussianMixture Model { get; private set; }

    /// <summary>Makes empty statistics of the model's shape, about centers at its means.</summary>
    public SufficientStatistics CreateStatistics()
    {
        var statistics = new SufficientStatistics(Model.CovarianceType, Model.ComponentCount, Model.Dimension);
        statistics.Recenter(Model.Means);
        return statistics;
    }

    /// <summary>
    /// Replaces <paramref name="into"/> by the statistics of points under the model: the E-step (Bishop, PRML, equation 9.23) and the sums of the
    /// M-step. Its centers become the model's means, or the new means where moments about the old ones would lose digits.
    /// <see cref="SufficientStatistics.Recenter"/> moves other statistics to the same centers.
    /// </summary>
    /// <param name="points">[N x D], finite, with or without weights.</param>
    /// <param name="into">Statistics of the model's shape, receive the sums.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">Points cannot be used, or the shape differs; the message names the value and the requirement.</exception>
    /// <exception cref="OperationCanceledException">The pass was canceled; the statistics are undefined.</exception>
    /// <exception cref="ObjectDisposedException">The stepper was disposed.</exception>
    public unsafe void Expect(Points points, SufficientStatistics into, CancellationToken cancellation = default)
    {
        if (points.Count == 0) Throw.Argument(nameof(points), "points is empty; at least one is required");
        fixed (double* weights = points.Weights)
        {
            if (points.IsSingle)
            {
                fixed (float* origin = &points.Floats.DangerousGetReference())
                {
                    var source = new MemoryPoints<float>(
                        origin, points.Count, points.Dimension, points.Pitch, points.HasWeights ? weights : null);
                    Expect(source, into, cancellation);
                }
            }
            else
            {
                fixed (double* origin = &points.Doubles.DangerousGetReference())
                {
                    var source = new MemoryPoints<double>(
                        origin, points.Count, points.Dimension, points.Pitch, points.HasWeights ? weights : null);
                    Expect(source, into, cancellation);
                }
            }
        }
    }

    /// <summary>Replaces <paramref name="into"/> by the statistics of the points of a source, as <see cref="Expect(Points, SufficientStatistics, CancellationToken)"/> does.</summary>
    /// <typeparam name="T">double or float.</typeparam>
    /// <param name="source">N points of D finite numbers, with or without weights.</param>
    /// <param name="into">Statistics of the model's shape, receive the sums.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">Points cannot be used, or the shape differs; the message names the value and the requirement.</exception>
    /// <exception cref="OperationCanceledException">The pass was canceled; the statistics are undefined.</exception>
    /// <exception cref="ObjectDisposedException">The stepper was disposed.</exception>
    public void Expect<T>(PointSource<T> source, SufficientStatistics into, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CheckShape(into);
        var points = new CheckedSource<T>(source);
        if (points.Dimension != Model.Dimension)
            Throw.Argument(nameof(source), $"source has {points.Dimension} dimensions; {Model.Dimension} are required");
        Check.AtLeast("PointCount", points.PointCount, 0);
        if (points.PointCount == 0) Throw.Argument(nameof(source), "source is empty; at least one point is required");
        if (!Room(points, into).Run(points, _current, into, cancellation)) cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Replaces <see cref="Model"/> by the M-step of statistics (Bishop, PRML, equations 9.24 to 9.27). They may be sums of any number of passes,
    /// added and scaled. A component without points keeps its mean and covariance with weight 0.
    /// </summary>
    /// <param name="from">Statistics of the model's shape, with a sum of weights above 0.</param>
    /// <exception cref="ArgumentException">The shape differs, a sum is not finite, there are no points, or a covariance is not positive definite.</exception>
    /// <exception cref="ObjectDisposedException">The stepper was disposed.</exception>
    public void Maximize(SufficientStatistics from)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CheckShape(from);
        CheckSums(from.Values);
        if (!(from.TotalWeight > 0))
            Throw.Argument(nameof(from), FormattableString.Invariant($"from has the sum of weights {from.TotalWeight}; more than 0 is required"));
        var next = new Factored(_current.Family, _current.Components, _current.Dimension);
        _maximization.Run(from, _current, next);
        foreach (var failure in _maximization.Failures)
        {
            if (failure is not { } f) continue;
            Throw.Argument(nameof(from), FormattableString.Invariant(
                $"from: the covariance of component {f.Component} is not positive definite, pivot {f.Pivot} is {f.Value:g3}"));
        }
        _current = next;
        Model = new GaussianMixture(next, _columnNames).WithMissingValues(Model.MissingValues);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        DisposeRooms();
        _team.Dispose();
    }

    // Points of one shape come again: batches of a stream, the same data in every step.
    private ExpectationRoom<T> Room<T>(PointSource<T> points, SufficientStatistics into)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var key = (typeof(T), BlockShape.For<T>(points.PointCount, points.Dimension), points.HasWeights);
        if (_rooms.TryGetValue(key, out var known)) return (ExpectationRoom<T>)known;
        if (_rooms.Count == MostRooms) DisposeRooms();
        var room = new ExpectationRoom<T>(points, _current, into, _team);
        _rooms.Add(key, room);
        return room;
    }

    private void DisposeRooms()
    {
        foreach (var room in _rooms.Values) room.Dispose();
        _rooms.Clear();
    }

    private static Ridge RidgeOf(Regularization added, GaussianMixture model)
    {
        if (!added.IsRelative) return Ridge.Uniform(added.Value, model.Dimension);
        double[] means = new double[model.Dimension], variances = new double[model.Dimension];
        Columns(model, means, variances);
        return Ridge.Relative(added.Value, variances, means);
    }

    /// <summary>Adds the means [D] and the variances [D] of the columns under a model.</summary>
    internal static void Columns(GaussianMixture model, Span<double> means, Span<double> variances)
    {
        for (var j = 0; j < means.Length; j++)
        {
            for (var k = 0; k < model.ComponentCount; k++) means[j] += model.Weights[k] * model.Mean(k)[j];
            for (var k = 0; k < model.ComponentCount; k++)
            {
                var away = model.Mean(k)[j] - means[j];
                variances[j] += model.Weights[k] * (model.Variance(k, j) + away * away);
            }
        }
    }

    // Values may come from elsewhere. The log-likelihood of points too far from every component is minus infinity, and no M-step reads it.
    private static void CheckSums(ReadOnlySpan<double> values)
    {
        const int LogLikelihoodFromEnd = 3;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]) || (i == values.Length - LogLikelihoodFromEnd && double.IsNegativeInfinity(values[i]))) continue;
            Throw.Argument("from", FormattableString.Invariant($"from.Values[{i}] is {values[i]}; finite sums are required"));
        }
    }

    private void CheckShape(
        SufficientStatistics statistics, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(statistics))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(statistics, name);
        var moments = _current.Family.Moments;
        if (statistics.Components != Model.ComponentCount || statistics.Dimension != Model.Dimension || statistics.Moments != moments)
        {
            Throw.Argument(name,
                $"{name} has {statistics.Components} components, {statistics.Dimension} dimensions and {statistics.SecondMomentLength} numbers per "
                    + $"second moment; {Model.ComponentCount}, {Model.Dimension} and {moments.Length(Model.Dimension)} are required");
        }
    }
}
