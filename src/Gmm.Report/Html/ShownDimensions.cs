using Gmm.Fast;

namespace Gmm.Report.Html;

/// <summary>
/// Which dimensions a page offers for its axes. All of them up to <see cref="Most"/>; beyond, those in which the components lie farthest apart: the
/// variance of the means, weighted, over the mean variance within the components. Fewer where very many components would need too many covariances.
/// </summary>
internal static class ShownDimensions
{
    public const int Most = 32;

    private const int Fewest = 3;
    private const int MostCovariances = 200_000;

    public static int[] Of(GaussianMixture model)
    {
        var d = model.Dimension;
        var limit = Most;
        while (limit > Fewest && (long)model.ComponentCount * limit * (limit + 1) / 2 > MostCovariances) limit--;
        if (d <= limit) return [.. Enumerable.Range(0, d)];
        var separation = Separation(model);
        return [.. Enumerable.Range(0, d).OrderByDescending(j => separation[j]).Take(limit).Order()];
    }

    private static double[] Separation(GaussianMixture model)
    {
        var d = model.Dimension;
        double[] mean = new double[d], square = new double[d], within = new double[d];
        for (var k = 0; k < model.ComponentCount; k++)
        {
            for (var j = 0; j < d; j++) mean[j] += model.Weights[k] * model.Mean(k)[j];
        }
        for (var k = 0; k < model.ComponentCount; k++)
        {
            for (var j = 0; j < d; j++)
            {
                var delta = model.Mean(k)[j] - mean[j];
                square[j] += model.Weights[k] * delta * delta;
                within[j] += model.Weights[k] * model.Variance(k, j);
            }
        }
        return [.. square.Zip(within, (between, inside) => between / inside)];
    }
}
