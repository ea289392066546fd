using Gmm.Fast;
using Gmm.Onnx;
using Gmm.Onnx.Schema;
using Google.Protobuf;

namespace Gmm.MLNet;

/// <summary>
/// Makes ONNX models as ML.NET runs them: one row at a time, named as its columns are. Features and scores are floats, and doubles in between.
/// </summary>
internal static class RowModel
{
    /// <summary>Gives the bytes of the model of a mixture.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="features">The column of the points.</param>
    public static byte[] Build(GaussianMixture model, string features)
    {
        var (k, d) = (model.ComponentCount, model.Dimension);
        var graph = new GraphBuilder("gaussian_mixture", TensorProto.Types.DataType.Double);
        var points = graph.Input(features, TensorProto.Types.DataType.Float, [1, d], "one point");
        var scores = MixtureGraph.Add(model, graph, graph.Cast(points, "row/points", TensorProto.Types.DataType.Double), "/double", "row/component");

        // The metrics of ML.NET take no infinite distance: a component of weight 0, or one beyond all range, has the largest float instead.
        var lowest = graph.Real("row/lowest", [double.MinValue], 1);
        var distances = graph.Node("Min", "row/distances", [
            graph.Node("Sub", "row/differences", [
                graph.Node("Max", "row/log_density", [scores.LogDensity, lowest]), graph.Node("Max", "row/weighted_log_densities", [scores.WeightedLogDensities, lowest])]),
            graph.Real("row/largest", [float.MaxValue], 1)]);

        // Vectors of a row, without the dimension of the rows. A single number stays a vector of one: ML.NET reads no scalars from ONNX.
        var axis = graph.Whole("row/axis", 0);
        void Vector(string value, string name, string description) => graph.Output(
            graph.Cast(graph.Node("Squeeze", $"row/{name}", [value, axis]), name, TensorProto.Types.DataType.Float), TensorProto.Types.DataType.Float, [k], description);
        Vector(distances, GaussianMixtureColumns.Score, "minus the logarithms of the responsibilities");
        Vector(scores.Responsibilities, GaussianMixtureColumns.Responsibilities, "the responsibilities");
        graph.Output(
            graph.Cast(scores.LogDensity, GaussianMixtureColumns.LogDensity, TensorProto.Types.DataType.Float), TensorProto.Types.DataType.Float, [1], "the log-density");
        graph.Output(
            graph.Node("Identity", GaussianMixtureColumns.PredictedLabel, [scores.Label]), TensorProto.Types.DataType.Int64, [1], "the component, from 0");
        return graph.ToModel("Gaussian mixture for ML.NET").ToByteArray();
    }
}
