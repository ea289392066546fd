using Gmm.Data.Images;
using Gmm.Data.Images.Clustering;
using Gmm.Fast;
using Gmm.Report;

namespace Gmm.Cli.Images;

/// <summary>Holds what a fit says of each picture.</summary>
internal sealed class PictureClusters
{
    private readonly double[] _logScores;

    /// <param name="pictures">The pictures that were fitted.</param>
    /// <param name="fit">To their rows.</param>
    /// <param name="labels">The categories; null: those of the sub-folders.</param>
    /// <param name="skipped">The files that are no pictures.</param>
    public PictureClusters(PictureTable pictures, FitResult fit, PictureLabels? labels, IReadOnlyList<SkippedPicture> skipped)
    {
        (Pictures, Fit, Skipped) = (pictures.Pictures, fit, skipped);
        Values = pictures.Rows();
        var (n, k, d) = (Pictures.Count, fit.Model.ComponentCount, fit.Model.Dimension);
        var densities = new double[n * k];
        Labels = new int[n];
        Responsibilities = new double[n * k];
        fit.Model.Score(new Points(Values, d), new ScoreOutputs
        {
            Labels = Labels,
            Responsibilities = Responsibilities,
            ComponentLogDensities = densities,
        });
        _logScores = [.. Labels.Select((label, i) => densities[i * k + label])];

        string?[] categories = [.. Pictures.Select(picture => labels is null ? picture.Category : labels.CategoryOf(picture.File))];

        // A single sub-folder beside loose pictures is an accident of storage, nothing to compare with.
        var fewest = labels is null ? 2 : 1;
        Categories = categories.OfType<string>().Distinct().Count() < fewest ? null : Contingency.Count(categories, Labels, k);
    }

    public IReadOnlyList<Picture> Pictures { get; }

    public IReadOnlyList<SkippedPicture> Skipped { get; }

    public FitResult Fit { get; }

    /// <summary>[N x 3] red, green, blue.</summary>
    public double[] Values { get; }

    /// <summary>[N] components.</summary>
    public int[] Labels { get; }

    /// <summary>[N x K].</summary>
    public double[] Responsibilities { get; }

    /// <summary>Categories against components; null where there are none to compare with.</summary>
    public Contingency? Categories { get; }

    /// <summary>Computes the score of the course notebook: the density of the picture's own component there, without the weight.</summary>
    public double Score(int picture) => Math.Exp(_logScores[picture]);

    public ReadOnlySpan<double> ResponsibilitiesOf(int picture) =>
        Responsibilities.AsSpan(picture * Fit.Model.ComponentCount, Fit.Model.ComponentCount);

    /// <summary>Counts how many pictures belong to a component.</summary>
    public int Count(int component) => Labels.Count(label => label == component);

    /// <summary>Finds the pictures of a component with the largest scores, the best first, of equals the first.</summary>
    public int[] Top(int component, int count) =>
        [.. Enumerable.Range(0, Labels.Length).Where(i => Labels[i] == component).OrderByDescending(i => _logScores[i]).Take(count)];

    /// <summary>Finds the pictures with the smallest largest responsibility, the least certain first, of equals the first.</summary>
    public int[] LeastCertain(int count)
    {
        var k = Fit.Model.ComponentCount;
        return [.. Enumerable.Range(0, Labels.Length).OrderBy(i => Responsibilities[i * k + Labels[i]]).Take(count)];
    }

    /// <summary>Gives the mean of a component as a color of the screen; the values of the pictures are in 256ths.</summary>
    public Rgb Color(int component)
    {
        var mean = Fit.Model.Mean(component);
        return new Rgb(Level(mean[0]), Level(mean[1]), Level(mean[2]));
    }

    private static byte Level(double value) => (byte)Math.Clamp(Math.Round(256 * value), 0, 255);
}
