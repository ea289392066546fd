using Gmm.Fast;
using Gmm.Fast.Tests;
using Microsoft.ML.OnnxRuntime;

namespace Gmm.Onnx.Tests;

/// <summary>Has tests alone that change the console or the current folder.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

/// <summary>Compiles and runs the example of the page about ONNX.</summary>
[Collection(nameof(WholeProcess))]
public class DocumentTests
{
    [Fact]
    public void TheExampleRuns()
    {
        DocumentExample.IsMethod("docs/onnx.md", nameof(Example));
        DocumentExample.IsMethod("src/Gmm.Onnx/README.md", nameof(Example));
        var folder = Directory.CreateTempSubdirectory("gmm-onnx-");
        var before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.FullName;
            Assert.Matches(@"^log-density (-\d+\.\d{3}), and \1 in the engine\n$", DocumentExample.Output(Example));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    private static void Example()
    {
        double[,] points = { { 3.6, 79 }, { 1.8, 54 }, { 3.333, 74 }, { 2.283, 62 }, { 4.533, 85 }, { 2.883, 55 }, { 4.7, 88 }, { 3.6, 85 } };
        var model = MixtureFit.Fit(points, new FitOptions { Components = 2, CovarianceType = CovarianceType.Diagonal }).Model;
        File.WriteAllBytes("model.onnx", model.ToOnnx());                // SaveOnnx writes to a stream

        using var session = new InferenceSession("model.onnx");          // here by ONNX Runtime
        using var input = OrtValue.CreateTensorValueFromMemory(new double[] { 2.0, 60, 4.5, 85 }, [2, 2]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [OnnxNames.Points], [input], [OnnxNames.Label, OnnxNames.LogDensity]);
        double first = outputs[1].GetTensorDataAsSpan<double>()[0];
        Console.WriteLine($"log-density {first:f3}, and {model.LogDensity([2.0, 60]):f3} in the engine");
    }
}
