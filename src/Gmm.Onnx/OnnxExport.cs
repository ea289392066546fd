using System.Globalization;
using Gmm.Fast;
using Gmm.Onnx.Schema;
using Google.Protobuf;

namespace Gmm.Onnx;

/// <summary>
/// Writes mixtures as ONNX models of operator set 17, for any number of points at once. <see cref="OnnxNames"/> names the input and the outputs. A point
/// with NaN has scores of NaN, also where the mixture takes NaN for a missing value.
/// </summary>
public static class OnnxExport
{
    // Protocol buffers end at 2 GiB; the rest of a model is small beside its constants.
    private const long LargestConstants = int.MaxValue - (1 << 20);

    /// <summary>Gives a mixture as the bytes of an ONNX model.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="precision">The element types.</param>
    /// <exception cref="ArgumentException">The model exceeds 2 GB, or a parameter the range of a float.</exception>
    public static byte[] ToOnnx(this GaussianMixture model, OnnxPrecision precision = OnnxPrecision.Double) => Build(model, precision).ToByteArray();

    /// <summary>Writes a mixture as an ONNX model.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="stream">Receives the bytes; stays open. Nothing is written where the mixture cannot be.</param>
    /// <param name="precision">The element types.</param>
    /// <exception cref="ArgumentException">The model exceeds 2 GB, or a parameter the range of a float.</exception>
    public static void SaveOnnx(this GaussianMixture model, Stream stream, OnnxPrecision precision = OnnxPrecision.Double)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Build(model, precision).WriteTo(stream);
    }

    private static ModelProto Build(GaussianMixture model, OnnxPrecision precision)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (!Enum.IsDefined(precision))
            throw new ArgumentOutOfRangeException(nameof(precision), string.Create(CultureInfo.InvariantCulture, $"precision is {(int)precision}; Double, Single or Mixed is required"));
        var computed = precision == OnnxPrecision.Single ? TensorProto.Types.DataType.Float : TensorProto.Types.DataType.Double;
        var outer = precision == OnnxPrecision.Double ? TensorProto.Types.DataType.Double : TensorProto.Types.DataType.Float;
        CheckSize(model, computed);

        var (k, d) = (model.ComponentCount, model.Dimension);
        var graph = new GraphBuilder("gaussian_mixture", computed);
        var points = graph.Input(OnnxNames.Points, outer, [null, d], $"points in rows: {Columns(model)}");
        var isMixed = computed != outer;
        var scores = MixtureGraph.Add(model, graph, isMixed ? graph.Cast(points, "points/double", computed) : points, isMixed ? "/double" : "");
        graph.Output(scores.Label, TensorProto.Types.DataType.Int64, [null], "the component with the largest responsibility, from 0");
        void Real(string value, string name, int?[] lengths, string description) =>
            graph.Output(isMixed ? graph.Cast(value, name, outer) : value, outer, lengths, description);
        Real(scores.Responsibilities, OnnxNames.Responsibilities, [null, k], "the probabilities of the components given the point");
        Real(scores.LogDensity, OnnxNames.LogDensity, [null], "the log-density ln p(x), in nats");
        Real(scores.ComponentLogDensities, OnnxNames.ComponentLogDensities, [null, k], "the log-densities of the components without their weights, in nats");
        return graph.ToModel(string.Create(
            CultureInfo.InvariantCulture, $"Gaussian mixture of {k} components in {d} dimensions, {model.CovarianceName} covariance"));
    }

    private static string Columns(GaussianMixture model) => model.ColumnNames is { } names
        ? string.Join(", ", names)
        : string.Create(CultureInfo.InvariantCulture, $"{model.Dimension} columns");

    private static void CheckSize(GaussianMixture model, TensorProto.Types.DataType type)
    {
        var bytes = (type == TensorProto.Types.DataType.Float ? sizeof(float) * 2L : sizeof(double)) * model.Means.Length
            + (type == TensorProto.Types.DataType.Float ? sizeof(float) : sizeof(double)) * (long)model.Covariances.Length;
        if (bytes > LargestConstants)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"model: its parameters take {bytes} bytes; an ONNX model holds at most {LargestConstants}"), nameof(model));
        }
    }
}
