using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Gmm.Data;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

public partial class FitTests
{
    [Fact]
    public async Task OldFaithfulHasItsTwoKnownComponents()
    {
        var result = (await Tool.Finish(Tool.Start(AppContext.BaseDirectory, "fit", "data/old-faithful.csv", "-k", "2"))).Clean();
        var weights = Cells(result, "weight");
        var means = result.Lines.SkipWhile(line => line != "mean").Skip(1).Take(2).Select(line => Numbers(line)).ToArray();
        var shorter = weights[0] < weights[1] ? 0 : 1;
        Assert.Equal(0.3559, weights[shorter], 5e-4);
        Assert.Equal(0.6441, weights[1 - shorter], 5e-4);
        Assert.Equal(2.0364, means[0][shorter], 2e-3);
        Assert.Equal(54.479, means[1][shorter], 2e-2);
        Assert.Equal(4.2897, means[0][1 - shorter], 2e-3);
        Assert.Equal(79.968, means[1][1 - shorter], 2e-2);
    }

    [Fact]
    public void TheTableShowsFourDigitsOfEveryDeviation()
    {
        var result = Tool.Run("fit", Tool.Faithful, "-k", "2", "--stop", "total", "--tol", "1e-9", "--max-iter", "1000").Clean();
        var ascending = Cells(result, "weight")[0] < 0.5;
        var iterations = result.Lines[4].Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        string Row(string name, string shorter, string longer) => ascending ? $"{name} {shorter} {longer}" : $"{name} {longer} {shorter}";
        Assert.Equal(
            [
                "components 2, full covariance", "columns 2", "free parameters 11", "points 272",
                $"status converged after {iterations} iterations (rise of the log-likelihood < 1E-09)",
                "log-likelihood -1130.2640 (mean -4.155382)", "BIC 2322.1917", "AIC 2282.5279",
                "component 0 1", Row("weight", "0.3559", "0.6441"), Row("effective count", "96.80", "175.20"),
                "mean", Row("eruptions", "2.0364", "4.2897"), Row("waiting", "54.479", "79.968"),
                "standard deviation", Row("eruptions", "0.2630", "0.4123"), Row("waiting", "5.805", "6.004"),
            ],
            result.Lines.Select(line => Spaces().Replace(line.Trim(), " ")));
    }

    [Fact]
    public void TheModelDocumentIsTheSameOnStandardOutputAndInAFile()
    {
        using var scratch = new Scratch();
        var result = Tool.Run("fit", Tool.Faithful, "-k", "2", "--json", "-o", scratch.Path("m.json")).Clean();
        Assert.Equal(File.ReadAllBytes(scratch.Path("m.json")), result.Bytes);
        Assert.Equal(["eruptions", "waiting"], result.Fit().Model.ColumnNames);
        Assert.Equal(["m.json"], scratch.Files);
    }

    [Fact]
    public void QuietPrintsNoTableButStillTheDocument()
    {
        Assert.Empty(Tool.Run("fit", Tool.Faithful, "-k", "2", "--quiet").Clean().Bytes);
        Assert.NotEmpty(Tool.Run("fit", Tool.Faithful, "-k", "2", "--quiet", "--json").Clean().Bytes);
    }

    [Fact]
    public void TheDefaultsAreThoseOfTheHelp()
    {
        var fit = Fit("-k", "2");
        Assert.Equal(CovarianceType.Full, fit.Model.CovarianceType);
        Assert.Equal(StopRule.MeanChange(1e-3), fit.Stop);
        Assert.Equal(Regularization.Relative(2e-12), fit.Regularization);
        Assert.Equal(0, fit.Seed);
        Assert.Equal(StopRule.TotalRise(1e-4), Fit("-k", "2", "--stop", "total").Stop);
        Assert.Equal(StopRule.Statistical(1e-2), Fit("-k", "2", "--stop", "statistical").Stop);
    }

    [Theory]
    [InlineData("full", CovarianceType.Full)]
    [InlineData("tied", CovarianceType.Tied)]
    [InlineData("diag", CovarianceType.Diagonal)]
    [InlineData("spherical", CovarianceType.Spherical)]
    [InlineData("tied-diag", CovarianceType.TiedDiagonal)]
    [InlineData("tied-spherical", CovarianceType.TiedSpherical)]
    public void EveryCovarianceTypeCanBeChosen(string name, CovarianceType type)
    {
        var model = Fit("-k", "3", "--covariance", name).Model;
        Assert.Equal((type, name), (model.CovarianceType, model.CovarianceName));
    }

    [Fact]
    public void TheNamesOfCovariancesAreThoseOfModels() => Assert.Equal(
        ["full", "tied", "diag", "spherical", "tied-diag", "tied-spherical"], ModelReport.TypeNames);

    [Fact]
    public void StopToleranceIterationsRegularizationAndSeedReachTheFit()
    {
        var fit = Fit("-k", "2", "--stop", "fixed", "--max-iter", "7", "--reg-covar", "1e-3", "--seed", "-5");
        Assert.Equal((7, StopRule.FixedCount, Regularization.Absolute(1e-3), -5L), (fit.Iterations, fit.Stop, fit.Regularization, fit.Seed));
        Assert.Equal(StopRule.MeanChange(0.25), Fit("-k", "2", "--stop", "mean", "--tol", "0.25").Stop);
        Assert.Equal(StopRule.TotalRise(1e-9), Fit("-k", "2", "--stop", "total", "--tol", "1e-9").Stop);
        Assert.Equal(StopRule.Statistical(0.5), Fit("-k", "2", "--stop", "statistical", "--tol", "0.5").Stop);
        Assert.Equal(0, Fit("-k", "2", "--stop", "fixed", "--max-iter", "0").Iterations);
    }

    [Fact]
    public void TheStartDependsOnMethodAndSeed()
    {
        var plusPlus = Fit("-k", "4", "--init", "kmeans++").Trace[0];
        var points = Fit("-k", "4", "--init", "points").Trace[0];
        var other = Fit("-k", "4", "--init", "points", "--seed", "1").Trace[0];
        Assert.Equal(3, new[] { plusPlus, points, other }.Distinct().Count());
    }

    [Fact]
    public void MoreStartsAreNeverWorse()
    {
        string[] arguments = ["-k", "5", "--init", "points", "--stop", "total", "--max-iter", "1000"];
        Assert.True(Fit([.. arguments, "--restarts", "5"]).TotalLogLikelihood >= Fit(arguments).TotalLogLikelihood);
    }

    [Fact]
    public void TheNumberOfThreadsChangesNoByte()
    {
        string[] arguments = ["fit", Tool.Iris, "-k", "3", "--json", "--threads"];
        Assert.Equal(Tool.Run([.. arguments, "1"]).Clean().Output, Tool.Run([.. arguments, "3"]).Clean().Output);
    }

    [Theory]
    [InlineData("petal_width,sepal_length")]
    [InlineData("4,1")]
    [InlineData("petal_width, 1")]
    public void ColumnsAreChosenByNameOrNumber(string columns)
    {
        var model = Tool.Run("fit", Tool.Iris, "-k", "2", "--columns", columns, "--json").Clean().Fit().Model;
        Assert.Equal(["petal_width", "sepal_length"], model.ColumnNames);
        Assert.True(model.Mean(0)[0] < model.Mean(0)[1]);
    }

    [Fact]
    public void AModelToStartFromBringsComponentsAndCovarianceType()
    {
        using var scratch = new Scratch();
        var model = scratch.Model();
        var again = Fit("--init", model, "--max-iter", "0", "--stop", "fixed");
        Assert.Equal(GaussianMixture.FromJson(File.ReadAllText(model)).ToJson(), again.Model.ToJson());
        Fit("--init", model, "-k", "2", "--covariance", "full", "--restarts", "1");
    }

    [Fact]
    public void AModelToStartFromFindsItsColumnsByName()
    {
        using var scratch = new Scratch();
        var model = scratch.Model();
        var swapped = scratch.Write("swapped.csv", string.Join('\n', File.ReadLines(Tool.Faithful).Select(line =>
            string.Join(',', line.Split(',').Reverse()) + ",text")));
        Assert.Equal(
            Tool.Run("fit", Tool.Faithful, "--init", model, "--json").Clean().Output,
            Tool.Run("fit", swapped, "--init", model, "--json").Clean().Output);
    }

    [Fact]
    public void AnArchiveOfOneArrayIsFittedAsTheArray()
    {
        using var scratch = new Scratch();
        var (array, archive, model) = (scratch.Path("data.npy"), scratch.Path("data.npz"), scratch.Path("m.json"));
        TableFile.Write(array, TableFile.Read(Tool.Faithful));
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Create)) zip.CreateEntryFromFile(array, "X.npy");
        string[] options = ["-k", "2", "--columns", "2", "--weights", "1", "--json"];
        Assert.Equal(Tool.Run(["fit", array, .. options]).Clean().Output, Tool.Run(["fit", archive, .. options]).Clean().Output);
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--quiet", "-o", model).Clean();
        foreach (var command in new[] { "predict", "score" })
            Assert.Equal(Tool.Run(command, model, array).Clean().Output, Tool.Run(command, model, archive).Clean().Output);
        Tool.Run("plot", model, archive, "-o", scratch.Path("p.svg")).Clean();
        using (var zip = ZipFile.Open(archive, ZipArchiveMode.Update)) zip.CreateEntryFromFile(array, "y.npy");
        Tool.Run("fit", archive, "-k", "2").Fails(3, $"{archive}: the file holds 2 arrays, 'X', 'y'; --array chooses one");
    }

    [Fact]
    public void StandardInputIsReadForADash()
    {
        string[] options = ["-k", "2", "--json"];
        Assert.Equal(
            Tool.Run(["fit", Tool.Faithful, .. options]).Clean().Output,
            Tool.RunWith(File.ReadAllText(Tool.Faithful), ["fit", "-", .. options]).Clean().Output);
    }

    private static FitResult Fit(params string[] arguments) => Tool.Run(["fit", Tool.Faithful, "--json", .. arguments]).Clean().Fit();

    private static double[] Cells(ToolResult result, string name) =>
        Numbers(result.Lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)));

    private static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
