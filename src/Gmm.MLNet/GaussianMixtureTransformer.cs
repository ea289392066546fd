using Gmm.Fast;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gmm.MLNet;

/// <summary>
/// Adds the scores of a fitted mixture, the columns of <see cref="GaussianMixtureColumns"/>. It is saved as an ONNX model within ML.NET's zip file, and
/// <c>Model.Load</c> needs nothing but this package beside the program.
/// </summary>
public sealed class GaussianMixtureTransformer : ITransformer, IDisposable
{
    private readonly ITransformer _scoring;

    internal GaussianMixtureTransformer(FitResult fit, ITransformer scoring) => (Fit, _scoring) = (fit, scoring);

    /// <summary>The fit: its status, history and warnings.</summary>
    public FitResult Fit { get; }

    /// <summary>The mixture.</summary>
    public GaussianMixture Model => Fit.Model;

    /// <summary>Whether each row gives one row: true.</summary>
    public bool IsRowToRowMapper => _scoring.IsRowToRowMapper;

    /// <summary>Gives the schema of the columns that come out.</summary>
    /// <param name="inputSchema">That of the columns that go in.</param>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _scoring.GetOutputSchema(inputSchema);

    /// <summary>Gives a mapper from row to row.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => _scoring.GetRowToRowMapper(inputSchema);

    /// <summary>Adds the columns to rows, which are scored when they are read.</summary>
    /// <param name="input">Rows with the column of features.</param>
    public IDataView Transform(IDataView input) => _scoring.Transform(input);

    /// <summary>Frees the session of ONNX Runtime.</summary>
    public void Dispose() => (_scoring as IDisposable)?.Dispose();

    void ICanSaveModel.Save(ModelSaveContext ctx) => _scoring.Save(ctx);
}
