using System.Diagnostics;
using Gmm.Data;
using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Figures;
using Gmm.Report.Html;

namespace Gmm.Cli.Fitting;

/// <summary>Writes the figure and the page of a fit, also of one that was canceled or failed: what there is of the model is worth seeing.</summary>
internal static class FitReport
{
    /// <summary>Looks at the two paths before the work starts.</summary>
    public static void Check(string? report, string? plot, params ReadOnlySpan<string?> others)
    {
        FigureOutput.Check("--plot", plot, others);
        if (report is not null && Path.GetExtension(report).ToLowerInvariant() is not (".html" or ".htm"))
            throw CommandFailure.Usage($"--report is '{report}'; a path that ends in .html or .htm is required");
        OutputFile.Check("--report", report, [.. others, plot]);
    }

    /// <summary>Writes what was asked for.</summary>
    public static void Write(
        FitRequest request, FitResult fit, InputPoints points, FitOptions options, TimeSpan elapsed, SelectionResult? selection = null)
    {
        if (points.Table is not { } table) return;
        var subject = new Subject(fit.Model, table.Values, fit, Path.GetFileName(points.Name));
        if (request.Plot is { } plot) FigureOutput.Write(plot, selection is null ? Figure.Components(subject) : Figure.Selection(selection, subject.Name));
        if (request.Report is not { } report) return;
        var content = new ReportContent(subject)
        {
            Options = Options(request, options, fit),
            Elapsed = elapsed,
            Progress = FitJourney.Of(fit, points, options),
            Extra = selection is null ? [] : [HtmlReport.Selection(selection)],
        };
        AtomicFile.Write(report, stream => HtmlReport.Write(stream, content));
    }

    private static List<Fact> Options(FitRequest request, FitOptions options, FitResult fit)
    {
        List<Fact> facts = [];
        if (request.Table.Columns is { } columns) facts.Add(new("Columns", string.Join(", ", columns)));
        if (request.Table.Weights is { } weights) facts.Add(new("Weights", $"column {weights}"));
        if (fit.Gaps is { } gaps)
        {
            facts.Add(new("Missing values", Invariant($"{DataInput.Count(gaps.MissingValues, "value")} in {DataInput.Count(gaps.IncompletePoints, "point")} ")
                + "do not count; a point counts with the values that it has"));
        }
        facts.Add(new("Components", Invariant($"{options.Components}")));
        facts.Add(new("Covariances", CovarianceNames.Of(options.CovarianceType)));
        facts.Add(new("Start", Start(request.InitialPath, options)));
        if (options is { InitialModel: null, ContinueFrom: null })
        {
            facts.Add(new("Number of starts", options.Restarts == 1 ? "1" : Invariant($"{options.Restarts}; the best result was kept")));
            facts.Add(new("Seed", Invariant($"{options.Seed}")));
        }
        facts.Add(new("Stop", options.Stop.Kind switch
        {
            StopKind.MeanChange => Invariant($"when the mean log-likelihood changes by less than {options.Stop.Tolerance}"),
            StopKind.TotalRise => Invariant($"when the log-likelihood rises by less than {options.Stop.Tolerance}"),
            StopKind.FixedCount => "after the largest number of iterations only",
            StopKind.Statistical => Invariant($"when less than {options.Stop.Tolerance} of half the number of parameters, in nats, is left to gain"),
            var other => throw new UnreachableException($"a stop of {other}"),
        }));
        facts.Add(new("Largest number of iterations", Invariant($"{options.MaxIterations}")));
        if (options.Acceleration != Acceleration.None) facts.Add(new("Acceleration", AccelerationNames.Of(options.Acceleration)));
        if (fit.SamplePasses > 0) facts.Add(new("Began on samples", Invariant($"with the work of {fit.SamplePasses:f1} passes over all rows")));
        if (options.ResponsibilityCutoff > 0)
        {
            var loss = fit.CutoffLoss is { } lost ? Invariant($": {lost:g3} nats of the mean log-likelihood, at most {fit.CutoffBound:g3}") : "";
            facts.Add(new("Responsibilities that count as 0", Invariant($"below {options.ResponsibilityCutoff:g6} of the largest of their point{loss}")));
        }
        facts.Add(new("Added to every variance", fit.Regularization.IsRelative
            ? Invariant($"{fit.Regularization.Value} of that of the column in all points") : Invariant($"{fit.Regularization.Value}")));
        if (options.VarianceFloor > 0) facts.Add(new("Least variance, of that of all points", Invariant($"{options.VarianceFloor}")));
        if (options.OnCollapse != CollapsePolicy.Fail)
        {
            facts.Add(new("A component that collapses", options.OnCollapse switch
            {
                CollapsePolicy.Keep => "keeps its last mean and covariance",
                CollapsePolicy.Reseed => "is put into half of another one",
                CollapsePolicy.Drop => "is taken out",
                var other => throw new UnreachableException($"a policy of {other}"),
            }));
        }

        facts.Add(new("Largest number of threads",
            options.MaxDegreeOfParallelism == -1 ? "one per processor" : Invariant($"{options.MaxDegreeOfParallelism}")));
        return facts;
    }

    private static string Start(string? initialPath, FitOptions options)
    {
        if (options.ContinueFrom is { } past) return $"{DataInput.Count(past.Iterations, "iteration")} in {Path.GetFileName(initialPath)}";
        if (initialPath is not null) return $"the parameters in {Path.GetFileName(initialPath)}";
        return options.Start switch
        {
            StartMethod.SmallEm => "the best of several short runs",
            StartMethod.KMeansPlusPlus => "k-means",
            StartMethod.RandomPoints => "random points",
            var other => throw new UnreachableException($"a start of {other}"),
        };
    }
}
