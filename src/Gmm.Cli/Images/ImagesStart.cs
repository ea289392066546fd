using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Images;

/// <summary>
/// Makes the start of the course notebook: K random pictures as means, for every component the variances of all pictures (divisor N) and no
/// covariances, equal weights.
/// </summary>
internal static class ImagesStart
{
    public static IReadOnlyList<string> Columns { get; } = ["red", "green", "blue"];

    /// <summary>Gives the start of each restart R of a fit: that of the seed S + R, in the covariance type of the options.</summary>
    /// <param name="pictures">[N x 3].</param>
    /// <param name="options">Of the fit.</param>
    public static Func<int, GaussianMixture> Of(NumericTable pictures, FitOptions options) =>
        restart => Model(new TablePoints(pictures), HasConstantColumn(pictures.Values), options with
        {
            Seed = unchecked(options.Seed + restart),
            Start = StartMethod.RandomPoints,
            Restarts = 1,
            MaxIterations = 0,
            Stop = StopRule.FixedCount,
            Progress = null,
        });

    private static GaussianMixture Model(TablePoints pictures, bool hasConstantColumn, FitOptions options)
    {
        // Without any iteration a diagonal fit is its own start: random points, variances of the columns, equal weights. A channel that is the same
        // in all pictures has no variance to start from.
        var start = MixtureFit.Fit(pictures, options with
        {
            CovarianceType = CovarianceType.Diagonal,
            Regularization = hasConstantColumn ? options.Regularization : Regularization.Absolute(0),
        }).Model;

        // Another one, which no covariance can stop, has the form that is wanted.
        var form = MixtureFit.Fit(pictures, options with { Regularization = 1 }).Model;
        return new GaussianMixture(
            options.CovarianceType, start.Dimension, start.Weights, start.Means, Covariances(start.Covariances[..start.Dimension], form),
            options.ColumnNames);
    }

    // The variances as each covariance of a model like this one: a matrix, the variances themselves, or their mean.
    private static double[] Covariances(ReadOnlySpan<double> variances, GaussianMixture form)
    {
        var (compact, d) = (new double[form.Covariances.Length], variances.Length);
        var length = compact.Length / (form.SharesCovariance ? 1 : form.ComponentCount);
        for (var first = 0; first < compact.Length; first += length)
        {
            var covariance = compact.AsSpan(first, length);
            if (length == 1) covariance[0] = variances.ToArray().Average();
            else for (var j = 0; j < d; j++) covariance[length == d ? j : j * d + j] = variances[j];
        }
        return compact;
    }

    private static bool HasConstantColumn(double[] rows)
    {
        for (var j = 0; j < Columns.Count; j++)
        {
            var isConstant = true;
            for (var i = j; i < rows.Length && isConstant; i += Columns.Count) isConstant = rows[i] == rows[j];
            if (isConstant) return true;
        }
        return false;
    }
}
