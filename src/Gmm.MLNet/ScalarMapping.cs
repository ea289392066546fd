using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Gmm.MLNet;

/// <summary>
/// Makes scalar columns of the vectors of one number that come from ONNX. ML.NET saves its name and this assembly, and finds it again when a model is loaded.
/// </summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class ScalarMapping : CustomMappingFactory<ScalarMapping.Vectors, ScalarMapping.Scalars>
{
    /// <summary>The name in saved models.</summary>
    public const string Contract = "Gmm.Fast scalars of a row";

    /// <summary>Gives the mapping.</summary>
    public override Action<Vectors, Scalars> GetMapping() => Map;

    /// <summary>Maps one row.</summary>
    public static void Map(Vectors from, Scalars to) => (to.Label, to.LogDensity) = ((uint)from.Label[0], from.LogDensity[0]);

    /// <summary>What comes from ONNX.</summary>
    internal sealed class Vectors
    {
        [ColumnName(GaussianMixtureColumns.PredictedLabel)]
        [VectorType(1)]
        public long[] Label { get; set; } = [];

        [ColumnName(GaussianMixtureColumns.LogDensity)]
        [VectorType(1)]
        public float[] LogDensity { get; set; } = [];
    }

    /// <summary>The same numbers.</summary>
    internal sealed class Scalars
    {
        [ColumnName(GaussianMixtureColumns.PredictedLabel)]
        public uint Label { get; set; }

        [ColumnName(GaussianMixtureColumns.LogDensity)]
        public float LogDensity { get; set; }
    }
}
