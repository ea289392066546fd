using Gmm.Data;
using Gmm.Fast;
using Gmm.Report;

namespace Notebook;

/// <summary>Replays the document's first half: 100 points, EM to the end and for 12 iterations. Compares every printed number with ours.</summary>
internal sealed class PointsPart
{
    private PointsPart(NumericTable table, GaussianMixture start, FitResult early, FitResult fit)
    {
        (Table, Start, Early, Fit) = (table, start, early, fit);
        Truth = InOrderOf(fit.Model, DataFolder.PointsTruth());
        Likelihood = [Check.AllDigits("at the start", Document.Trace[0], fit.Trace[0])];
        Convergence = [.. Log("log of the run", Document.Log, fit.Iterations), .. Parameters(fit.Model)];
        Quiz =
        [
            Check.Rounded("weight of the first component", Document.Answers[0], fit.Model.Weights[0], 3),
            Check.Rounded("mean of the second component, first dimension", Document.Answers[1], fit.Model.Mean(1)[0], 3),
            Check.Rounded("variance of the third component, first dimension", Document.Answers[2], Format.Covariance(fit.Model, 2)[0], 3),
        ];
        Progress = [.. Log("log of the run of 12", Document.EarlyLog, early.Iterations)];
        Trace = [.. TraceChecks(fit.Trace.ToArray())];
        SmallestRise = Enumerable.Range(1, fit.Iterations).Min(i => fit.Trace[i] - fit.Trace[i - 1]);
    }

    public NumericTable Table { get; }

    /// <summary>
    /// Gives the mixture that the points are drawn from. The order is that of the fitted components: a cloud keeps its number and color.
    /// </summary>
    public GaussianMixture Truth { get; }

    public GaussianMixture Start { get; }

    public FitResult Early { get; }

    public FitResult Fit { get; }

    public IReadOnlyList<Check> Likelihood { get; }

    public IReadOnlyList<Check> Convergence { get; }

    public IReadOnlyList<Check> Quiz { get; }

    public IReadOnlyList<Check> Progress { get; }

    public IReadOnlyList<Check> Trace { get; }

    /// <summary>Is above 0 when the log-likelihood only rises.</summary>
    public double SmallestRise { get; }

    /// <summary>Says whether every number agrees.</summary>
    public bool Agrees => All.All(check => check.Agrees);

    /// <summary>Says how many numbers agree, in one sentence.</summary>
    public string Verdict
    {
        get
        {
            var (known, bad) = (All.Count, All.Count(check => !check.Agrees));
            return bad == 0
                ? $"Steps 1 to 6: all {known} numbers and texts known of the document agree."
                : $"Steps 1 to 6: {bad} of the {known} numbers and texts known of the document differ from ours; they are marked.";
        }
    }

    // Each once: the start's log-likelihood is also the first of the trace.
    private List<Check> All => [.. Convergence, .. Quiz, .. Progress, .. Trace];

    public static PointsPart Replay(CancellationToken cancellation)
    {
        var table = DataFolder.Points();
        var start = DataFolder.PointsStart();
        return new PointsPart(table, start, Run(Document.EarlyIterations), Run(Document.MaxIterations));

        FitResult Run(int maxIterations) => Em.Run(table, start, maxIterations, regularization: 0, cancellation);
    }

    /// <summary>Shows the points with a model of them.</summary>
    public Subject Subject(GaussianMixture model, FitResult? fit = null) => new(model, Table.Values, fit, "the document's 100 points");

    // Each fitted component takes the true one whose mean is nearest.
    private static GaussianMixture InOrderOf(GaussianMixture fitted, GaussianMixture truth)
    {
        var (weights, means, covariances) = (new List<double>(), new List<double>(), new List<double>());
        for (var k = 0; k < fitted.ComponentCount; k++)
        {
            var mean = fitted.Mean(k).ToArray();
            var nearest = Enumerable.Range(0, truth.ComponentCount).MinBy(t =>
                Math.Pow(truth.Mean(t)[0] - mean[0], 2) + Math.Pow(truth.Mean(t)[1] - mean[1], 2));
            weights.Add(truth.Weights[nearest]);
            means.AddRange(truth.Mean(nearest));
            covariances.AddRange(Format.Covariance(truth, nearest));
        }
        return new(CovarianceType.Full, truth.Dimension, [.. weights], [.. means], [.. covariances], truth.ColumnNames);
    }

    private static IEnumerable<Check> Log(string what, string[] printed, int iterations)
    {
        yield return Check.Text($"{what}: iterations (it counts from 0)", LastLine(printed), LastLine(Format.Log(iterations)));
        yield return Check.Text($"{what}: all lines", Numbers(printed), Numbers(Format.Log(iterations)));
        static string LastLine(string[] lines) => $"last line {lines[^1]}";
        static string Numbers(string[] lines) => string.Join(", ", lines.Select((line, i) => i == 0 ? line : line.Split(' ')[1]));
    }

    private static IEnumerable<Check> Parameters(GaussianMixture model)
    {
        string[] places = ["first", "second", "third"];
        string[] entries = ["xx", "xy", "yy"];
        for (var k = 0; k < places.Length; k++)
            yield return Check.AllDigits($"weight, {places[k]} component", Document.Weights[k], model.Weights[k]);
        for (var k = 0; k < places.Length; k++)
        {
            for (var j = 0; j < 2; j++)
                yield return Check.Rounded($"mean {"xy"[j]}, {places[k]} component", Document.Means[k][j], model.Mean(k)[j], 8);
        }
        for (var k = 0; k < places.Length; k++)
        {
            var matrix = Format.Covariance(model, k);
            double[] ours = [matrix[0], matrix[1], matrix[3]];
            for (var j = 0; j < 3; j++)
                yield return Check.Rounded($"covariance {entries[j]}, {places[k]} component", Document.Covariances[k][j], ours[j], 8);
        }
    }

    private static IEnumerable<Check> TraceChecks(double[] trace)
    {
        yield return Check.Text("number of values", $"{Document.Trace.Length}", $"{trace.Length}");
        for (var i = 0; i < Math.Min(trace.Length, Document.Trace.Length); i++)
        {
            var when = i == 0 ? "at the start" : $"after {Format.Count(i, "iteration")}";
            yield return Check.AllDigits(when, Document.Trace[i], trace[i]);
        }
    }
}
