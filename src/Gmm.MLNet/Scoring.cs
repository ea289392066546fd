using System.Globalization;
using Gmm.Fast;
using Microsoft.ML;

namespace Gmm.MLNet;

/// <summary>Makes estimators that add the scores of a mixture, of parts that ML.NET itself saves and loads.</summary>
internal static class Scoring
{
    /// <summary>Gives the estimator of a mixture.</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="features">The column of the points.</param>
    public static IEstimator<ITransformer> Of(GaussianMixture model, string features)
    {
        var context = new MLContext();
        var onnx = context.Transforms.ApplyOnnxModel(new MemoryStream(RowModel.Build(model, features)));
        var keys = Enumerable.Range(0, model.ComponentCount).Select(k => KeyValuePair.Create((uint)k, k.ToString(CultureInfo.InvariantCulture)));
        return onnx
            .Append(context.Transforms.CustomMapping<ScalarMapping.Vectors, ScalarMapping.Scalars>(ScalarMapping.Map, ScalarMapping.Contract))
            .Append(context.Transforms.Conversion.MapValue(
                GaussianMixtureColumns.PredictedLabel, keys, GaussianMixtureColumns.PredictedLabel, treatValuesAsKeyType: true));
    }
}
