using Gmm.Data.Images;
using Gmm.Data.Images.Clustering;
using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Html;

namespace Notebook;

/// <summary>Writes step 12 of the page: the best pictures of each component. Colors, doubtful pictures and categories follow.</summary>
internal sealed class GroupSections
{
    private const int Best = 5;
    private const int LeastCertain = 10;

    // Sharp on a screen with two dots per pixel, and about 6 kB each.
    private const int ThumbnailSide = 240;
    private const int ShownWidth = 150;

    private readonly PicturesPart _pictures;
    private readonly GaussianMixture _model;
    private readonly FitView _view;
    private readonly CancellationToken _cancellation;
    private readonly int[] _labels;
    private readonly double[] _logScores;
    private readonly double[] _responsibilities;

    public GroupSections(PicturesPart pictures, CancellationToken cancellation)
    {
        (_pictures, _model, _cancellation) = (pictures, pictures.Fit.Model, cancellation);
        _view = new FitView(pictures.Subject(_model, pictures.Fit));
        _labels = new int[pictures.Count];
        _responsibilities = new double[pictures.Count * PicturesPart.Components];
        var logDensities = new double[_responsibilities.Length];
        _model.Score(new Points(pictures.Colors.Values, pictures.Colors.Columns), new ScoreOutputs
        {
            Labels = _labels,
            Responsibilities = _responsibilities,
            ComponentLogDensities = logDensities,
        });
        _logScores = [.. _labels.Select((label, i) => logDensities[i * PicturesPart.Components + label])];
    }

    public IReadOnlyList<Section> All()
    {
        List<Section> sections = [Groups(), Colors(), Doubtful()];
        if (Categories() is { } categories) sections.Add(categories);
        if (_pictures.Table.Skipped.Count > 0) sections.Add(Skipped());
        return sections;
    }

    private Section Groups()
    {
        var section = new Section("12. The five best pictures of each component, and more",
            new Paragraph("The document ends with the five pictures that each component explains best, by the score of step 10: the density of the "
                + $"component itself, without its weight. Here they are for the {_pictures.Whose}. "
                + $"{(_pictures.IsShipped ? "The categories are known but were not used for the fit. " : "")}"
                + "The patch before each component is its mean color."),
            _view.ComponentsTable());
        for (var k = 0; k < PicturesPart.Components; k++)
        {
            var own = Enumerable.Range(0, _labels.Length).Where(i => _labels[i] == k).ToArray();
            var color = Color(k);
            section.Add(new Subheading($"Component {k}: {Format.Count(own.Length, "picture")}, weight {Format.Fixed(_model.Weights[k], 4)}, "
                + $"mean color {color.Hex}", color));
            section.Add(own.Length == 0
                ? new Paragraph("No picture has its largest responsibility here.")
                : Gallery(own.OrderByDescending(i => _logScores[i]).Take(Best), i => $"density {Format.Digits(Math.Exp(_logScores[i]), 4)}"));
        }
        return section;
    }

    private Section Colors() => new("Colors",
        new Paragraph("Every point is a picture. Each axis can be changed. The numbers of the rows are those of 7-pictures-features.csv."),
        _view.Scatter(), _view.Scatter3D());

    private Section Doubtful() => new("Doubtful pictures",
        _view.Certainty(),
        new Paragraph("The pictures whose largest responsibility is smallest, the most doubtful first."),
        Gallery(Enumerable.Range(0, _labels.Length).OrderBy(i => Responsibility(i, _labels[i])).Take(LeastCertain), Shares));

    // The two largest responsibilities: between which components the picture lies.
    private string Shares(int picture) => string.Join(", ", Enumerable.Range(0, PicturesPart.Components)
        .OrderByDescending(k => Responsibility(picture, k)).Take(2).Select(k => $"{Format.Fixed(Responsibility(picture, k), 3)} component {k}"));

    private double Responsibility(int picture, int component) => _responsibilities[picture * PicturesPart.Components + component];

    private Gallery Gallery(IEnumerable<int> shown, Func<int, string> detail)
    {
        var images = new List<GalleryImage>();
        foreach (var i in shown)
        {
            _cancellation.ThrowIfCancellationRequested();
            var file = _pictures.Table.Pictures[i].File;
            var thumbnail = PictureFile.Thumbnail(Path.Combine(_pictures.Folder, file), ThumbnailSide);
            images.Add(new GalleryImage(thumbnail, "image/jpeg", file, file, detail(i)));
        }
        return new Gallery(images, ShownWidth);
    }

    private Section? Categories()
    {
        var files = _pictures.Table.Pictures;
        var labels = _pictures.IsShipped ? LabelsFile.Read(DataFolder.Labels) : null;
        string?[] categories = [.. files.Select(picture => labels is null ? picture.Category : labels.CategoryOf(picture.File))];
        if (categories.OfType<string>().Distinct().Count() < 2) return null;

        var counts = Contingency.Count(categories, _labels, PicturesPart.Components);
        var components = Enumerable.Range(0, PicturesPart.Components);
        var table = new Table(["Category", .. components.Select(k => $"Component {k}"), "Sum"], "Pictures by category and component");
        var sums = counts.CategorySums();
        for (var i = 0; i < counts.Categories.Count; i++)
        {
            var category = i;
            table.Add([counts.Categories[i], .. components.Select(k => (Cell)$"{counts[category, k]}"), $"{sums[i]}"]);
        }
        var index = AdjustedRandIndex.Of(counts) is { } value ? Format.Fixed(value, 4) : "undefined for fewer than two pictures";
        var without = counts.Unlabeled == 0 ? "" : $" Without a category, and left out: {Format.Count((int)counts.Unlabeled, "picture")}.";
        return new Section("Categories", table, new Paragraph(
            $"Adjusted Rand index: {index}. 1 would be full agreement of components and categories, 0 is that of chance.{without}"));
    }

    private Section Skipped()
    {
        var table = new Table(["File", "Reason"], text: true);
        foreach (var (file, reason) in _pictures.Table.Skipped) table.Add(file, reason);
        return new Section("Skipped files", table);
    }

    // The values of the pictures are in 256ths.
    private Rgb Color(int component)
    {
        var mean = _model.Mean(component);
        return new Rgb(Level(mean[0]), Level(mean[1]), Level(mean[2]));
        static byte Level(double value) => (byte)Math.Clamp(Math.Round(256 * value), 0, 255);
    }
}
