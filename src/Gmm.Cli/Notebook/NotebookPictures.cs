using Gmm.Cli.Images;
using Gmm.Data.Images;
using Gmm.Fast;
using Gmm.Report;

namespace Gmm.Cli.Notebook;

/// <summary>The document's second half on pictures that are not the document's: mean colors, EM, and the stages that it looks at.</summary>
internal sealed class NotebookPictures
{
    public const int Components = 4;

    // Nothing, as in the document, where the pictures are known not to need it.
    private const double UnknownPicturesRegularization = 1e-6;

    private readonly FitOptions _options;

    private NotebookPictures(string folder, bool isShipped, PictureTable table, CancellationToken cancellation)
    {
        (Folder, IsShipped, Table, Rows) = (folder, isShipped, table, table.Rows());
        var open = new FitOptions { Components = Components, Seed = NotebookDocument.PicturesSeed, ColumnNames = ImagesStart.Columns };
        Regularization = isShipped ? 0 : UnknownPicturesRegularization;
        Start = isShipped
            ? NotebookData.PicturesStart()
            : ImagesStart.Model(Rows, open with { Regularization = Regularization }, cancellation);
        _options = NotebookPoints.Options(Start, ImagesStart.Columns, NotebookDocument.MaxIterations) with { Regularization = Regularization };
        Fit = After(NotebookDocument.MaxIterations, cancellation);
    }

    /// <summary>Where the pictures lie.</summary>
    public string Folder { get; }

    /// <summary>Whether they are those that come with the tool.</summary>
    public bool IsShipped { get; }

    public PictureTable Table { get; }

    /// <summary>[N x 3].</summary>
    public double[] Rows { get; }

    public double Regularization { get; }

    public GaussianMixture Start { get; }

    public FitResult Fit { get; }

    public PictureLabels? Labels => IsShipped ? LabelsFile.Read(NotebookData.Labels) : null;

    /// <summary>
    /// The picture whose scores are shown: of those that come with the tool the first in the labels, a sunset like the document's first; otherwise
    /// the first by name.
    /// </summary>
    public int First { get; private init; }

    public static NotebookPictures Replay(string? folder, StandardStreams streams, CancellationToken cancellation)
    {
        const string FirstShipped = "sunsets_000.png";
        var place = folder ?? NotebookData.Pictures;
        var table = PictureFolder.Read(place, new PictureOptions { Exact = true }, cancellation);
        foreach (var skipped in table.Skipped) streams.Warn($"{skipped.File}: {skipped.Reason}");
        var count = table.Pictures.Count;
        if (count < Components)
        {
            throw CommandFailure.Input($"{place}: {(count == 0 ? "there is no picture" : $"there {(count == 1 ? "is" : "are")} only "
                + DataInput.Count(count, "picture"))} that can be used; the notebook's {Components} components need at least {Components}");
        }
        return new NotebookPictures(place, folder is null, table, cancellation)
        {
            First = folder is null ? Math.Max(0, table.Pictures.ToList().FindIndex(picture => picture.File == FirstShipped)) : 0,
        };
    }

    /// <summary>The fit, stopped after so many iterations if it has not ended before.</summary>
    public FitResult After(int iterations, CancellationToken cancellation)
    {
        try
        {
            var fit = MixtureFit.Fit(Rows, ImagesStart.Columns.Count, _options with { MaxIterations = iterations }, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return fit;
        }
        catch (ArgumentException e)
        {
            throw CommandFailure.Input($"{Folder}: {e.Message.Split(" (Parameter '")[0]}", e);
        }
    }

    /// <summary>The pictures as points, with a model of them.</summary>
    public Subject Subject(GaussianMixture model, FitResult? fit = null) => new(model, Rows, fit, "mean colors of the pictures");

    /// <summary>
    /// Responsibilities drawn without looking at the pictures: for each, uniform among all ways to share 1 out among the components (a Dirichlet
    /// distribution with all parameters 1: exponential variates, divided by their sum).
    /// </summary>
    public double[] RandomResponsibilities(int seed)
    {
        var random = new Random(seed);
        var values = new double[Table.Pictures.Count * Components];
        for (var i = 0; i < values.Length; i += Components)
        {
            var row = values.AsSpan(i, Components);
            double sum = 0;
            foreach (ref var value in row) sum += value = -Math.Log(1 - random.NextDouble());
            foreach (ref var value in row) value /= sum;
        }
        return values;
    }

    /// <summary>The densities of the document's own first picture under the parameters published for 20 iterations, by this program.</summary>
    public static IReadOnlyList<NotebookCheck> PublishedDensities()
    {
        var published = new GaussianMixture(CovarianceType.Full, 3, NotebookDocument.DerivedWeights, NotebookDocument.PublishedMeans,
            NotebookDocument.PublishedCovariances);
        var logDensities = new double[Components];
        published.ComponentLogDensities(NotebookDocument.FirstPicture, logDensities);
        return [.. logDensities.Select((logDensity, k) => NotebookCheck.Within($"density under component {k}",
            NotebookDocument.FirstPictureDensities[k], Math.Exp(logDensity), "g9", NotebookDocument.FirstPictureRounding[k]))];
    }
}
