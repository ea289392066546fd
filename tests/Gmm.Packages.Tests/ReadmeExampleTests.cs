using Gmm.Data;
using Gmm.Distributed;
using Gmm.Fast;
using Gmm.Fast.Tests;
using Gmm.Report;
using Gmm.Report.Figures;
using Gmm.Report.Html;

namespace Gmm.Packages.Tests;

/// <summary>Compiles the examples of the packages' pages, and runs those that need nothing else; each is the body of a method below.</summary>
public sealed class ReadmeExampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-readme-").FullName;
    private readonly string _before = Environment.CurrentDirectory;

    public ReadmeExampleTests() => Environment.CurrentDirectory = _folder;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void TheEngine()
    {
        DocumentExample.IsMethod("src/Gmm.Fast/README.md", nameof(Engine));
        Assert.StartsWith("Converged after ", DocumentExample.Output(Engine), StringComparison.Ordinal);
        Assert.Equal(2, GaussianMixture.FromJson(File.ReadAllText("model.json")).ComponentCount);
    }

    [Fact]
    public void Tables()
    {
        DocumentExample.IsMethod("src/Gmm.Data/README.md", nameof(Table));
        File.Copy(Path.Combine(Repository.Root, "data", "old-faithful.csv"), "old-faithful.csv");
        Assert.Equal("", DocumentExample.Output(Table));
    }

    [Fact]
    public void Reports()
    {
        DocumentExample.IsMethod("src/Gmm.Report/README.md", nameof(Report));
        Report();
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText("report.html"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("PNG"u8, File.ReadAllBytes("components.png").AsSpan(1, 3));
    }

    // It needs MPI to run; the tests of that project run one like it.
    [Fact]
    public void Processes() => DocumentExample.IsMethod("src/Gmm.Distributed/README.md", nameof(World));

    private static void Engine()
    {
        double[,] points = { { 3.6, 79 }, { 1.8, 54 }, { 3.333, 74 }, { 2.283, 62 }, { 4.533, 85 }, { 2.883, 55 }, { 4.7, 88 }, { 3.6, 85 } };
        FitResult fit = MixtureFit.Fit(points, new FitOptions { Components = 2, CovarianceType = CovarianceType.Diagonal });
        Console.WriteLine($"{fit.Status} after {fit.Iterations} iterations");

        GaussianMixture model = fit.Model;                      // immutable, safe to share between threads
        double density = model.LogDensity([2.0, 60]);           // one point: no allocation
        int label = model.Label([2.0, 60]);
        File.WriteAllText("model.json", model.ToJson());        // GaussianMixture.FromJson gives the same bits
    }

    private static void Table()
    {
        NumericTable table = TableFile.Read("old-faithful.csv");                // separator, header and decimal comma are found out
        foreach (TableNote note in table.Notes) Console.WriteLine(note);        // what was left out or guessed

        var options = new FitOptions { Components = 2, ColumnNames = table.ColumnNames };
        FitResult fit = MixtureFit.Fit(new Points(table.Values, table.Columns), options);
    }

    private static void Report()
    {
        double[] rows = [3.6, 79, 1.8, 54, 3.333, 74, 2.283, 62, 4.533, 85, 2.883, 55, 4.7, 88, 3.6, 85];
        var options = new FitOptions { Components = 2, CovarianceType = CovarianceType.Diagonal, ColumnNames = ["eruptions", "waiting"] };
        FitResult fit = MixtureFit.Fit(new Points(rows, dimension: 2), options);

        var subject = new Subject(fit.Model, rows, fit, "Old Faithful");
        using (var page = File.Create("report.html")) HtmlReport.Write(page, new ReportContent(subject));
        using (var picture = File.Create("components.png")) Figure.Components(subject).SavePng(picture);
    }

    private static void World()
    {
        using var world = MpiCommunicator.World();
        double[] rows = RowsOf(world.Rank, world.Count);                    // the part of this process
        var fit = MixtureFit.Fit(new Points(rows, dimension: 3), new FitOptions { Components = 3, Communicator = world });
        if (world.Rank == 0) File.WriteAllText("model.json", fit.Model.ToJson());
    }

    private static double[] RowsOf(int rank, int count) => new double[3 * (rank + count)];
}
