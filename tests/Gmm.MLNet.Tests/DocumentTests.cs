using Gmm.Fast;
using Gmm.Fast.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gmm.MLNet.Tests;

/// <summary>Has tests alone that change the console or the current folder.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

/// <summary>Compiles and runs the example of the page about ML.NET.</summary>
[Collection(nameof(WholeProcess))]
public class DocumentTests
{
    [Fact]
    public void TheExampleRuns()
    {
        DocumentExample.IsMethod("docs/mlnet.md", nameof(Example));
        DocumentExample.IsMethod("src/Gmm.MLNet/README.md", nameof(Example));
        var folder = Directory.CreateTempSubdirectory("gmm-mlnet-");
        var before = Environment.CurrentDirectory;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "data"));
            File.Copy(Path.Combine(Repository.Root, "data", "old-faithful.csv"), Path.Combine(folder.FullName, "data", "old-faithful.csv"));
            Environment.CurrentDirectory = folder.FullName;
            Assert.Matches("""
                ^Converged after \d+ iterations, mean log-likelihood -?\d\.\d\d
                row \d+ is the most unusual one
                average distance 0\.\d{3}
                $
                """.ReplaceLineEndings("\n"), DocumentExample.Output(Example));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    private static void Example()
    {
        var context = new MLContext(seed: 1);
        IDataView data = context.Data.LoadFromTextFile("data/old-faithful.csv", [new TextLoader.Column("Features", DataKind.Single, 0, 1)], ',', hasHeader: true);

        var pipeline = context.Transforms.NormalizeMeanVariance("Features")
            .Append(context.Clustering.Trainers.GaussianMixture(numberOfClusters: 2));
        var model = pipeline.Fit(data);
        FitResult fit = model.LastTransformer.Fit;                                     // the mixture, and how it was fitted
        Console.WriteLine($"{fit.Status} after {fit.Iterations} iterations, mean log-likelihood {fit.MeanLogLikelihood:f2}");

        IDataView scored = model.Transform(data);
        float[] densities = [.. scored.GetColumn<float>(GaussianMixtureColumns.LogDensity)];
        Console.WriteLine($"row {Array.IndexOf(densities, densities.Min())} is the most unusual one");
        Console.WriteLine($"average distance {context.Clustering.Evaluate(scored).AverageDistance:f3}");

        context.Model.Save(model, data.Schema, "model.zip");
        ITransformer loaded = context.Model.Load("model.zip", out _);
    }
}
