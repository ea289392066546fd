using Gmm.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Gmm.Bench.Latency;

/// <summary>Scores one point after the other by ONNX Runtime, on one thread: the log-density alone, from and to memory that is there already.</summary>
internal sealed class OnnxLatency : IDisposable
{
    private static readonly string[] s_inputs = [OnnxNames.Points];
    private static readonly string[] s_outputs = [OnnxNames.LogDensity];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly double[] _point;
    private readonly double[] _density = new double[1];
    private readonly OrtValue[] _given;
    private readonly OrtValue[] _received;

    /// <summary>Opens a session of a model in doubles.</summary>
    public OnnxLatency(GaussianMixture model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL };
        _session = new InferenceSession(model.ToOnnx(), options);
        _point = new double[model.Dimension];
        _given = [OrtValue.CreateTensorValueFromMemory(_point, [1, model.Dimension])];
        _received = [OrtValue.CreateTensorValueFromMemory(_density, [1])];
    }

    /// <summary>Gives the log-density of a point.</summary>
    public double LogDensity(ReadOnlySpan<double> point)
    {
        point.CopyTo(_point);
        _session.Run(_run, s_inputs, _given, s_outputs, _received);
        return _density[0];
    }

    public void Dispose()
    {
        foreach (var value in _given.Concat(_received)) value.Dispose();
        _run.Dispose();
        _session.Dispose();
    }
}
