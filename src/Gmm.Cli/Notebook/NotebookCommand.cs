using System.CommandLine;

namespace Gmm.Cli.Notebook;

/// <summary><c>gmm notebook</c>: the course document from start to end, on its own points and on pictures that stand in for its own.</summary>
internal static class NotebookCommand
{
    /// <summary>A printed number of the document that this program does not get.</summary>
    public const int Differs = 1;

    private const string PageName = "notebook.html";
    private const string DefaultFolder = "notebook-out";

    private const string Description = """
        Replay the course notebook "EM for Gaussian mixtures": every printed number beside ours.

        DIR receives notebook.html, one page that explains what was done and what came out, its figures as PNG files and the models. The points are
        the notebook's own; its pictures are replaced by 400 synthetic ones that come with this program, or by those of --images. Exit code 0 when
        every number known of the part on points agrees, 1 when one differs.
        """;

    public static Command Create(StandardStreams streams, CancellationToken cancellation)
    {
        var output = Arguments.FilePath("-o", "DIR", $"Folder for the results (default: {DefaultFolder}).");
        var images = Arguments.FilePath("--images", "FOLDER", "Pictures of your own for the part on pictures.");
        var command = new Command("notebook", Description) { output, images };
        command.SetAction(parse => Run(parse.GetValue(output) ?? DefaultFolder, parse.GetValue(images), streams, cancellation));
        return command;
    }

    private static int Run(string path, string? images, StandardStreams streams, CancellationToken cancellation)
    {
        CheckApart(path, images);
        using var folder = OutputFolder.Create(path, [PageName]);
        using var interruption = new Interruption(cancellation);
        try
        {
            return Replay(folder, images, streams, interruption.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new CommandFailure(ExitCode.Cancelled, $"cancelled; {PageName} was not written", e);
        }
    }

    private static int Replay(OutputFolder folder, string? images, StandardStreams streams, CancellationToken cancellation)
    {
        var points = NotebookPoints.Replay(cancellation);
        var pictures = NotebookPictures.Replay(images, streams, cancellation);
        var files = new NotebookFiles(folder);
        var page = NotebookPage.Compose(points, pictures, files, cancellation);
        files.Write(PageName, "This page.", page.Write);
        streams.Print(Summary(points, pictures, folder.Path, files.Written.Count));
        return points.All.All(check => check.Agrees == true) ? ExitCode.Done : Differs;
    }

    private static string Summary(NotebookPoints points, NotebookPictures pictures, string folder, int files)
    {
        var (fit, colors) = (points.Fit, pictures.Fit);
        var rising = points.SmallestRise > 0 ? "always rising" : "not always rising";
        var notComparable = pictures.IsShipped ? "synthetic pictures, not comparable" : "your pictures, not comparable";
        List<string[]> lines =
        [
            ["1", "points", $"{points.Table.Rows} of 3 normal distributions, the notebook's own"],
            ["2", "log-likelihood", $"{NotebookText.Fixed(fit.Trace[0], 4)} at the start", NotebookCheck.Verdict(points.Likelihood)],
            ["3", "EM", $"{fit.Iterations} iterations; weights, means, covariances", NotebookCheck.Verdict(points.Convergence)],
            ["4", "quiz", string.Join(", ", points.Quiz.Select(check => check.Ours)), NotebookCheck.Verdict(points.Quiz)],
            ["5", "on the way", $"{points.Early.Iterations} iterations of {fit.Iterations}", NotebookCheck.Verdict(points.Progress)],
            ["6", "trace", $"{fit.Trace.Length} values, {rising}", NotebookCheck.Verdict(points.Trace)],
            ["7", "pictures", $"{NotebookText.Count(pictures.Table.Pictures.Count)}, mean colors", notComparable],
            ["8-12", "fit", $"{colors.Iterations} iterations, log-likelihood {NotebookText.Fixed(colors.TotalLogLikelihood, 4)}", notComparable],
            ["10", "its first picture", "densities under the published parameters", NotebookCheck.Verdict(NotebookPictures.PublishedDensities())],
        ];
        return TextTable.Format(lines, leftColumns: 4)
            + $"\n{NotebookPage.Verdict(points)}\n"
            + $"{Path.Combine(folder, PageName)} explains it; {DataInput.Count(files - 1, "other file")} with it\n";
    }

    // The figures of one run would be pictures to the next.
    private static void CheckApart(string output, string? images)
    {
        if (images is null) return;
        var below = Path.GetRelativePath(Path.GetFullPath(images), Path.GetFullPath(output));
        if (below == "." || !below.StartsWith("..", StringComparison.Ordinal) && !Path.IsPathRooted(below))
            throw CommandFailure.Usage($"-o is '{output}', in the folder of --images; its figures would be taken for pictures");
    }
}
