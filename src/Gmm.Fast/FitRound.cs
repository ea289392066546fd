using System.Numerics;
using Gmm.Fast.Blocks;
using Gmm.Fast.Em;
using Gmm.Fast.Families;
using Gmm.Fast.Internals;
using Gmm.Fast.Model;
using Gmm.Fast.Serialization;

namespace Gmm.Fast;

/// <summary>
/// Holds where a fit stands whose passes are jobs of their own: <see cref="Expect"/> takes the sums of a part of the points, anywhere, and
/// <see cref="Maximize"/> makes the next round of those of all parts. A file carries each from job to job. From the start of a fit with
/// <see cref="FitOptions.MaxIterations"/> 0, rounds end with the bits of a fit in one process that keeps the order of its points
/// (<see cref="Skipping.InOrder"/>) and begins with all of them (<see cref="Progressive.Off"/>), where parts begin at shards (<see cref="PointPart"/>).
/// Rounds are of plain EM over complete points; a component that collapses ends them.
/// </summary>
public sealed class FitRound
{
    private readonly RoundRecord _record;

    private FitRound(GaussianMixture model, RoundRecord record, FitResult? result = null) => (Model, _record, Result, Stop) = (model, record, result, record.Stop);

    /// <summary>The model under which the next sums are taken; after the last round, the fitted one.</summary>
    public GaussianMixture Model { get; }

    /// <summary>The total log-likelihoods of the models before <see cref="Model"/>, and after the last round, of that too.</summary>
    public ReadOnlySpan<double> Trace => Result is { } fit ? fit.Trace : _record.Trace;

    /// <summary>The stop rule: that of the file, or another one.</summary>
    public StopRule Stop { get; set; }

    /// <summary>The words of warnings and failures; a file does not keep them.</summary>
    public Vocabulary Vocabulary { get; set; } = Vocabulary.Library;

    /// <summary>The fit after the last round; null before.</summary>
    public FitResult? Result { get; }

    /// <summary>
    /// Whether the model is that of the round before, whose sums lost digits: the means moved by many standard deviations. The next sums are about the
    /// new means.
    /// </summary>
    public bool IsRepeated => _record.Centers is not null;

    /// <summary>Reads a round that <see cref="Save"/> wrote, or begins one at a model or a fit: with its stop rule, its regularization and its trace.</summary>
    /// <param name="stream">UTF-8 text, read to its end; stays open.</param>
    /// <exception cref="InvalidDataException">The text is no model, or its fit is not of plain EM over complete points.</exception>
    public static FitRound Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = ModelJson.Read(stream);
        var model = GaussianMixture.Of(file);
        if (file.MissingValues != MissingValues.Error) Throw.InvalidModel("missingValues is not error; rounds are of complete points");
        if (file.Round is { } round) return new FitRound(model, round);
        if (file.Fit is not { } fit)
            return new FitRound(model, new RoundRecord([], StopRule.MeanChange(), Regularization.Default(model.Dimension, isSingle: false), 0, 0, null, null));
        if (fit.Acceleration != Acceleration.None) Throw.InvalidModel($"fit.acceleration is {AccelerationNames.Of(fit.Acceleration)}; rounds are of steps of EM, so none is required");
        if (fit.ResponsibilityCutoff > 0) Throw.InvalidModel("fit.responsibilityCutoff is above 0; rounds have none");
        if (fit.OnCollapse != CollapsePolicy.Fail) Throw.InvalidModel($"fit.onCollapse is {CollapseNames.Of(fit.OnCollapse)}; a collapse ends rounds, so fail is required");
        return new FitRound(model, new RoundRecord(fit.Trace[..^1], fit.Stop, fit.Regularization, fit.VarianceFloor, fit.Seed, fit.Pooled, null));
    }

    /// <summary>Writes the round as a model file, or after the last round the fit.</summary>
    /// <param name="stream">Receives UTF-8 text; stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (Result is { } fit) fit.Save(stream);
        else ModelJson.Write(stream, Model.ToFile(null) with { Round = _record with { Stop = Stop } });
    }

    /// <summary>Takes the sums of one part of the points under <see cref="Model"/>.</summary>
    /// <typeparam name="T">double or float, the same for all parts.</typeparam>
    /// <param name="part">The points of the part; may be none.</param>
    /// <param name="firstPoint">The number, in the whole data set, of its first point.</param>
    /// <param name="totalPoints">N of the whole. A part that is all there is to know gives its own number, and is then one of several data sets.</param>
    /// <param name="maxDegreeOfParallelism">The most threads, at least 1, or -1 for one per processor.</param>
    /// <param name="cancellation">Ends the pass.</param>
    /// <exception cref="ArgumentException">Points cannot be used, or the part does not begin and end at shards.</exception>
    /// <exception cref="OperationCanceledException">The pass was canceled.</exception>
    public PartStatistics Expect<T>(
        PointSource<T> part, long firstPoint, long totalPoints, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(part);
        if (maxDegreeOfParallelism is 0 or < -1)
            Throw.OutOfRange(nameof(maxDegreeOfParallelism), maxDegreeOfParallelism, "at least 1, or -1 for all processors, is required");
        var source = new CheckedSource<T>(part);
        Check.AtLeast("PointCount", source.PointCount, 0);
        if (source.Dimension != Model.Dimension) Throw.Argument(nameof(part), $"part has {source.Dimension} dimensions; {Model.Dimension} are required");
        var end = firstPoint + source.PointCount;
        if (totalPoints < 1 || firstPoint < 0 || end > totalPoints)
            Throw.Argument(nameof(firstPoint), $"the part holds points {firstPoint} to {end - 1} of {totalPoints}; points from 0 to {totalPoints - 1} are required");
        var plan = PartExpectation.Plan<T>(totalPoints, Model.Dimension, firstPoint, source.PointCount);
        if (plan is null)
            Throw.Argument(nameof(firstPoint), $"the part holds points {firstPoint} to {end - 1}, which do not begin and end at shards; PointPart gives such parts");
        var statistics = new SufficientStatistics(Model.CovarianceType, Model.ComponentCount, Model.Dimension);
        Centers.CopyTo(statistics.Centers);
        List<(TreeNode, double[])> nodes = [];
        if (source.PointCount > 0)
        {
            using var team = new WorkTeam(WorkTeam.SizeOf(maxDegreeOfParallelism));
            if (PartExpectation.Run(source, plan, Model.Mixture, statistics, team, cancellation) is { } sums) nodes.AddRange(sums);
            else cancellation.ThrowIfCancellationRequested();
        }
        return new PartStatistics(
            Fingerprint, firstPoint, source.PointCount, totalPoints, plan.Whole.Shards, typeof(T) == typeof(float), statistics.Centers, nodes);
    }

    /// <summary>
    /// Makes the next round of the sums of all parts, in any order: adds them as one process would, notes the log-likelihood of <see cref="Model"/>, and
    /// ends by the stop rule or takes an M-step.
    /// </summary>
    /// <param name="parts">The sums of all parts under this round's model.</param>
    /// <param name="maxIterations">The largest number of iterations in all, at least 0.</param>
    /// <exception cref="ArgumentException">Sums are of another model or round, are missing, or are there twice.</exception>
    public FitRound Maximize(IReadOnlyList<PartStatistics> parts, int maxIterations = 100)
    {
        ArgumentNullException.ThrowIfNull(parts);
        Check.AtLeast(nameof(maxIterations), maxIterations, 0);
        if (parts.Count == 0) Throw.Argument(nameof(parts), "parts is empty; the sums of all points are required");
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is null) Throw.Argument(nameof(parts), FormattableString.Invariant($"parts[{i}] is null; the sums of a part are required"));
            if (!parts[i].IsOf(this))
                Throw.Argument(nameof(parts), $"parts[{i}], of points {parts[i].FirstPoint} to {parts[i].FirstPoint + parts[i].PointCount - 1}, is of another model or round");
        }
        var statistics = new SufficientStatistics(Model.CovarianceType, Model.ComponentCount, Model.Dimension);
        PartStatistics.Fold(parts, statistics);
        if (!(statistics.TotalWeight > 0)) Throw.Argument(nameof(parts), "all weights are 0; at least one point of weight above 0 is required");
        var precision = parts[0].IsSingle ? Precision.Single : Precision.Double;
        if (!IsRepeated && statistics.LosesDigits(precision))
        {
            Maximization.Means(statistics, statistics.Centers);
            return new FitRound(Model, _record with { Centers = statistics.Centers, Stop = Stop }) { Vocabulary = Vocabulary };
        }

        var words = new Wording(Vocabulary, Model.ColumnNames);
        var columns = _record.Pooled ?? Columns();
        var ridge = _record.Regularization.IsRelative
            ? Ridge.Relative(_record.Regularization.Value, columns.Variances, columns.Means) : Ridge.Uniform(_record.Regularization.Value, Model.Dimension);
        double[] trace = [.. _record.Trace, statistics.LogLikelihood];
        var record = new RoundRecord(trace, Stop, _record.Regularization, _record.VarianceFloor, _record.Seed, columns, null);
        if (!(statistics.LogLikelihood > (parts[0].IsSingle ? float.MinValue : double.MinValue)))
            return End(FitStatus.Collapsed, "the log-likelihood is out of range: points are too far from every component");
        if (Stop.IsMet(trace, statistics.TotalWeight, Model.Mixture.Parameters.FreeCount)) return End(FitStatus.Converged);
        if (trace.Length > maxIterations) return End(FitStatus.MaxIterations);

        var next = new Factored(Model.Mixture.Family, Model.ComponentCount, Model.Dimension);
        using var team = new WorkTeam(1);
        var maximization = new Maximization(next.Parameters, ridge, Floor(), team);
        maximization.Run(statistics, Model.Mixture, next);
        var settings = new EmSettings(maxIterations, Stop, CollapsePolicy.Fail, ridge, words, null);
        var recoverer = new Recoverer(settings, Model.ComponentCount, precision);
        return recoverer.Mend(trace.Length, statistics, Model.Mixture, next, maximization.Failures) is { } reason
            ? End(FitStatus.Collapsed, reason) : new FitRound(new GaussianMixture(next, Model.ColumnNames), record) { Vocabulary = Vocabulary };

        VarianceFloor? Floor() => _record.VarianceFloor > 0
            ? new VarianceFloor([.. columns.Variances.Select((variance, j) => (variance + ridge.Columns[j]) * _record.VarianceFloor)]) : null;

        FitRound End(FitStatus status, string? failure = null)
        {
            double[] counts = [.. Enumerable.Range(0, Model.ComponentCount).Select(statistics.EffectiveCount)];
            var (points, weight) = ((long)statistics.PointCount, statistics.TotalWeight);

            // The initial parameters are used as they are.
            var added = trace.Length > 1 ? ridge : Ridge.Uniform(0, Model.Dimension);
            var mixture = Model.Mixture;
            var fit = new FitRecord(
                status, failure, trace, points, weight, [], Stop, _record.Regularization, _record.Seed, [.. Enumerable.Range(0, counts.Length)],
                new Lazy<IReadOnlyList<ComponentDiagnostics>>(() => FitRun<double>.Diagnose(mixture, counts, added, threads: 1)),
                new Lazy<IReadOnlyList<FitWarning>>(() =>
                [
                    .. new Doubts(
                        mixture.Parameters, Array.ConvertAll(counts, count => count * (points / weight)), points, added, columns.Variances, precision,
                        words).List(),
                ]))
            {
                VarianceFloor = _record.VarianceFloor,
                Pooled = trace.Length == 1 ? columns : null,
            };
            return new FitRound(Model, record, new FitResult(Model, fit)) { Vocabulary = Vocabulary };
        }
    }

    /// <summary>Tells models and centers apart.</summary>
    internal byte[] Fingerprint => PartStatistics.Fingerprint(Model, Centers);

    private ReadOnlySpan<double> Centers => _record.Centers ?? Model.Means;

    // Where nobody knows those of all points: those of the model, within its components and between them.
    private PooledColumns Columns()
    {
        double[] means = new double[Model.Dimension], variances = new double[Model.Dimension];
        EmStepper.Columns(Model, means, variances);
        return new PooledColumns(means, variances);
    }
}
