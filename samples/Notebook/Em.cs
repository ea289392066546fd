using Gmm.Data;
using Gmm.Fast;

namespace Notebook;

/// <summary>Runs EM by the rules of the document.</summary>
internal static class Em
{
    /// <summary>Fits from given parameters until the log-likelihood rises by less than the document's threshold.</summary>
    /// <param name="points">[N x D].</param>
    /// <param name="start">Gives K and the parameters to start from.</param>
    /// <param name="maxIterations">Ends the fit earlier.</param>
    /// <param name="regularization">Is added to each variance. The document adds nothing.</param>
    /// <param name="cancellation">Ends the fit without a result.</param>
    public static FitResult Run(
        NumericTable points, GaussianMixture start, int maxIterations, double regularization, CancellationToken cancellation)
    {
        var options = new FitOptions
        {
            Components = start.ComponentCount,
            InitialModel = start,
            Stop = StopRule.TotalRise(Document.Threshold),
            MaxIterations = maxIterations,
            Regularization = regularization,
            ColumnNames = points.ColumnNames,

            // As gmm fit has it, whose command stands beside each model.
            DensityQuantiles = true,
        };
        var fit = MixtureFit.Fit(new Points(points.Values, points.Columns), options, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return fit;
    }
}
