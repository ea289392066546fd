using Microsoft.ML.OnnxRuntime;

namespace Gmm.Onnx.Tests;

/// <summary>Runs exported models in ONNX Runtime.</summary>
internal static class Runtime
{
    public static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        return new InferenceSession(model, options);
    }

    /// <summary>Gives the scores of points [N x D], in doubles or floats as the model takes them.</summary>
    public static PointScores Score<T>(byte[] model, T[] points, int dimension)
        where T : unmanaged
    {
        using var session = Open(model);
        using var input = OrtValue.CreateTensorValueFromMemory(points, [points.Length / dimension, dimension]);
        using var run = new RunOptions();
        string[] names = [OnnxNames.Label, OnnxNames.LogDensity, OnnxNames.Responsibilities, OnnxNames.ComponentLogDensities];
        using var outputs = session.Run(run, [OnnxNames.Points], [input], names);
        return new PointScores(outputs[0].GetTensorDataAsSpan<long>().ToArray(), Doubles<T>(outputs[1]), Doubles<T>(outputs[2]), Doubles<T>(outputs[3]));
    }

    private static double[] Doubles<T>(OrtValue value)
        where T : unmanaged => [.. value.GetTensorDataAsSpan<T>().ToArray().Select(number => Convert.ToDouble(number))];
}
