using Gmm.Report.Html;

namespace Notebook;

/// <summary>Composes the page of a replay: an introduction, the steps, the files.</summary>
internal static class NotebookPage
{
    public static Page Compose(PointsPart points, PicturesPart pictures, ResultFolder files, CancellationToken cancellation)
    {
        var pictureCount = Format.Count(pictures.Count);
        var page = new Page("EM for Gaussian mixtures: a course notebook, replayed",
            "Every number that the document prints, beside the one that this program gets from the same data.");
        page.AddHeader(
            new Notice(points.Verdict, points.Agrees ? Mark.Good : Mark.Warning),
            new Notice(pictures.IsShipped
                ? $"Steps 7 to 12: {pictureCount} synthetic pictures stand in for the document's {Format.Count(Document.Pictures)} "
                    + $"photographs, which could not be had. Its {Document.PicturesLastLine} and its parameters of the pictures cannot be "
                    + "reproduced with them; the published numbers stand beside ours, marked as other data."
                : $"Steps 7 to 12: {pictureCount} pictures of your own stand in for the document's {Format.Count(Document.Pictures)} "
                    + "photographs, which could not be had. Its numbers stand beside yours, marked as other data."));
        page.Add(About(pictures));
        page.Add([.. new PointsSections(points, files).All()]);
        page.Add([.. new PicturesSections(pictures, files, cancellation).All()]);
        page.Add([.. new GroupSections(pictures, cancellation).All()]);

        var list = new Table(["File", "Content"], text: true);
        foreach (var (name, content) in files.Written) list.Add(name, content);
        return page.Add(new Section("Files beside this page", list));
    }

    private static Section About(PicturesPart pictures)
    {
        var data = new Table(["Part", "The document's data", "Here", "Can the numbers agree?"], "Which data are whose", text: true);
        data.Add("Steps 1 to 6", "100 simulated points", "The same points, to the last digit", new Cell("yes", Mark.Good));
        data.Add("Steps 7 to 12", $"{Format.Count(Document.Pictures)} photographs",
            pictures.IsShipped
                ? $"{Format.Count(pictures.Count)} synthetic pictures: no photograph among them"
                : $"{Format.Count(pictures.Count)} pictures of your own folder",
            new Cell("no: other data", Mark.Warning));
        data.Add("Step 10, its end", "The first photograph's mean color", "The same color, to the last digit", new Cell("yes", Mark.Good));
        return new Section("About this page",
            new Paragraph("A notebook of a university's online course on clustering (week 4, \"EM for Gaussian mixtures\") lets its readers write "
                + "an algorithm that finds groups in data, the EM algorithm, first on simulated points and then on pictures. This page does "
                + "everything that the notebook does, in its order, with the library Gmm.Fast, and compares. No knowledge of the notebook is "
                + "needed."),
            new Paragraph("A Gaussian mixture describes points as a mix of K clouds, the components. Each has a weight (its share of the points), a "
                + "mean (its middle) and a covariance (its size and shape). Fitting means to find the weights, means and covariances under which "
                + "the points are most probable. A point belongs to each component to some degree, its responsibility; the K responsibilities of a "
                + "point sum to 1."),
            data,
            new Paragraph("\"Printed\" heads the document's numbers. Where only another public copy of the same notebook prints a number, the text "
                + "says so. Numbers of the document that are not known here are not guessed. Components count from 0; the document's first is 0 "
                + "here."));
    }
}
