using System.Diagnostics;
using Gmm.Data;
using Gmm.Data.Images;
using Gmm.Fast;

namespace Gmm.Cli.Images;

/// <summary>Holds what <c>gmm images</c> was asked for.</summary>
/// <param name="Folder">With pictures.</param>
/// <param name="Exact">Whether every pixel counts.</param>
/// <param name="Labels">A file with categories, or null.</param>
/// <param name="Options">Of the fit.</param>
/// <param name="InitialPath">The file that the initial model is from, or null.</param>
/// <param name="FromPictures">Whether to start as <see cref="ImagesStart"/> does.</param>
/// <param name="Output">The folder for the results.</param>
/// <param name="Json">Whether to print the model document.</param>
/// <param name="Quiet">Whether to print no table and no progress.</param>
internal sealed record ImagesRequest(
    string Folder, bool Exact, string? Labels, FitOptions Options, string? InitialPath, bool FromPictures, string Output, bool Json, bool Quiet);

/// <summary>Reads pictures, fits, writes a folder, reports.</summary>
internal static class ImagesRun
{
    private const string Model = "model.json";
    private const string Features = "features.csv";
    private const string Assignments = "assignments.csv";
    private const string Report = "report.html";

    public static int Run(ImagesRequest request, StandardStreams streams, CancellationToken cancellation)
    {
        using var output = OutputFolder.Create(request.Output, [Model, Features, Assignments, Report], request.InitialPath, request.Labels);
        var labels = request.Labels is null ? null : LabelsFile.Read(request.Labels);
        using var interruption = new Interruption(cancellation);
        var showProgress = streams.ErrorIsTerminal && !request.Quiet;
        var pictures = Read(request, showProgress, streams, interruption.Token);
        var skipped = WithoutOwnFiles(pictures.Skipped, request);
        foreach (var (file, reason) in skipped) streams.Warn($"{file}: {reason}");
        CheckCount(request, pictures.Pictures.Count);

        var table = new NumericTable(pictures.Rows(), ImagesStart.Columns.Count, ImagesStart.Columns);
        var options = request.Options with { ColumnNames = ImagesStart.Columns };
        if (request.FromPictures) options = options with { Starts = ImagesStart.Of(table, options) };
        var begin = Stopwatch.GetTimestamp();
        var fit = FitStep.Run(request.Folder, options, request.Quiet, streams,
            asked => MixtureFit.Fit(TablePoints.Of(table), asked, interruption.Token));
        var elapsed = Stopwatch.GetElapsedTime(begin);

        var clusters = new PictureClusters(pictures, fit, labels, skipped);
        output.Write(Model, fit.Save);
        output.Write(Features, stream => ImagesTables.WriteFeatures(stream, pictures));
        output.Write(Assignments, stream => ImagesTables.WriteAssignments(stream, clusters));
        if (fit.Status != FitStatus.Cancelled) WriteReport(output, request, clusters, elapsed, interruption.Token);

        if (request.Json) streams.Write(fit.Save);
        else if (!request.Quiet) streams.Print(ImagesTables.Summary(clusters, request.Output));
        if (labels is not null && clusters.Categories is null)
            streams.Warn($"{request.Labels}: names none of the pictures in {request.Folder}");
        FitWarnings.Write(fit, options.MaxIterations, streams);
        return FitStep.Conclude(fit, $"{request.Output} holds the model so far", streams);
    }

    private static PictureTable Read(ImagesRequest request, bool showProgress, StandardStreams streams, CancellationToken token)
    {
        var options = new PictureOptions { Exact = request.Exact, MaxDegreeOfParallelism = request.Options.MaxDegreeOfParallelism };
        try
        {
            return showProgress
                ? ImagesProgress.During(streams.Error, progress => PictureFolder.Read(request.Folder, options with { Progress = progress }, token))
                : PictureFolder.Read(request.Folder, options, token);
        }
        catch (OperationCanceledException e)
        {
            throw FitStep.CancelledEarly(e);
        }
    }

    // The results of the last run are no pictures, but nobody took them for some either.
    private static SkippedPicture[] WithoutOwnFiles(IReadOnlyList<SkippedPicture> skipped, ImagesRequest request)
    {
        var own = Path.GetRelativePath(request.Folder, Path.TrimEndingDirectorySeparator(request.Output)).Replace(Path.DirectorySeparatorChar, '/');
        var prefix = own == "." ? "" : own + "/";
        string[] files = [prefix + Model, prefix + Features, prefix + Assignments, prefix + Report];
        return [.. skipped.Where(one => !files.Contains(one.File))];
    }

    private static void CheckCount(ImagesRequest request, int count)
    {
        if (count == 0) throw CommandFailure.Input($"{request.Folder}: there is no picture that can be used");
        var components = request.Options.Components;
        if (request.Options.InitialModel is null && components > count)
        {
            throw CommandFailure.Input(
                $"{request.Folder} has {DataInput.Count(count, "picture")} that can be used; -k {components} needs at least {components}");
        }
    }

    private static void WriteReport(
        OutputFolder output, ImagesRequest request, PictureClusters clusters, TimeSpan elapsed, CancellationToken cancellation)
    {
        try
        {
            var page = ImagesPage.Compose(clusters, request.Folder, elapsed, cancellation);
            output.Write(Report, page.Write);
        }
        catch (OperationCanceledException e)
        {
            throw new CommandFailure(ExitCode.Cancelled, $"canceled; {request.Output} holds the model and no report", e);
        }
    }
}
