using Gmm.Data;
using Gmm.Fast;
using Gmm.Report;

namespace Gmm.Cli.Notebook;

/// <summary>The document's first half: 100 points, EM to the end and for 12 iterations, and every printed number of it beside ours.</summary>
internal sealed class NotebookPoints
{
    private NotebookPoints(NumericTable table, GaussianMixture start, FitResult early, FitResult fit)
    {
        (Table, Start, Early, Fit) = (table, start, early, fit);
        Truth = InOrderOf(fit.Model, NotebookData.Truth());
        Likelihood = [NotebookCheck.AllDigits("at the start", NotebookDocument.Trace[0], fit.Trace[0])];
        Convergence = [.. Log("log of the run", NotebookDocument.Log, fit.Iterations), .. Parameters(fit.Model)];
        Quiz =
        [
            NotebookCheck.Rounded("weight of the first component", NotebookDocument.Answers[0], fit.Model.Weights[0], 3),
            NotebookCheck.Rounded("mean of the second component, first dimension", NotebookDocument.Answers[1], fit.Model.Mean(1)[0], 3),
            NotebookCheck.Rounded("variance of the third component, first dimension", NotebookDocument.Answers[2], Covariance(fit.Model, 2)[0], 3),
        ];
        Progress = [.. Log("log of the run of 12", NotebookDocument.EarlyLog, early.Iterations)];
        Trace = [.. TraceChecks(fit.Trace.ToArray())];
        SmallestRise = Enumerable.Range(1, fit.Iterations).Min(i => fit.Trace[i] - fit.Trace[i - 1]);
    }

    public NumericTable Table { get; }

    /// <summary>What the points were drawn from, its components in the order of the fitted ones: so a cloud keeps its number and color.</summary>
    public GaussianMixture Truth { get; }

    public GaussianMixture Start { get; }

    public FitResult Early { get; }

    public FitResult Fit { get; }

    public IReadOnlyList<NotebookCheck> Likelihood { get; }

    public IReadOnlyList<NotebookCheck> Convergence { get; }

    public IReadOnlyList<NotebookCheck> Quiz { get; }

    public IReadOnlyList<NotebookCheck> Progress { get; }

    public IReadOnlyList<NotebookCheck> Trace { get; }

    /// <summary>Above 0 when the log-likelihood only rises.</summary>
    public double SmallestRise { get; }

    /// <summary>Each once: the start's log-likelihood is also the first of the trace.</summary>
    public IReadOnlyList<NotebookCheck> All => [.. Convergence, .. Quiz, .. Progress, .. Trace];

    public static NotebookPoints Replay(CancellationToken cancellation)
    {
        var table = NotebookData.Points();
        var start = NotebookData.Start();
        return new NotebookPoints(table, start, Run(NotebookDocument.EarlyIterations), Run(NotebookDocument.MaxIterations));

        FitResult Run(int maxIterations)
        {
            var fit = MixtureFit.Fit(table.Values, table.Columns, Options(start, table.ColumnNames, maxIterations), cancellation);
            cancellation.ThrowIfCancellationRequested();
            return fit;
        }
    }

    /// <summary>EM as the document does it: from given parameters, nothing added to the variances.</summary>
    public static FitOptions Options(GaussianMixture start, IReadOnlyList<string>? columns, int maxIterations) => new()
    {
        Components = start.ComponentCount,
        InitialModel = start,
        Stop = StopRule.TotalRise(NotebookDocument.Threshold),
        MaxIterations = maxIterations,
        Regularization = 0,
        ColumnNames = columns,
    };

    /// <summary>The points with a model of them.</summary>
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
            covariances.AddRange(Covariance(truth, nearest));
        }
        return new(CovarianceType.Full, truth.Dimension, [.. weights], [.. means], [.. covariances], truth.ColumnNames);
    }

    private static IEnumerable<NotebookCheck> Log(string what, string[] printed, int iterations)
    {
        yield return NotebookCheck.Text($"{what}: iterations (it counts from 0)", LastLine(printed), LastLine(NotebookText.Log(iterations)));
        yield return NotebookCheck.Text($"{what}: all lines", Numbers(printed), Numbers(NotebookText.Log(iterations)));
        static string LastLine(string[] lines) => $"last line {lines[^1]}";
        static string Numbers(string[] lines) => string.Join(", ", lines.Select((line, i) => i == 0 ? line : line.Split(' ')[1]));
    }

    private static IEnumerable<NotebookCheck> Parameters(GaussianMixture model)
    {
        string[] places = ["first", "second", "third"];
        string[] entries = ["xx", "xy", "yy"];
        for (var k = 0; k < places.Length; k++)
            yield return NotebookCheck.AllDigits($"weight, {places[k]} component", NotebookDocument.Weights[k], model.Weights[k]);
        for (var k = 0; k < places.Length; k++)
        {
            for (var j = 0; j < 2; j++)
                yield return NotebookCheck.Rounded($"mean {"xy"[j]}, {places[k]} component", NotebookDocument.Means[k][j], model.Mean(k)[j], 8);
        }
        for (var k = 0; k < places.Length; k++)
        {
            var matrix = Covariance(model, k);
            double[] ours = [matrix[0], matrix[1], matrix[3]];
            for (var j = 0; j < 3; j++)
                yield return NotebookCheck.Rounded($"covariance {entries[j]}, {places[k]} component", NotebookDocument.Covariances[k][j], ours[j], 8);
        }
    }

    private static IEnumerable<NotebookCheck> TraceChecks(double[] trace)
    {
        yield return NotebookCheck.Text("number of values", $"{NotebookDocument.Trace.Length}", $"{trace.Length}");
        for (var i = 0; i < Math.Min(trace.Length, NotebookDocument.Trace.Length); i++)
        {
            var when = i == 0 ? "at the start" : $"after {DataInput.Count(i, "iteration")}";
            yield return NotebookCheck.AllDigits(when, NotebookDocument.Trace[i], trace[i]);
        }
    }

    private static double[] Covariance(GaussianMixture model, int k)
    {
        var matrix = new double[4];
        model.Covariance(k, matrix);
        return matrix;
    }
}
