namespace Gmm.Fast.Tests;

/// <summary>Collects tests that change the console or the working folder of the process.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

/// <summary>Compiles and runs the library example of the README, which is the body of a method below, and checks the length of the README.</summary>
[Collection(nameof(WholeProcess))]
public class ReadmeTests
{
    private const int MostLines = 110;

    [Fact]
    public void TheReadmeIsShort() => Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length, 1, MostLines);

    [Fact]
    public void TheExampleRuns()
    {
        var folder = Environment.CurrentDirectory;
        var scratch = Directory.CreateTempSubdirectory();
        try
        {
            Environment.CurrentDirectory = scratch.FullName;
            Assert.StartsWith("Converged after ", DocumentExample.Output(Example), StringComparison.Ordinal);
            Assert.Equal(2, GaussianMixture.FromJson(File.ReadAllText("model.json")).ComponentCount);
        }
        finally
        {
            Environment.CurrentDirectory = folder;
            scratch.Delete(recursive: true);
        }
    }

    [Fact]
    public void TheExampleIsTheOneInTheReadme() => DocumentExample.IsMethod("README.md", nameof(Example));

    private static void Example()
    {
        double[,] points = { { 3.6, 79 }, { 1.8, 54 }, { 3.333, 74 }, { 2.283, 62 }, { 4.533, 85 }, { 2.883, 55 }, { 4.7, 88 }, { 3.6, 85 } };
        var fit = MixtureFit.Fit(points, new FitOptions { Components = 2, CovarianceType = CovarianceType.Diagonal });
        Console.WriteLine($"{fit.Status} after {fit.Iterations} iterations, mean log-likelihood {fit.MeanLogLikelihood:f3}");

        GaussianMixture model = fit.Model;                      // immutable, safe to share between threads
        double[] responsibilities = new double[model.ComponentCount];
        model.Responsibilities([2.0, 60], responsibilities);    // one point: no allocation
        Console.WriteLine($"component {model.Label([2.0, 60])}, log-density {model.LogDensity([2.0, 60]):f3}");
        File.WriteAllText("model.json", model.ToJson());        // nothing is lost: GaussianMixture.FromJson gives the same bits
    }
}
