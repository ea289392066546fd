namespace Gmm.Report;

/// <summary>Points of equal Mahalanobis distance from a component, seen in two of its dimensions.</summary>
public static class Ellipse
{
    /// <summary>
    /// The closed polygon mean + radius L (cos t, sin t), L the Cholesky factor of the 2 x 2 marginal covariance: exact on any pair of axes, unlike
    /// an ellipse rotated in pixels. The first point comes again at the end.
    /// </summary>
    /// <param name="model">The mixture.</param>
    /// <param name="k">The component.</param>
    /// <param name="xDimension">Dimension on the horizontal axis.</param>
    /// <param name="yDimension">Dimension on the vertical axis, another one.</param>
    /// <param name="radius">In standard deviations.</param>
    /// <param name="corners">Number of different corners, at least 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such component or dimension, or there are fewer corners.</exception>
    public static (double[] X, double[] Y) Polygon(
        Gmm.Fast.GaussianMixture model, int k, int xDimension, int yDimension, double radius, int corners = 96)
    {
        ArgumentNullException.ThrowIfNull(model);
        Require.AtLeast(nameof(corners), corners, 3);
        Require.Range(nameof(k), k, 0, model.ComponentCount - 1);
        Require.Range(nameof(xDimension), xDimension, 0, model.Dimension - 1);
        Require.Range(nameof(yDimension), yDimension, 0, model.Dimension - 1);
        var (xx, xy, yy) = (model.Variance(k, xDimension), model.Covariance(k, yDimension, xDimension), model.Variance(k, yDimension));
        var l00 = Math.Sqrt(xx);
        var l10 = xy / l00;
        var l11 = Math.Sqrt(Math.Max(0, yy - l10 * l10));
        var mean = model.Mean(k);
        var (x, y) = (new double[corners + 1], new double[corners + 1]);
        for (var i = 0; i <= corners; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * (i % corners) / corners);
            x[i] = mean[xDimension] + radius * l00 * cos;
            y[i] = mean[yDimension] + radius * (l10 * cos + l11 * sin);
        }
        return (x, y);
    }
}
