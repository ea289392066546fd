using Gmm.Fast;
using Microsoft.ML;

namespace Gmm.MLNet;

/// <summary>
/// Fits a Gaussian mixture to a column of an <see cref="IDataView"/>, and adds the columns of <see cref="GaussianMixtureColumns"/>. The rows are read once, in
/// one pass, and kept in memory as floats while the fit goes over them.
/// </summary>
public sealed class GaussianMixtureTrainer : IEstimator<GaussianMixtureTransformer>
{
    private readonly FitOptions _options;
    private readonly string _features;
    private readonly string? _weights;

    internal GaussianMixtureTrainer(FitOptions options, string features, string? weights) => (_options, _features, _weights) = (options, features, weights);

    /// <summary>Fits a mixture.</summary>
    /// <param name="input">Rows with the columns of features and weights.</param>
    /// <returns>The transformer. Where the fit collapsed it has the best model so far; <see cref="GaussianMixtureTransformer.Fit"/> says so.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, a number is not finite, or there are too few rows.</exception>
    public GaussianMixtureTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var fit = MixtureFit.Fit(RowPoints.Read(input, _features, _weights), _options);
        return new GaussianMixtureTransformer(fit, Scoring.Of(fit.Model, _features).Fit(input));
    }

    /// <summary>Gives the schema of the columns that come out.</summary>
    /// <param name="inputSchema">That of the columns that go in.</param>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        // Kinds of columns do not depend on the numbers of a mixture.
        var any = new GaussianMixture(CovarianceType.TiedSpherical, 1, [1], [0], [1]);
        return Scoring.Of(any, _features).GetOutputSchema(inputSchema);
    }
}
