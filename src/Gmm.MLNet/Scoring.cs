using System.Globalization;
using Gmm.Fast;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gmm.MLNet;

/// <summary>Makes estimators that add the scores of a mixture, of parts that ML.NET itself saves and loads.</summary>
internal static class Scoring
{
    /// <summary>Gives the estimator of a mixture.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="file">The path of its ONNX model. Of a stream ML.NET makes a file itself, which stays in the folder for temporary files.</param>
    public static IEstimator<ITransformer> Of(GaussianMixture model, string file)
    {
        var context = new MLContext();
        return context.Transforms.ApplyOnnxModel(file)
            .Append(context.Transforms.CustomMapping<ScalarMapping.Vectors, ScalarMapping.Scalars>(ScalarMapping.Map, ScalarMapping.Contract))
            .Append(Keys(context, model.ComponentCount));
    }

    /// <summary>Gives an estimator that knows the kinds of the columns, which do not depend on the numbers of a mixture, and needs no ONNX Runtime.</summary>
    public static IEstimator<ITransformer> OfKinds()
    {
        var context = new MLContext();
        return context.Transforms.CustomMapping<NoColumns, AddedColumns>((_, _) => { }, null).Append(Keys(context, components: 1));
    }

    private static IEstimator<ITransformer> Keys(MLContext context, int components)
    {
        var keys = Enumerable.Range(0, components).Select(k => KeyValuePair.Create((uint)k, k.ToString(CultureInfo.InvariantCulture)));
        return context.Transforms.Conversion.MapValue(
            GaussianMixtureColumns.PredictedLabel, keys, GaussianMixtureColumns.PredictedLabel, treatValuesAsKeyType: true);
    }

    private sealed class NoColumns;

    private sealed class AddedColumns
    {
        [ColumnName(GaussianMixtureColumns.PredictedLabel)]
        public uint Label { get; set; }

        [ColumnName(GaussianMixtureColumns.Score)]
        [VectorType(1)]
        public float[] Score { get; set; } = [];

        [ColumnName(GaussianMixtureColumns.Responsibilities)]
        [VectorType(1)]
        public float[] Responsibilities { get; set; } = [];

        [ColumnName(GaussianMixtureColumns.LogDensity)]
        public float LogDensity { get; set; }
    }
}
