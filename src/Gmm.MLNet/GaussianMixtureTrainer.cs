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
        var file = new OnnxFile(RowModel.Build(fit.Model, _features));
        return new GaussianMixtureTransformer(fit, file.With(path => Scoring.Of(fit.Model, path).Fit(input)), file);
    }

    /// <summary>Gives the schema of the columns that come out.</summary>
    /// <param name="inputSchema">That of the columns that go in.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        RowPoints.Check(inputSchema, _features, _weights);
        return Scoring.OfKinds().GetOutputSchema(inputSchema);
    }
}
