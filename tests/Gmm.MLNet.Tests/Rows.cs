using Gmm.TestKit;
using Microsoft.ML.Data;

namespace Gmm.MLNet.Tests;

/// <summary>A row of three features that came from a component, known by its number from 1.</summary>
internal sealed class Row
{
    [VectorType(3)]
    public float[] Features { get; set; } = [];

    public float Weight { get; set; } = 1;

    [KeyType(4)]
    public uint Label { get; set; }

    /// <summary>Gives rows around four points that are far from each other, each component a quarter of them.</summary>
    public static Row[] Clusters(int count)
    {
        var random = new Random(1);
        float[][] centers = [[0, 0, 0], [12, 0, 5], [0, 15, 5], [10, 10, -20]];
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Row
            {
                Label = (uint)(i % 4 + 1),
                Features = [.. centers[i % 4].Select(x => x + (float)SpdMatrix.StandardNormal(random))],
            }),
        ];
    }
}

/// <summary>What a mixture adds to a row.</summary>
internal sealed class Scored
{
    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float[] Responsibilities { get; set; } = [];

    public float LogDensity { get; set; }
}
