using Gmm.Data.Models;
using Gmm.Fast;
using Gmm.Fast.Tests;

namespace Gmm.Data.Tests.Models;

/// <summary>Has tests alone that change the console or the current folder.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

/// <summary>Compiles and runs the library example of the page about models from and for other systems.</summary>
[Collection(nameof(WholeProcess))]
public class ExchangeDocumentTests
{
    [Fact]
    public void TheExampleRuns()
    {
        DocumentExample.IsMethod("docs/exchange.md", nameof(Example));
        var folder = Directory.CreateTempSubdirectory("gmm-data-");
        var before = Environment.CurrentDirectory;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "data"));
            File.Copy(Path.Combine(Repository.Root, "data", "old-faithful.csv"), Path.Combine(folder.FullName, "data", "old-faithful.csv"));
            Environment.CurrentDirectory = folder.FullName;
            Assert.Matches(@"^(log-density -\d\.\d{3}\n)\1$", DocumentExample.Output(Example));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    private static void Example()
    {
        NumericTable table = TableFile.Read("data/old-faithful.csv");
        FitResult fit = MixtureFit.Fit(new Points(table.Values, table.Columns), new FitOptions { Components = 2 });
        AtomicFile.Write("model.npz", stream => ScikitLearnModel.Write(stream, fit.Model, fit));         // MclustModel writes JSON
        Console.WriteLine($"log-density {fit.Model.LogDensity([2.0, 60]):f3}");

        using FileStream file = File.OpenRead("model.npz");
        GaussianMixture model = ForeignModel.Read(file, "model.npz");                                    // of either system
        Console.WriteLine($"log-density {model.LogDensity([2.0, 60]):f3}");
    }
}
