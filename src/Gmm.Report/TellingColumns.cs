using Gmm.Fast;

namespace Gmm.Report;

/// <summary>
/// Finds the dimensions that tell the components of a mixture apart: those in which their means lie farthest apart, beside their own spread. The
/// measure is the variance of the means, weighted, over the mean variance within the components.
/// </summary>
public static class TellingColumns
{
    /// <summary>Gives the most telling dimensions, ascending; of equals the first, and all of them where there are no more.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="most">How many, at least 1.</param>
    public static int[] Of(GaussianMixture model, int most)
    {
        ArgumentNullException.ThrowIfNull(model);
        Require.AtLeast(nameof(most), most, 1);
        if (model.Dimension <= most) return [.. Enumerable.Range(0, model.Dimension)];
        var separation = Separation(model);
        return [.. Enumerable.Range(0, model.Dimension).OrderByDescending(j => separation[j]).Take(most).Order()];
    }

    private static double[] Separation(GaussianMixture model)
    {
        var d = model.Dimension;
        double[] mean = new double[d], square = new double[d], within = new double[d];
        for (var k = 0; k < model.ComponentCount; k++)
        {
            var center = model.Mean(k);
            for (var j = 0; j < d; j++) mean[j] += model.Weights[k] * center[j];
        }
        for (var k = 0; k < model.ComponentCount; k++)
        {
            var center = model.Mean(k);
            for (var j = 0; j < d; j++)
            {
                var delta = center[j] - mean[j];
                square[j] += model.Weights[k] * delta * delta;
                within[j] += model.Weights[k] * model.Variance(k, j);
            }
        }
        return [.. square.Zip(within, (between, inside) => between / inside)];
    }
}
