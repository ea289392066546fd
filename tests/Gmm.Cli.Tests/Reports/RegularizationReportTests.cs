using Gmm.Fast;

namespace Gmm.Cli.Tests.Reports;

/// <summary>Reports of users about units, constant columns and dummy variables.</summary>
public sealed class RegularizationReportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void AConstantColumnIsNamedOnceAndWithoutRegularizationRefused()
    {
        var data = Input("f06_constant_column", "sensors.csv");
        var result = Tool.Run("fit", data, "-k", "2", "--quiet");
        Assert.Equal((0, Lines("gmm: warning: column 's12' is constant, 37.5 in every point: it tells nothing apart; leave it out")), (result.ExitCode, result.Error));
        Assert.Equal(-4114.3051, Tool.Run("fit", data, "-k", "2", "--reg-covar", "1e-6", "--json").Fit().TotalLogLikelihood, 1e-3);
        Tool.Run("fit", data, "-k", "2", "--reg-covar", "0").Fails(
            3, $"{data}: the covariance of the data is singular: column 's12' is 37.5 in every point; leave out such columns, or use --reg-relative or --reg-covar > 0");
    }

    [Theory]
    [InlineData("f22_gps_degrees", "stops.csv", new[] { 0.00036, 0.00042, 0.00042, 0.00057 })]
    [InlineData("f25_reg_half", "ratio.csv", new[] { 0.000492, 0.000495, 0.000589, 0.000616 })]
    public void SmallNumbersKeepTheirDeviations(string report, string file, double[] deviations)
    {
        var data = Input(report, file);
        var result = Tool.Run("fit", data, "-k", "2", "--json").Clean();
        Assert.Equal(Regularization.Relative(2e-12), result.Fit().Regularization);
        double[] found = [.. Deviations(result.Fit().Model).Order()];
        for (var i = 0; i < 4; i++) Assert.InRange(found[i] / deviations[i], 0.98, 1.02);

        // As reported: an absolute number that suits other units, now with a warning. No seed takes narrow components for single values.
        foreach (var seed in (string[])["0", "1", "2", "3"])
        {
            var absolute = Tool.Run("fit", data, "-k", "2", "--reg-covar", "1e-6", "--json", "--seed", seed);
            Assert.All(Deviations(absolute.Fit().Model), deviation => Assert.InRange(deviation, 1e-3, 2e-3));
            Assert.Matches(@"^gmm: warning: regularization makes up [678]\d.* % of the variance of \w+ and \w+ in components 0 and 1: ", absolute.Error);
            Assert.Single(absolute.Error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public void DummiesThatSumToOneAreWrittenAsAFormula()
    {
        var data = Input("r29_dummy_variables", "mixed.csv");
        const string Formula = "siteC = 1 - siteA - siteB";
        foreach (var type in (string[])["full", "tied"])
        {
            var result = Tool.Run("fit", data, "-k", "2", "--quiet", "--covariance", type);
            Assert.Equal(
                (0, Lines($"gmm: warning: columns follow from others in every point: {Formula}; a covariance has no variance of its own there; leave out siteC")),
                (result.ExitCode, result.Error));
            Tool.Run("fit", data, "-k", "2", "--covariance", type, "--reg-covar", "0").Fails(
                3, $"{data}: the covariance of the data is singular: {Formula}; leave out such columns, or use --reg-relative or --reg-covar > 0");
        }
        Tool.Run("fit", data, "-k", "2", "--quiet", "--covariance", "diag").Clean();
    }

    [Theory]
    [InlineData("--reg-covar 1 --reg-relative 0.1", "--reg-covar and --reg-relative are both given; one of them is required")]
    [InlineData("--reg-relative 1", "--reg-relative is 1; a number of at least 0 and below 1 is required")]
    [InlineData("--reg-relative x", "--reg-relative is 'x'; a finite number of at least 0 is required")]
    [InlineData("--sort name", "--sort is 'name'; weight or mean:COLUMN is required")]
    [InlineData("--sort mean:", "--sort is 'mean:'; weight or mean:COLUMN is required")]
    public void WhatContradictsIsWrongUsage(string options, string message) =>
        Tool.Run(["fit", Tool.Faithful, "-k", "2", .. options.Split(' ')]).Fails(2, $"{message} (see gmm fit --help)");

    [Fact]
    public void AFractionReachesTheFitAndThePage()
    {
        var page = _scratch.Path("page.html");
        var result = Tool.Run("fit", Tool.Faithful, "-k", "2", "--reg-relative", "1e-3", "--json", "--report", page).Clean();
        Assert.Equal(Regularization.Relative(1e-3), result.Fit().Regularization);
        Assert.Contains("0.001 of that of the column in all points", File.ReadAllText(page));
    }

    [Fact]
    public void ComponentsAreSorted()
    {
        var (found, sorted) = (_scratch.Path("found.json"), _scratch.Path("sorted.json"));
        Tool.Run("fit", Tool.Faithful, "-k", "3", "-o", found, "--quiet").Clean();
        foreach (var (key, ascending) in new[] { ("weight", false), ("mean:waiting", true), ("mean:1", true) })
        {
            var page = _scratch.Path("page.html");
            Tool.Run("fit", Tool.Faithful, "-k", "3", "--sort", key, "-o", sorted, "--report", page, "--quiet").Clean();
            var model = GaussianMixture.FromJson(File.ReadAllText(sorted));
            double[] keys = [.. Enumerable.Range(0, 3).Select(k => key == "weight" ? model.Weights[k] : model.Mean(k)[key == "mean:1" ? 0 : 1])];
            Assert.Equal(ascending ? keys.Order() : keys.OrderDescending(), keys);

            // The table of the unsorted file shows the same columns, each under the number that labels have.
            var shown = Tool.Run("info", found, "--sort", key).Clean().Lines;
            var plain = Tool.Run("info", sorted).Clean().Lines;
            Assert.Equal(plain.Where(line => !line.StartsWith("component ", StringComparison.Ordinal)), shown.Where(line => !line.StartsWith("component ", StringComparison.Ordinal)));
        }
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--sort", "mean:wait").Fails(
            3, $"{Tool.Faithful}: --sort asks for the column 'wait', which is not there; eruptions, waiting are possible");
        Tool.Run("info", found, "--sort", "mean:3").Fails(3, $"{found}: --sort asks for the column '3', which is not there; eruptions, waiting are possible");
    }

    private static string Input(string report, string file) => Path.Combine(AppContext.BaseDirectory, "Reports", report, file);

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + Environment.NewLine));

    private static IEnumerable<double> Deviations(GaussianMixture model) =>
        Enumerable.Range(0, model.ComponentCount * model.Dimension).Select(i => Math.Sqrt(model.Variance(i / model.Dimension, i % model.Dimension)));
}
