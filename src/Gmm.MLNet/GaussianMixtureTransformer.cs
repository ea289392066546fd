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
    private readonly OnnxFile _file;
    private bool _isDisposed;

    internal GaussianMixtureTransformer(FitResult fit, ITransformer scoring, OnnxFile file) => (Fit, _scoring, _file) = (fit, scoring, file);

    /// <summary>The fit: its status, history and warnings.</summary>
    public FitResult Fit { get; }

    /// <summary>The mixture.</summary>
    public GaussianMixture Model => Fit.Model;

    /// <summary>Whether each row gives one row: true.</summary>
    public bool IsRowToRowMapper => _scoring.IsRowToRowMapper;

    /// <summary>Gives the schema of the columns that come out.</summary>
    /// <param name="inputSchema">That of the columns that go in.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Usable.GetOutputSchema(inputSchema);

    /// <summary>Gives a mapper from row to row.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Usable.GetRowToRowMapper(inputSchema);

    /// <summary>Adds the columns to rows, which are scored when they are read.</summary>
    /// <param name="input">Rows with the column of features.</param>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView Transform(IDataView input) => Usable.Transform(input);

    private ITransformer Usable
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _scoring;
        }
    }

    /// <summary>Frees the session of ONNX Runtime, and deletes its file.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        (_scoring as IDisposable)?.Dispose();
        _file.Dispose();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        var scoring = Usable;
        _file.With(_ =>
        {
            scoring.Save(ctx);
            return true;
        });
    }
}
