using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.Onnx.Tests;

/// <summary>A mixture and points [N x D] drawn from it.</summary>
internal sealed record Problem(GaussianMixture Model, double[] Points)
{
    public int Count => Points.Length / Model.Dimension;

    /// <summary>The points as the floats nearest to them.</summary>
    public float[] Floats => [.. Points.Select(x => (float)x)];

    public static CovarianceType TypeOf(string name) => (CovarianceType)Layout.CovarianceTypes.ToList().IndexOf(name);

    public static Problem Of(string type, int n, int d, int k, double shift = 0)
    {
        var blobs = Blobs.Build(seed: n + d + k, n, d, k, type, shift: shift);
        return new Problem(new GaussianMixture(TypeOf(type), d, blobs.Weights, blobs.Means, blobs.Covariances), blobs.Data);
    }
}

/// <summary>The scores of points: labels [N], log-densities [N], responsibilities and log-densities of components [N x K].</summary>
internal sealed record PointScores(long[] Labels, double[] LogDensities, double[] Responsibilities, double[] ComponentLogDensities)
{
    /// <summary>Asks the engine.</summary>
    public static PointScores Of(GaussianMixture model, double[] points)
    {
        var (n, k) = (points.Length / model.Dimension, model.ComponentCount);
        var (labels, densities, responsibilities, components) = (new int[n], new double[n], new double[n * k], new double[n * k]);
        var outputs = new ScoreOutputs
        {
            Labels = labels,
            LogDensities = densities,
            Responsibilities = responsibilities,
            ComponentLogDensities = components,
        };
        model.Score(new Points(points, model.Dimension), outputs);
        return new PointScores([.. labels.Select(label => (long)label)], densities, responsibilities, components);
    }
}
