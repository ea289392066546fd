using Gmm.Report.Html;

namespace Gmm.Cli.Notebook;

/// <summary>The page of a replay: what it is about, then the steps, then the files.</summary>
internal static class NotebookPage
{
    public static Page Compose(NotebookPoints points, NotebookPictures pictures, NotebookFiles files, CancellationToken cancellation)
    {
        var agrees = points.All.All(check => check.Agrees == true);
        var pictureCount = NotebookText.Count(pictures.Table.Pictures.Count);
        var page = new Page("EM for Gaussian mixtures: a course notebook, replayed",
            "Every number that the document prints, beside what this program gets from the same data.");
        page.AddHeader(
            new Notice(Verdict(points), agrees ? Mark.Good : Mark.Warning),
            new Notice(pictures.IsShipped
                ? $"Steps 7 to 12: {pictureCount} synthetic pictures stand in for the document's {NotebookText.Count(NotebookDocument.Pictures)} "
                    + $"photographs, which could not be had. Its {NotebookDocument.PicturesLastLine} and its parameters of the pictures cannot be "
                    + "reproduced with them; what was published of them stands beside ours, marked as other data."
                : $"Steps 7 to 12: {pictureCount} pictures of your own stand in for the document's {NotebookText.Count(NotebookDocument.Pictures)} "
                    + "photographs, which could not be had. Its numbers stand beside yours, marked as other data."));
        page.Add(About(pictures));
        page.Add([.. new NotebookPointsPage(points, files).Sections()]);
        page.Add([.. new NotebookPicturesPage(pictures, files, cancellation).Sections()]);

        var list = new Table(["File", "What is in it"], text: true);
        foreach (var (name, content) in files.Written) list.Add(name, content);
        return page.Add(new Section("Files beside this page", list));
    }

    /// <summary>How many of the document's numbers on the points agree.</summary>
    public static string Verdict(NotebookPoints points)
    {
        var (known, good) = (points.All.Count, points.All.Count(check => check.Agrees == true));
        return good == known
            ? $"Steps 1 to 6: all {known} numbers and texts known of the document agree."
            : $"Steps 1 to 6: {known - good} of the {known} numbers and texts known of the document differ from ours; they are marked.";
    }

    private static Section About(NotebookPictures pictures)
    {
        var data = new Table(["Part", "The document's data", "Here", "Can the numbers agree?"], "Which data are whose", text: true);
        data.Add("Steps 1 to 6", "100 simulated points", "The same points, to the last digit", new Cell("yes", Mark.Good));
        data.Add("Steps 7 to 12", $"{NotebookText.Count(NotebookDocument.Pictures)} photographs",
            pictures.IsShipped
                ? $"{NotebookText.Count(pictures.Table.Pictures.Count)} synthetic pictures: no photograph among them"
                : $"{NotebookText.Count(pictures.Table.Pictures.Count)} pictures of your own folder",
            new Cell("no: other data", Mark.Warning));
        data.Add("Step 10, its end", "The first photograph's mean color", "The same color, to the last digit", new Cell("yes", Mark.Good));
        return new Section("What this is",
            new Paragraph("A notebook of a university's online course on clustering (week 4, \"EM for Gaussian mixtures\") lets its readers write "
                + "an algorithm that finds groups in data, the EM algorithm, first on simulated points and then on pictures. This page does "
                + "everything that the notebook does, in its order, with the program gmm, and compares. No knowledge of the notebook is needed."),
            new Paragraph("A Gaussian mixture describes points as a mix of K clouds, the components. Each has a weight (its share of the points), a "
                + "mean (its middle) and a covariance (its size and shape). Fitting means to find the weights, means and covariances under which "
                + "the points are most probable. A point belongs to each component to some degree, its responsibility; the K responsibilities of a "
                + "point sum to 1."),
            data,
            new Paragraph("\"Printed\" is what the document prints; where only another public copy of the same notebook prints a number, the text "
                + "says so. Numbers of the document that are not known here are not guessed. Components count from 0; the document's first is 0 "
                + "here."));
    }
}
