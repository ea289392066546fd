using System.Runtime.InteropServices;
using Gmm.Data;

namespace Notebook;

/// <summary>Replays a course notebook, "EM for Gaussian mixtures", and puts each number that it prints beside ours.</summary>
internal static class Program
{
    private const int Done = 0;
    private const int Differs = 1;
    private const int WrongUsage = 2;
    private const int UnusableFile = 3;
    private const int Cancelled = 130;

    private const string PageName = "notebook.html";

    private const string Help = """
        Replays the course notebook "EM for Gaussian mixtures": every printed number beside ours.

        Notebook -o DIR [--images FOLDER]

          -o DIR           Folder for the results: notebook.html, its figures as PNG files, and the models.
          --images FOLDER  Your own pictures, in place of the 400 synthetic ones of data/pictures.
          -h, --help       Prints this text.

        Exit codes: 0 every number known of the part on points agrees, 1 one differs, 2 wrong usage, 3 a file that cannot be used, 130 canceled.

        """;

    public static int Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        });
        try
        {
            if (args.Any(arg => arg is "-h" or "--help"))
            {
                Console.Out.Write(Help);
                return Done;
            }
            var (output, images) = Paths(args);
            return Replay(output, images, cancellation.Token);
        }
        catch (UsageException e)
        {
            return Fail(WrongUsage, $"{e.Message} (see --help)");
        }
        catch (OperationCanceledException)
        {
            return Fail(Cancelled, $"canceled; {PageName} was not written");
        }
        catch (Exception e) when (e is TableFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return Fail(UnusableFile, e.Message);
        }
    }

    private static int Replay(string output, string? images, CancellationToken cancellation)
    {
        // The figures of one run would be pictures to the next.
        if (images is not null && IsInside(output, images))
            throw new UsageException($"-o is '{output}', in the folder of --images; a folder outside it is required");
        if (File.Exists(output)) throw new InvalidDataException($"{output}: is a file; a folder is required");

        var points = PointsPart.Replay(cancellation);
        var pictures = images is null ? PicturesPart.OfShipped(cancellation) : PicturesPart.OfFolder(images, cancellation);
        foreach (var skipped in pictures.Table.Skipped) Console.Error.WriteLine($"notebook: warning: {skipped.File}: {skipped.Reason}");

        var results = new ResultFolder(output);
        var page = NotebookPage.Compose(points, pictures, results, cancellation);
        results.Write(PageName, "This page.", page.Write);
        Print(points, pictures);
        Console.WriteLine($"{Path.Combine(output, PageName)} explains it; {results.Written.Count - 1} other files with it");
        return points.Agrees ? Done : Differs;
    }

    private static void Print(PointsPart points, PicturesPart pictures)
    {
        var (fit, colors) = (points.Fit, pictures.Fit);
        var rising = points.SmallestRise > 0 ? "always rising" : "not always rising";
        var notComparable = pictures.IsShipped ? "synthetic pictures, not comparable" : "your pictures, not comparable";
        Line("1", "points", $"{points.Table.Rows} of 3 normal distributions, the notebook's own", "");
        Line("2", "log-likelihood", $"{Format.Fixed(fit.Trace[0], 4)} at the start", Check.Verdict(points.Likelihood));
        Line("3", "EM", $"{fit.Iterations} iterations; weights, means, covariances", Check.Verdict(points.Convergence));
        Line("4", "quiz", string.Join(", ", points.Quiz.Select(check => check.Ours)), Check.Verdict(points.Quiz));
        Line("5", "on the way", $"{points.Early.Iterations} iterations of {fit.Iterations}", Check.Verdict(points.Progress));
        Line("6", "trace", $"{fit.Trace.Length} values, {rising}", Check.Verdict(points.Trace));
        Line("7", "pictures", $"{Format.Count(pictures.Count)}, mean colors", notComparable);
        Line("8-12", "fit", $"{colors.Iterations} iterations, log-likelihood {Format.Fixed(colors.TotalLogLikelihood, 4)}", notComparable);
        Line("10", "its first picture", "densities under the published parameters", Check.Verdict(PicturesPart.PublishedDensities()));
        Console.WriteLine();
        Console.WriteLine(points.Verdict);

        static void Line(string step, string name, string result, string verdict) =>
            Console.WriteLine($"{step,-6}{name,-19}{result,-51}{verdict}".TrimEnd());
    }

    private static (string Output, string? Images) Paths(string[] args)
    {
        string? output = null, images = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] is not ("-o" or "--images")) throw new UsageException($"'{args[i]}' is not known; -o DIR is required");
            if (i + 1 == args.Length || args[i + 1].Length == 0) throw new UsageException($"{args[i]} has no path; one is required");
            if (args[i] == "-o") output = args[i + 1];
            else images = args[i + 1];
        }
        return (output ?? throw new UsageException("-o DIR, the folder for the results, is required"), images);
    }

    private static bool IsInside(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative == "." || (relative != ".." && !relative.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !Path.IsPathRooted(relative));
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"notebook: {message}");
        return exitCode;
    }

    private sealed class UsageException(string message) : Exception(message);
}
