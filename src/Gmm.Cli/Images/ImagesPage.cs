using Gmm.Data;
using Gmm.Data.Images;
using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Html;

namespace Gmm.Cli.Images;

/// <summary>Composes the page of pictures clustered by their mean colors.</summary>
internal static class ImagesPage
{
    private const int Best = 5;
    private const int LeastCertain = 10;

    // Sharp on a screen with two dots per pixel, and about 6 kB each.
    private const int ThumbnailSide = 240;
    private const int ShownWidth = 150;

    /// <summary>Composes the page of <c>gmm images</c>.</summary>
    public static Page Compose(PictureClusters clusters, string folder, TimeSpan elapsed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var fit = clusters.Fit;
        var views = Views(clusters.Values, fit, folder);
        var page = new Page($"Pictures in {folder}", $"{DataInput.Count(clusters.Pictures.Count, "picture")} in "
            + $"{DataInput.Count(fit.Model.ComponentCount, "component")} by mean color");
        page.AddHeader(new Notice(FitWords.Status(fit), FitWords.IsGood(fit) ? Mark.Good : Mark.Warning));
        foreach (var warning in FitWords.Warnings(fit)) page.AddHeader(new Notice(warning));
        page.AddHeader(views[0].Facts(elapsed, [new Fact("Skipped files", Invariant($"{clusters.Skipped.Count}"))]));
        page.Add([.. Sections(clusters, views, folder, cancellation)]);
        return page.Add(new Section("Log-likelihood", views[0].LogLikelihood()));
    }

    private static List<Section> Sections(PictureClusters clusters, FitView[] views, string folder, CancellationToken cancellation)
    {
        List<Section> sections = [Components(clusters, views[0], folder, cancellation), Colors(views)];
        if (clusters.Fit.Model.ComponentCount > 1) sections.Add(Doubtful(clusters, views[0], folder, cancellation));
        if (clusters.Categories is not null) sections.Add(Categories(clusters));
        if (clusters.Skipped.Count > 0) sections.Add(Skipped(clusters));
        return sections;
    }

    private static Section Components(PictureClusters clusters, FitView view, string folder, CancellationToken cancellation)
    {
        var section = new Section("Components", view.ComponentsTable(), new Paragraph(
            $"Below, the patch before each component is its mean color. It is followed by its best {Best} pictures: those of its own where its "
            + "density, without its weight, is largest."));
        for (var k = 0; k < clusters.Fit.Model.ComponentCount; k++)
        {
            var (count, weight) = (clusters.Count(k), clusters.Fit.Model.Weights[k]);
            var color = clusters.Color(k);
            section.Add(new Subheading(
                Invariant($"Component {k}: {DataInput.Count(count, "picture")}, weight {weight:0.0000}, mean color {color.Hex}"), color));
            section.Add(count == 0
                ? new Paragraph("No picture has its largest responsibility here.")
                : Pictures(clusters, clusters.Top(k, Best), folder, i => Invariant($"density {clusters.Score(i):g4}"), cancellation));
        }
        return section;
    }

    private static Section Colors(FitView[] views) => new Section("Colors",
        new Paragraph("Every point is a picture. Red against green, green against blue, red against blue, and all three; each axis can be changed. "
            + "The numbers of the rows are those of features.csv.")).Add([.. views.Select(view => view.Scatter()), views[0].Scatter3D()]);

    private static Section Doubtful(PictureClusters clusters, FitView view, string folder, CancellationToken cancellation) => new(
        "Doubtful pictures", view.Certainty(), new Paragraph("The pictures whose largest responsibility is smallest, the most doubtful first."),
        Pictures(clusters, clusters.LeastCertain(LeastCertain), folder, i => Shares(clusters.ResponsibilitiesOf(i)), cancellation));

    // The two largest responsibilities: between which components the picture lies.
    private static string Shares(ReadOnlySpan<double> responsibilities)
    {
        var (shares, order) = (responsibilities.ToArray(), Enumerable.Range(0, responsibilities.Length).ToArray());
        return string.Join(", ", order.OrderByDescending(k => shares[k]).Take(2).Select(k => Invariant($"{shares[k]:0.000} component {k}")));
    }

    private static Block Pictures(
        PictureClusters clusters, int[] shown, string folder, Func<int, string> detail, CancellationToken cancellation)
    {
        var images = new List<GalleryImage>();
        foreach (var i in shown)
        {
            cancellation.ThrowIfCancellationRequested();
            var file = clusters.Pictures[i].File;
            try
            {
                var thumbnail = PictureFile.Thumbnail(Path.Combine(folder, file), ThumbnailSide);
                images.Add(new GalleryImage(thumbnail, "image/jpeg", file, file, detail(i)));
            }
            catch (TableFormatException)
            {
                // It was there when the colors were read. The numbers still hold, so the report goes on without the picture.
                images.Add(new GalleryImage(s_missing, "image/svg+xml", $"{file}, which is gone", file, detail(i)));
            }
        }
        return new Gallery(images, ShownWidth);
    }

    private static Section Categories(PictureClusters clusters)
    {
        var counts = clusters.Categories!;
        var table = new Table(
            ["Category", .. Enumerable.Range(0, counts.Components).Select(k => Invariant($"Component {k}")), "Sum"],
            "Pictures by category and component");
        var sums = counts.CategorySums();
        for (var i = 0; i < counts.Categories.Count; i++)
        {
            var category = i;
            table.Add([
                counts.Categories[i], .. Enumerable.Range(0, counts.Components).Select(k => (Cell)Invariant($"{counts[category, k]}")),
                Invariant($"{sums[i]}"),
            ]);
        }
        var without = counts.Unlabeled == 0 ? "" : Invariant($" {DataInput.Count(counts.Unlabeled, "picture")} without a category left out.");
        return new Section("Categories", table, new Paragraph(
            $"Adjusted Rand index: {ImagesTables.AdjustedRand(counts)}. 1 would be full agreement of components and categories, "
            + $"0 what chance gives.{without}"));
    }

    private static Section Skipped(PictureClusters clusters)
    {
        var table = new Table(["File", "Reason"], text: true);
        foreach (var (file, reason) in clusters.Skipped) table.Add(file, reason);
        return new Section("Skipped files", table);
    }

    /// <summary>
    /// Gives the same fit with its columns in three orders, since a figure begins with the first two: red and green, green and blue, red and blue.
    /// </summary>
    private static FitView[] Views(double[] values, FitResult fit, string folder) =>
        [new(new Subject(fit.Model, values, fit, folder)), View(values, fit.Model, [1, 2, 0]), View(values, fit.Model, [0, 2, 1])];

    private static FitView View(double[] values, GaussianMixture model, int[] order)
    {
        var rows = new double[values.Length];
        for (var i = 0; i < rows.Length; i++) rows[i] = values[i - i % order.Length + order[i % order.Length]];
        return new FitView(new Subject(model.Marginal(order), rows));
    }

    private static readonly byte[] s_missing =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3H0z" fill="#888"/></svg>"""u8.ToArray();
}
