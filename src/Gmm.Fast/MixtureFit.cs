using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using CommunityToolkit.HighPerformance;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Simd;
using Gmm.Fast.Starts;

namespace Gmm.Fast;

/// <summary>Fits Gaussian mixtures by the EM algorithm (Dempster, Laird and Rubin 1977; Bishop, PRML, section 9.2.2).</summary>
public static unsafe class MixtureFit
{
    /// <summary>Fits a mixture to rows [N x D], one point a row; the rows are not changed and not copied.</summary>
    /// <param name="rows">N points of D finite features.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far, status <see cref="FitStatus.Cancelled"/>.</param>
    /// <returns>The model, how the fit ended, the trace and the diagnostics.</returns>
    /// <exception cref="ArgumentException">Rows or options cannot be used; the message names the value and what is required.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before there was any model.</exception>
    [OverloadResolutionPriority(1)]
    public static FitResult Fit(ReadOnlySpan2D<double> rows, FitOptions options, CancellationToken cancellation = default) =>
        FitRows(rows, options, cancellation);

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{double}, FitOptions, CancellationToken)"/>
    /// <remarks>
    /// Densities and responsibilities are computed in single precision, at nearly twice the speed; sums over more than a few hundred points, the
    /// parameters and the start are double.
    /// </remarks>
    [OverloadResolutionPriority(1)]
    public static FitResult Fit(ReadOnlySpan2D<float> rows, FitOptions options, CancellationToken cancellation = default) =>
        FitRows(rows, options, cancellation);

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{double}, FitOptions, CancellationToken)"/>
    public static FitResult Fit(ReadOnlyMemory2D<double> rows, FitOptions options, CancellationToken cancellation = default) =>
        Fit(rows.Span, options, cancellation);

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{double}, FitOptions, CancellationToken)"/>
    /// <param name="rows">N x D finite numbers, one point after the other.</param>
    /// <param name="dimension">D.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far.</param>
    [OverloadResolutionPriority(1)]
    public static FitResult Fit(ReadOnlySpan<double> rows, int dimension, FitOptions options, CancellationToken cancellation = default) =>
        Fit(Rows.From(rows, dimension), options, cancellation);

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{float}, FitOptions, CancellationToken)"/>
    /// <param name="rows">N x D finite numbers, one point after the other.</param>
    /// <param name="dimension">D.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far.</param>
    public static FitResult Fit(ReadOnlySpan<float> rows, int dimension, FitOptions options, CancellationToken cancellation = default) =>
        Fit(Rows.From(rows, dimension), options, cancellation);

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{double}, FitOptions, CancellationToken)"/>
    /// <param name="rows">A tensor [N x D] whose rows are dense.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far.</param>
    public static FitResult Fit(in ReadOnlyTensorSpan<double> rows, FitOptions options, CancellationToken cancellation = default) =>
        Fit(Rows.From(rows), options, cancellation);

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{double}, FitOptions, CancellationToken)"/>
    /// <param name="source">The points, read block by block, several times and by several threads.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far.</param>
    public static FitResult Fit(IBlockSource<double> source, FitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var checkedSource = new CheckedSource<double>(source);
        return Fit(checkedSource, checkedSource, options, cancellation);
    }

    /// <inheritdoc cref="Fit(ReadOnlySpan2D{float}, FitOptions, CancellationToken)"/>
    /// <param name="source">The points, read block by block, several times and by several threads.</param>
    /// <param name="options">What to fit.</param>
    /// <param name="cancellation">Ends the fit with the best model so far.</param>
    public static FitResult Fit(IBlockSource<float> source, FitOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var checkedSource = new CheckedSource<float>(source);
        return Fit(checkedSource, new WideSource(checkedSource), options, cancellation);
    }

    private static FitResult FitRows<T>(ReadOnlySpan2D<T> rows, FitOptions options, CancellationToken cancellation)
        where T : unmanaged
    {
        if (rows.IsEmpty) Throw.Argument(nameof(rows), $"rows is {rows.Height} x {rows.Width}; at least one point of one feature is required");

        // Pitch in elements: the distance between the first numbers of two rows.
        fixed (T* origin = &rows.DangerousGetReference())
        {
            nint pitch = rows.Width;
            if (rows.Height > 1)
            {
                fixed (T* second = &rows.DangerousGetReferenceAt(1, 0)) pitch = (nint)(second - origin);
            }
            var source = new MemoryBlockSource<T>(origin, rows.Height, rows.Width, pitch);
            return typeof(T) == typeof(float)
                ? Fit((IBlockSource<float>)(object)source, options, cancellation)
                : Fit((IBlockSource<double>)(object)source, options, cancellation);
        }
    }

    // The start sees doubles, whatever the element type of the fit.
    private static FitResult Fit<T>(IBlockSource<T> source, IBlockSource<double> wide, FitOptions options, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(source.RowCount, source.ColumnCount, options);
        CheckRows(source, cancellation);

        using var team = new WorkTeam(options.MaxDegreeOfParallelism == -1 ? Environment.ProcessorCount : options.MaxDegreeOfParallelism);
        var statistics = new SufficientStatistics(options.CovarianceType, options.Components, source.ColumnCount);
        using var sweep = new Sweep<T>(source, BlockSteps.Soft<T>(options.CovarianceType, LaneWidths.Widest), statistics, team, options.Reducer, cancellation);
        var maximization = new Maximization(
            new MixtureParameters(CovarianceTypes.For(options.CovarianceType), options.Components, source.ColumnCount), options.Regularization,
            options.VarianceFloor > 0 ? Floor(wide, options, team, cancellation) : null, team);
        EmOutcome? best = null;
        var interrupted = false;
        for (var restart = 0; restart < options.Restarts && !interrupted; restart++)
        {
            var initial = options.InitialModel?.Parameters ?? Start(wide, options, restart, team, cancellation);
            var outcome = initial is null ? null : EmLoop.Run(sweep, initial, options, maximization, restart, cancellation);
            if (outcome is { Trace.Length: 0 })
            {
                if (best is null) Throw.Argument(nameof(options), outcome.Failure!);
                continue;
            }
            interrupted = outcome is null or { Status: FitStatus.Cancelled };
            if (outcome is not null && (best is null || IsBetter(outcome, best))) best = outcome;
        }
        if (best is null) Throw.Cancelled(cancellation);
        return Result(best, interrupted ? FitStatus.Cancelled : best.Status, (long)statistics.RowCount, options, sweep.Precision);
    }

    private static MixtureParameters? Start(IBlockSource<double> source, FitOptions options, int restart, WorkTeam team, CancellationToken cancellation)
    {
        var request = new StartRequest(source, options, new Xoshiro256(options.Seed, restart), team, cancellation);
        return options.Start == StartMethod.RandomPoints ? new RandomPoints().Start(request) : new KMeansPlusPlus().Start(request);
    }

    // A fraction of the variances of all points, regularized as those of the components are. Processes that fit together begin at the same center.
    private static VarianceFloor? Floor(IBlockSource<double> source, FitOptions options, WorkTeam team, CancellationToken cancellation)
    {
        var dimension = source.ColumnCount;
        var pooled = new SufficientStatistics(CovarianceType.Diagonal, 1, dimension);
        var center = new double[dimension];
        if (options.InitialModel is { } initial) initial.Parameters.Mean(0).CopyTo(center);
        else source.GetRows(0, 1, center).CopyTo(center);
        using var sweep = new Sweep<double>(
            source, BlockSteps.Nearest(CovarianceType.Diagonal, LaneWidths.Widest), pooled, team, options.Reducer, cancellation, once: true);
        if (!sweep.Run(StartRequest.UnitSpheres(center, dimension))) return null;
        var all = new MixtureParameters(CovarianceTypes.For(CovarianceType.Diagonal), 1, dimension);
        Maximization.Estimate(pooled, all, options.Regularization);
        return new VarianceFloor(Array.ConvertAll(all.Covariances, variance => options.VarianceFloor * variance));
    }

    // A collapsed run loses against any that did not; among equals the larger log-likelihood wins, then the earlier start.
    private static bool IsBetter(EmOutcome candidate, EmOutcome best)
    {
        var (collapsed, bestCollapsed) = (candidate.Status == FitStatus.Collapsed, best.Status == FitStatus.Collapsed);
        return collapsed != bestCollapsed ? bestCollapsed : candidate.Trace[^1] > best.Trace[^1];
    }

    private static FitResult Result(EmOutcome outcome, FitStatus status, long points, FitOptions options, Precision precision)
    {
        var model = new GaussianMixture(outcome.Parameters, options.ColumnNames ?? options.InitialModel?.ColumnNames);
        var regularization = outcome.Trace.Length > 1 ? options.Regularization : 0;
        return new FitResult(
            model, status, status == FitStatus.Collapsed ? outcome.Failure : null, outcome.Trace, points, outcome.Recoveries, options, precision,
            () => Diagnose(outcome, regularization));
    }

    private static ComponentDiagnostics[] Diagnose(EmOutcome outcome, double regularization)
    {
        var parameters = outcome.Parameters;
        var shared = parameters.Covariance.Type == CovarianceType.Tied;
        var diagnostics = new ComponentDiagnostics[parameters.Components];
        double smallest = 0, largest = 0;
        for (var k = 0; k < diagnostics.Length; k++)
        {
            if (k == 0 || !shared) (smallest, largest) = parameters.Covariance.Spectrum(parameters, k);
            var condition = smallest > 0 ? Math.Max(1, largest / smallest) : double.PositiveInfinity;
            var share = regularization == 0 ? 0 : Math.Clamp(regularization / smallest, 0, 1);
            diagnostics[k] = new ComponentDiagnostics(outcome.EffectiveCounts[k], condition, share);
        }
        return diagnostics;
    }

    private static void Validate(long rows, int columns, FitOptions options)
    {
        Check.AtLeast("RowCount", rows, 1);
        Check.AtLeast("ColumnCount", columns, 1);
        Check.AtLeast(nameof(options.Components), options.Components, 1);
        Check.AtLeast(nameof(options.Restarts), options.Restarts, 1);
        Check.AtLeast(nameof(options.MaxIterations), options.MaxIterations, 0);
        Check.FiniteNonNegative(nameof(options.Regularization), options.Regularization);
        if (!(options.VarianceFloor >= 0 && options.VarianceFloor < 1))
            Throw.OutOfRange(nameof(options.VarianceFloor), options.VarianceFloor, "a fraction of at least 0 and below 1 is required");
        if (options.MaxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(options.MaxDegreeOfParallelism), options.MaxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        if (!Enum.IsDefined(options.CovarianceType))
            Throw.OutOfRange(nameof(options.CovarianceType), options.CovarianceType, "Full, Tied, Diagonal or Spherical is required");
        if (!Enum.IsDefined(options.OnCollapse))
            Throw.OutOfRange(nameof(options.OnCollapse), options.OnCollapse, "Fail, Keep, Reseed or Drop is required");
        if (!Enum.IsDefined(options.Start))
            Throw.OutOfRange(nameof(options.Start), options.Start, "KMeansPlusPlus or RandomPoints is required");
        Check.MixtureSize(options.Components, columns, options.CovarianceType is CovarianceType.Full or CovarianceType.Tied);
        if (options.ColumnNames is { } names && names.Count != columns)
            Throw.Argument(nameof(options), $"ColumnNames has {names.Count} names; the data have {columns} columns");
        Check.Names(nameof(options.ColumnNames), options.ColumnNames);
        if (options.InitialModel is { } model) ValidateInitial(model, columns, options);
        else if (options.Reducer is not null) Throw.Argument(nameof(options), "Reducer needs an InitialModel, the same in every process");
        else if (options.Components > rows)
            Throw.Argument(nameof(options), $"Components is {options.Components}; the data have {rows} points, and each component needs one to start from");
    }

    private static void ValidateInitial(GaussianMixture model, int columns, FitOptions options)
    {
        if (model.ComponentCount != options.Components || model.CovarianceType != options.CovarianceType || model.Dimension != columns)
        {
            Throw.Argument(nameof(options), $"InitialModel has {model.ComponentCount} components, {model.CovarianceType} covariances and {model.Dimension} "
                + $"features; {options.Components}, {options.CovarianceType} and {columns} are required");
        }
        if (options.Restarts > 1) Throw.Argument(nameof(options), $"Restarts is {options.Restarts}; with an InitialModel every start would be the same, so 1 is required");
    }

    // Once, before any work: a NaN found later would have spoilt the sums by then.
    private static void CheckRows<T>(IBlockSource<T> source, CancellationToken cancellation)
        where T : unmanaged, INumberBase<T>
    {
        const int BlockNumbers = 1 << 15;
        var columns = source.ColumnCount;
        var step = Math.Max(1, BlockNumbers / columns);
        var scratch = new T[(int)Math.Min(step, source.RowCount) * columns];
        for (long first = 0; first < source.RowCount; first += step)
        {
            if (cancellation.IsCancellationRequested) return;
            var count = (int)Math.Min(step, source.RowCount - first);
            var rows = source.GetRows(first, count, scratch);
            Check.FiniteRows("rows", rows, columns, first);
        }
    }
}
