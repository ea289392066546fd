using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Figures;
using Gmm.Report.Html;

namespace Notebook;

/// <summary>Writes steps 7 to 11 of the page: the pictures and their fit.</summary>
internal sealed class PicturesSections(PicturesPart pictures, ResultFolder files, CancellationToken cancellation)
{
    private const string Different = "other data";
    private const int Stage = Document.PublishedIterations;
    private const int RandomSeed = 1;

    private readonly FitResult _fit = pictures.Fit;

    public IReadOnlyList<Section> All() => [Data(), Trace(), Published(), First(), Responsibilities()];

    private Section Data()
    {
        var section = new Section("7. Pictures as points",
            new Paragraph("The second half of the document applies the same algorithm to pictures. Each picture becomes one point with three "
                + "coordinates: its mean red, green and blue (the sum over all pixels divided by 256 x width x height). Four components are to find "
                + "groups of pictures of similar colors."),
            new Notice(pictures.IsShipped
                ? $"Not the document's data. Its {Format.Count(Document.Pictures)} photographs of sunsets, rivers, forests and cloudy "
                    + $"skies are not ours to give away, and their table of colors could not be found. {Format.Count(pictures.Count)} synthetic "
                    + "pictures stand in, painted by a script in the same four categories and proportions, their mean colors drawn from the color "
                    + "statistics that were published for the document's. No number of this half can be expected to be the document's."
                : $"Not the document's data: {Format.Count(pictures.Count)} pictures of a folder of your own. The document's "
                    + $"{Format.Count(Document.Pictures)} pictures could not be had. No number of this half can be expected to be the "
                    + "document's."),
            new Paragraph("The start, by the document's rule: four pictures, chosen at random, as means; the variances of all pictures, and no "
                + "covariances; equal weights. The end: the total log-likelihood rises by less than 0.0001. "
                + (pictures.IsShipped
                    ? "Which four pictures, data/pictures-init.json says."
                    : $"The four pictures are drawn with seed {Document.PicturesSeed}. Unlike the document, 0.000001 is added to each "
                        + "variance: two of your pictures might have the same color.")));
        var start = new Table(["Component", .. PicturesPart.Columns], "Means at the start");
        for (var k = 0; k < PicturesPart.Components; k++)
        {
            var mean = pictures.Start.Mean(k).ToArray();
            start.Add([new Cell($"{k}", Swatch: Palette.Component(k)), .. mean.Select(value => (Cell)Format.Fixed(value, 6))]);
        }
        files.Write("7-pictures-features.csv", "Name and mean color of each picture.", pictures.WriteColors);
        return section.Add(start);
    }

    private Section Trace()
    {
        files.Write("8-pictures-model.json", "The mixture of the pictures after convergence.", _fit.Save);
        var rises = Enumerable.Range(1, _fit.Iterations).All(i => _fit.Trace[i] > _fit.Trace[i - 1]);
        return new Section("8. The fit, and its log-likelihood",
            new Notice(FitWords.Status(_fit), FitWords.IsGood(_fit) ? Mark.Good : Mark.Warning),
            Beside([
                ("last line of the log", Document.PicturesLastLine, _fit.Iterations == 0 ? "" : Format.Log(_fit.Iterations)[^1]),
                ("pictures", Format.Count(Document.Pictures), Format.Count(pictures.Count)),
                ("log-likelihood at the end", "about 3471, read off a plot", Format.Fixed(_fit.TotalLogLikelihood, 4)),
            ]),
            files.Figure("8-pictures-log-likelihood.png", Figure.LogLikelihood(_fit.Trace, name: pictures.Whose),
                "Log-likelihood of the pictures over the iterations."),
            new Paragraph(rises
                ? "As with the points, every iteration raises the log-likelihood. It can be above 0: on a small range of colors densities are "
                    + "above 1."
                : "Here not every iteration raised the log-likelihood."));
    }

    private Section Published()
    {
        var model = pictures.After(Stage, cancellation).Model;
        var lines = new List<(string, string, string)>();
        for (var k = 0; k < PicturesPart.Components; k++)
        {
            var mean = Format.Vector(Document.PublishedMeans.AsSpan(k * 3, 3), 8);
            lines.Add(($"mean of component {k}", mean, Format.Vector(model.Mean(k), 8)));
            var variances = new[] { 0, 4, 8 }.Select(i => Document.PublishedCovariances[k * 9 + i]).ToArray();
            lines.Add(($"variances of component {k}", Format.Vector(variances, 8), Format.Vector(Variances(model, k), 8)));
        }
        return new Section($"9. The components in colors, and the published parameters after {Stage} iterations",
            files.Figure("9-pictures-red-green.png", Figure.Components(pictures.Subject(_fit.Model, _fit), (0, 1)), "Red and green of the pictures, "
                + "after convergence."),
            files.Figure("9-pictures-green-blue.png", Figure.Components(pictures.Subject(_fit.Model, _fit), (1, 2)), "Green and blue of the "
                + "pictures, after convergence."),
            files.Figure("9-pictures-red-blue.png", Figure.Components(pictures.Subject(_fit.Model, _fit), (0, 2)), "Red and blue of the pictures, "
                + "after convergence."),
            new Paragraph($"For the document's own pictures the parameters after {Stage} iterations were published. They stand here for the order of "
                + "magnitude: other pictures and another start give other numbers, and component 0 there need not be component 0 here."),
            Beside(lines));
    }

    private Section First()
    {
        var model = _fit.Model;
        var point = pictures.Point(pictures.First);
        var (logDensities, responsibilities) = (new double[PicturesPart.Components], new double[PicturesPart.Components]);
        model.ComponentLogDensities(point, logDensities);
        model.Responsibilities(point, responsibilities);
        var picture = pictures.Table.Pictures[pictures.First];
        var table = new Table(["Component", "Density (score)", "Weight", "Responsibility"], $"{picture.File}: mean color "
            + $"{Format.Vector(point, 6)}");
        for (var k = 0; k < PicturesPart.Components; k++)
        {
            table.Add(new Cell($"{k}", Swatch: Palette.Component(k)), Score(logDensities[k]),
                Format.Fixed(model.Weights[k], 4), Format.Digits(responsibilities[k], 6));
        }
        var published = new Table(["Component", "Printed responsibility"], "The document's first picture, one iteration before those densities");
        for (var k = 0; k < PicturesPart.Components; k++) published.Add($"{k}", Document.FirstPictureResponsibilities[k]);
        return new Section("10. One picture: scores, assignment, responsibilities",
            new Paragraph("How well does each component explain the first picture? Its score is the density of the component at the picture's "
                + "color, without the component's weight. The responsibilities weigh the scores and add up to 1; the picture is assigned to the "
                + "largest."),
            table,
            new Notice($"{picture.File} is assigned to component {model.Label(point)}.", Mark.None),
            new Paragraph("The document's own first picture (a sunset, 259 x 194 pixels) is one of which the color is known to all digits: "
                + $"{Format.Vector(Document.FirstPicture, 16)}. Its printed scores belong to the published parameters of step 9, so "
                + "they can be computed again, whatever pictures stand in:"),
            Check.Table(PicturesPart.PublishedDensities(), "Scores of the document's own first picture under the document's own "
                + "parameters"),
            new Paragraph("The parameters are known to 8 decimals only. A score agrees when that rounding can explain the difference: up to 0.014 "
                + "%, 0.12 %, 0.0039 % and 0.00008 % (found by moving the parameters at random within it). The fourth score stands in another "
                + "public copy."),
            published);
    }

    private Section Responsibilities()
    {
        var last = _fit.Iterations;
        var steps = new List<(string, double[])> { ("Random", pictures.RandomResponsibilities(RandomSeed)) };
        foreach (var stage in new[] { 1, Stage }.Where(i => i < last)) steps.Add(($"After {Format.Count(stage, "iteration")}", Of(stage)));
        if (last > 0) steps.Add(($"{(_fit.Converged ? "Converged" : "End")}, after {last}", Of(last)));
        return new Section("11. Responsibilities over the iterations",
            new Paragraph("The pictures in the plane of red and blue, each in the components' colors mixed by its responsibilities: four times, as "
                + "in the document."),
            files.Figure("11-pictures-responsibilities.png", Figure.Responsibilities(pictures.Subject(_fit.Model), steps, (0, 2)),
                "Red and blue of the pictures with responsibilities drawn at random, after 1 iteration, after 20 and at the end."),
            new Paragraph("The random ones are drawn here, for each picture without looking at it, uniformly among all ways to share 1 out among "
                + $"four components (seed {RandomSeed} of .NET's generator; the document's own draw is not known here). The others are those of the "
                + "E step of the last iteration, so from the parameters before it, as in the document: after 1 iteration, those of the start."));

        double[] Of(int iteration) => pictures.Subject(pictures.After(iteration - 1, cancellation).Model).Responsibilities();
    }

    private static Table Beside(IReadOnlyList<(string What, string Printed, string Ours)> lines)
    {
        var table = new Table(["", "Published, other data", "Ours", "Agree"]);
        foreach (var (what, printed, ours) in lines) table.Add(what, printed, ours, new Cell(Different, Mark.Warning));
        return table;
    }

    private static double[] Variances(GaussianMixture model, int k)
    {
        var matrix = Format.Covariance(model, k);
        return [matrix[0], matrix[4], matrix[8]];
    }

    // Below the range of a double the power of e is what can be said.
    private static string Score(double logDensity) =>
        logDensity < -700 ? $"e^{Format.Fixed(logDensity, 0)}" : Format.Digits(Math.Exp(logDensity), 6);
}
