using System.Globalization;
using Gmm.Data;
using Gmm.Data.Images;
using Gmm.Fast;
using Gmm.Report;

namespace Notebook;

/// <summary>Replays the document's second half on other pictures: mean colors, EM, and the stages that the document looks at.</summary>
internal sealed class PicturesPart
{
    public const int Components = 4;

    // Nothing, as in the document, where the pictures are known not to need it.
    private const double UnknownPicturesRegularization = 1e-6;

    private readonly double _regularization;

    private PicturesPart(string folder, PictureTable table, GaussianMixture? shippedStart, CancellationToken cancellation)
    {
        (Folder, Table, IsShipped) = (folder, table, shippedStart is not null);
        Colors = new NumericTable(table.Rows(), Columns.Count, Columns);
        _regularization = IsShipped ? 0 : UnknownPicturesRegularization;
        Start = shippedStart ?? RandomStart();
        Fit = After(Document.MaxIterations, cancellation);
    }

    public static IReadOnlyList<string> Columns { get; } = ["red", "green", "blue"];

    /// <summary>Gives the folder that the names of the pictures begin at.</summary>
    public string Folder { get; }

    public PictureTable Table { get; }

    /// <summary>Says whether the pictures are those that come with the program.</summary>
    public bool IsShipped { get; }

    public string Whose => IsShipped ? "synthetic pictures" : "pictures of your own folder";

    /// <summary>Holds the mean color of each picture, [N x 3].</summary>
    public NumericTable Colors { get; }

    public int Count => Colors.Rows;

    public GaussianMixture Start { get; }

    public FitResult Fit { get; }

    /// <summary>
    /// Names the picture whose scores are shown. Of those that come with the program it is the first in the labels, a sunset like the document's
    /// first; otherwise the first by name.
    /// </summary>
    public int First { get; private init; }

    public static PicturesPart OfShipped(CancellationToken cancellation)
    {
        const string FirstShipped = "sunsets_000.png";
        var table = Read(DataFolder.Pictures, cancellation);
        return new PicturesPart(DataFolder.Pictures, table, DataFolder.PicturesStart(), cancellation)
        {
            First = table.Pictures.ToList().FindIndex(picture => picture.File == FirstShipped),
        };
    }

    public static PicturesPart OfFolder(string folder, CancellationToken cancellation)
    {
        var table = Read(folder, cancellation);
        if (table.Pictures.Count < Components)
        {
            var count = Format.Count(table.Pictures.Count, "picture");
            throw new InvalidDataException($"{folder}: {count} can be used; the notebook's {Components} components need at least {Components}");
        }
        return new PicturesPart(folder, table, shippedStart: null, cancellation);
    }

    /// <summary>Gives the mean color of a picture, [3].</summary>
    public ReadOnlySpan<double> Point(int picture) => Colors.Values.AsSpan(picture * Colors.Columns, Colors.Columns);

    /// <summary>Fits, and stops after so many iterations if the fit does not end before.</summary>
    public FitResult After(int iterations, CancellationToken cancellation)
    {
        try
        {
            return Em.Run(Colors, Start, iterations, _regularization, cancellation);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"{Folder}: {e.Message}", e);
        }
    }

    /// <summary>Shows the pictures as points, with a model of them.</summary>
    public Subject Subject(GaussianMixture model, FitResult? fit = null) => new(model, Colors.Values, fit, "mean colors of the pictures");

    /// <summary>
    /// Draws responsibilities without looking at the pictures. Each picture gets one of all ways to share 1 out among the components, all equally
    /// probable: a Dirichlet distribution with all parameters 1, which is exponential variates divided by their sum.
    /// </summary>
    public double[] RandomResponsibilities(int seed)
    {
        var random = new Random(seed);
        var values = new double[Count * Components];
        for (var i = 0; i < values.Length; i += Components)
        {
            var row = values.AsSpan(i, Components);
            double sum = 0;
            foreach (ref var value in row) sum += value = -Math.Log(1 - random.NextDouble());
            foreach (ref var value in row) value /= sum;
        }
        return values;
    }

    /// <summary>Writes name and mean color of each picture as CSV, with all digits.</summary>
    public void WriteColors(Stream stream)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write($"file,{string.Join(',', Columns)}\n");
        foreach (var picture in Table.Pictures)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Cell(picture.File)},{picture.Red},{picture.Green},{picture.Blue}\n"));
        }

        static string Cell(string name) => name.AsSpan().ContainsAny(",\"\r\n")
            ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : name;
    }

    /// <summary>Computes the densities of the document's own first picture under the parameters published for 20 iterations.</summary>
    public static IReadOnlyList<Check> PublishedDensities()
    {
        var published = new GaussianMixture(CovarianceType.Full, Columns.Count, Document.DerivedWeights, Document.PublishedMeans,
            Document.PublishedCovariances);
        var logDensities = new double[Components];
        published.ComponentLogDensities(Document.FirstPicture, logDensities);
        return [.. logDensities.Select((logDensity, k) => Check.Within($"density under component {k}",
            Document.FirstPictureDensities[k], Math.Exp(logDensity), "g9", Document.FirstPictureRounding[k]))];
    }

    private static PictureTable Read(string folder, CancellationToken cancellation) =>
        PictureFolder.Read(folder, new PictureOptions { Exact = true }, cancellation);

    // The document's rule: four random pictures as means, the variances of all pictures without covariances, equal weights.
    private GaussianMixture RandomStart()
    {
        var d = Columns.Count;
        int[] order = [.. Enumerable.Range(0, Count)];
        new Random(Document.PicturesSeed).Shuffle(order);
        var (means, covariances) = (new List<double>(), new List<double>());
        for (var k = 0; k < Components; k++)
        {
            means.AddRange(Point(order[k]));
            for (var j = 0; j < d; j++)
            {
                for (var i = 0; i < d; i++) covariances.Add(i == j ? Variance(j) : 0);
            }
        }
        var weights = Enumerable.Repeat(1.0 / Components, Components).ToArray();
        return new(CovarianceType.Full, d, weights, [.. means], [.. covariances], Columns);

        double Variance(int j)
        {
            var values = Enumerable.Range(0, Count).Select(i => Point(i)[j]).ToArray();
            var mean = values.Average();
            return values.Average(value => (value - mean) * (value - mean)) + _regularization;
        }
    }
}
