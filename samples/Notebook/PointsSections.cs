using Gmm.Fast;
using Gmm.Report;
using Gmm.Report.Figures;
using Gmm.Report.Html;

namespace Notebook;

/// <summary>Writes steps 1 to 6 of the page: the points.</summary>
internal sealed class PointsSections(PointsPart points, ResultFolder files)
{
    private const string FitCommand = "gmm fit data/notebook.csv --init data/notebook-init.json \\\n    --stop total --tol 1e-4 --reg-covar 0";

    private static readonly string[] s_places = ["first (0)", "second (1)", "third (2)"];

    public IReadOnlyList<Section> All() => [Data(), Likelihood(), Convergence(), Quiz(), Progress(), Trace()];

    private Section Data()
    {
        var table = new Table(["Component", "Weight", "Mean", "Covariance"], "The mixture that the points were drawn from");
        for (var k = 0; k < points.Truth.ComponentCount; k++)
        {
            table.Add(Place(k), Format.Fixed(points.Truth.Weights[k], 2), Format.Vector(points.Truth.Mean(k), 0),
                Format.Covariance(points.Truth, k, 2));
        }
        return new Section("1. The points",
            new Paragraph("The document begins by making data whose origin is known: 100 points in the plane, each drawn from one of three normal "
                + "distributions (clouds of points, round or oval). Which of the three it is, chance decides with the probabilities below, the "
                + "weights. The task of all that follows is to find the three clouds again from the points alone. On this page they have the "
                + "numbers and colors that the fit of step 3 gives them; data/notebook-truth.json has the document's order."),
            table,
            files.Figure("1-points-and-truth.png", Figure.Components(points.Subject(points.Truth)),
                "The 100 points and the mixture that they were drawn from: ellipses at 1 and 2 standard deviations, contours of the density."),
            new Paragraph("These are the document's own points, not new ones: its random numbers come from numpy's legacy generator (seed 4), and "
                + "all 17 digits of its result are in data/notebook.csv. Numbers that the document may print in this step are "
                + "not known here. New points of the same mixture:"),
            new Preformatted("gmm sample data/notebook-truth.json -n 100"));
    }

    private Section Likelihood() => new("2. How good is a mixture? The log-likelihood",
        new Paragraph("The log-likelihood of a mixture is the sum, over all points, of the logarithm of its density there. The larger it is, the "
            + "better the mixture explains the points. For a point far from all components the densities are too small for a computer's numbers, "
            + "and their sum would be 0; the document therefore adds them by their logarithms (\"log-sum-exp\": take out the largest one first). "
            + "This program does so too, and also where the document does not, in the responsibilities."),
        Check.Table(points.Likelihood, "Log-likelihood of the 100 points under the start parameters of step 3"),
        new Paragraph("The printed value is that of another public copy of the same notebook, which prints the whole list that the document only "
            + "plots (step 6)."));

    private Section Convergence()
    {
        files.Write("3-model.json", "The mixture after convergence, with the log-likelihood of every iteration.", points.Fit.Save);
        return new Section("3. The EM algorithm, from the given start to convergence",
            new Paragraph("EM repeats two steps. E: for each point, the probability that each component made it, its responsibility. M: for each "
                + "component, a new weight, mean and covariance from all points, weighted by its responsibilities. No iteration can lower the "
                + "log-likelihood."),
            new Paragraph($"The start: three of the points as means (rows {Document.StartRows[0]}, {Document.StartRows[1]} and "
                + $"{Document.StartRows[2]}, counted from 0; the document chose them at random), the covariance of all points for each "
                + "component, equal weights. The end: the total log-likelihood rises by less than 0.0001."),
            new Notice($"Ours: {points.Fit.Iterations} iterations, log-likelihood {Format.Fixed(points.Fit.TotalLogLikelihood, 10)}.",
                points.Fit.Iterations == Document.Trace.Length - 1 ? Mark.Good : Mark.Warning),
            Check.Table(points.Convergence, "All known numbers that the document prints about the result"),
            new Paragraph("A number agrees when it differs by at most half a unit of the last printed digit (weights, printed with all digits of a "
                + "double: by at most 1e-12 of the value, since sums in another order round otherwise). Differences are ours minus printed. The log "
                + "counts iterations from 0 and prints each fifth and the last."),
            Found(),
            new Paragraph("The three clouds were found, though not exactly: 100 points do not tell more, and how many of them come from each cloud "
                + "is chance too."),
            new Preformatted($"{FitCommand} --max-iter {Document.MaxIterations} -o 3-model.json"));
    }

    private Table Found()
    {
        var model = points.Fit.Model;
        var table = new Table(["Component", "Weight: true", "found", "Mean: true", "found", "Covariance: true", "found"],
            "The mixture found, beside the one that the points were drawn from");
        for (var k = 0; k < s_places.Length; k++)
        {
            table.Add(Place(k), Format.Fixed(points.Truth.Weights[k], 2),
                Format.Fixed(model.Weights[k], 2), Format.Vector(points.Truth.Mean(k), 0), Format.Vector(model.Mean(k), 2),
                Format.Covariance(points.Truth, k, 2), Format.Covariance(model, k, 2));
        }
        return table;
    }

    private static Cell Place(int k) => new(s_places[k], Swatch: Palette.Component(k));

    private Section Quiz() => new("4. Quiz: three of these numbers",
        new Paragraph("The document asks for one weight, one mean and one variance of the result, rounded to three decimals."),
        Check.Table(points.Quiz));

    private Section Progress()
    {
        files.Write("5-model-after-12.json", "The mixture after 12 iterations.", points.Early.Save);
        (string Title, GaussianMixture Model)[] stages =
        [
            ("At the start", points.Start), ("After 12 iterations", points.Early.Model),
            ($"Converged, after {points.Fit.Iterations}", points.Fit.Model),
        ];
        var table = new Table(["Component", "", "Weight", "Mean", "Covariance"]);
        for (var k = 0; k < s_places.Length; k++)
        {
            foreach (var (title, model) in stages)
            {
                table.Add(Place(k), title, Format.Fixed(model.Weights[k], 3), Format.Vector(model.Mean(k), 2),
                    Format.Covariance(model, k, 2));
            }
        }
        return new Section("5. What changes on the way",
            new Paragraph("The document draws the components three times: at the start, after 12 iterations and at the end."),
            files.Figure("5-components-on-the-way.png", Figure.Progress(points.Subject(points.Fit.Model), stages),
                "The components at the start, after 12 iterations and at convergence; each point has the components' colors mixed by its "
                    + "responsibilities."),
            table,
            new Paragraph("The document's numbers for these parameters are not known here. Its log of the run of 12 is:"),
            Check.Table(points.Progress),
            new Paragraph($"Quiz: what changes between the start and the end? {Answer()}"),
            new FitView(points.Subject(points.Fit.Model, points.Fit)).Scatter(),
            new Preformatted($"{FitCommand} --max-iter {Document.EarlyIterations} -o 5-model-after-12.json"));
    }

    // In words, but from the numbers: how far the means went, and which correlations the components ended with.
    private string Answer()
    {
        var (start, end) = (points.Start, points.Fit.Model);
        var moves = Enumerable.Range(0, end.ComponentCount).Select(k =>
            Format.Fixed(Math.Sqrt(Math.Pow(end.Mean(k)[0] - start.Mean(k)[0], 2) + Math.Pow(end.Mean(k)[1] - start.Mean(k)[1], 2)), 2));
        return $"The means move (by {string.Join(", ", moves)}) to the middles of the clouds, and the shapes adapt: at the start all three ellipses "
            + $"are equally large and lean the same way (correlation {Correlation(start, 0)}); at the end each has the size and the direction of its "
            + "own cloud "
            + $"(correlations {string.Join(", ", Enumerable.Range(0, end.ComponentCount).Select(k => Correlation(end, k)))}). The weights change "
            + "too.";
    }

    private static string Correlation(GaussianMixture model, int k)
    {
        var matrix = Format.Covariance(model, k);
        return Format.Fixed(matrix[1] / Math.Sqrt(matrix[0] * matrix[3]), 2);
    }

    private Section Trace()
    {
        const int Skipped = 3;
        var rises = points.SmallestRise > 0;
        return new Section("6. The log-likelihood over the iterations",
            new Beside(
                files.Figure("6-log-likelihood.png", Figure.LogLikelihood(points.Fit.Trace), "Log-likelihood at the start and after each iteration."),
                files.Figure("6-log-likelihood-without-first-3.png", Figure.LogLikelihood(points.Fit.Trace, Skipped),
                    "The same without the first three values, which hide the rest.")),
            new Notice(rises
                ? "Quiz: is the log-likelihood increasing all the time? Yes: the smallest rise of any iteration is "
                    + $"{Format.Small(points.SmallestRise)}."
                : "Quiz: is the log-likelihood increasing all the time? Here not: one iteration changed it by "
                    + $"{Format.Small(points.SmallestRise)}.",
                rises ? Mark.Good : Mark.Warning),
            new Paragraph("The steep part in the middle is the moment at which the first component lets go of the large cloud. The document plots "
                + "these values. Another public copy of it prints them; ours stand beside those:"),
            Check.Table(points.Trace));
    }
}
