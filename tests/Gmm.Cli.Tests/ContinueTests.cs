namespace Gmm.Cli.Tests;

/// <summary>gmm fit --continue: a fit in pieces ends with the file of one without a break.</summary>
public sealed class ContinueTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("-k 3")]
    [InlineData("-k 2 --stop total --tol 1e-6 --covariance tied --seed 5 --reg-covar 1e-3")]
    [InlineData("-k 2 --variance-floor 0.01 --on-collapse keep --init points --columns petal_length,sepal_width")]
    public void OneIterationPerCallInPlaceEndsWithTheFileOfTheLongRun(string options)
    {
        var (whole, model) = (_scratch.Path("whole.json"), _scratch.Path("m.json"));
        string[] fit = ["fit", Tool.Iris, .. options.Split(' '), "--quiet"];
        Tool.Run([.. fit, "--max-iter", "300", "-o", whole]).Clean();
        Tool.Run([.. fit, "--max-iter", "0", "-o", model]);
        for (var calls = 0; calls < 300 && !Tool.Run("info", model).Output.Contains("converged after", StringComparison.Ordinal); calls++)
            Tool.Run("fit", Tool.Iris, "--continue", model, "--max-iter", "1", "-o", model, "--quiet");
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(model));
        Tool.Run("fit", Tool.Iris, "--continue", model, "-o", model, "--quiet").Clean();
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(model));
    }

    [Fact]
    public void TheRuleAndTheLimitMayChange()
    {
        var model = _scratch.Model();
        var shown = Tool.Run("fit", Tool.Faithful, "--continue", model, "--tol", "1e-9", "-o", model).Clean();
        var whole = _scratch.Path("whole.json");
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--stop", "total", "--tol", "1e-9", "-o", whole, "--quiet").Clean();
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(model));
        Assert.Contains("(rise of the log-likelihood < 1E-09)", shown.Output);
        var page = _scratch.Path("page.html");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "--stop", "fixed", "--max-iter", "3", "--report", page, "--quiet").Clean();
        Assert.Contains("iterations in model.json", File.ReadAllText(page));
    }

    [Fact]
    public void OtherDataAreRefusedAndTheFileStays()
    {
        var model = _scratch.Model();
        var before = File.ReadAllText(model);
        var lines = File.ReadAllLines(Tool.Faithful);
        var fewer = _scratch.Write("fewer.csv", string.Join('\n', lines[..^1]));
        Tool.Run("fit", fewer, "--continue", model, "-o", model)
            .Fails(3, $"{fewer}: the fit to continue was of 272 points; these are 271; the same points are required");
        lines[7] = "3.6,61";
        var changed = _scratch.Write("changed.csv", string.Join('\n', lines));
        var failed = Tool.Run("fit", changed, "--continue", model, "-o", model);
        Assert.Equal(3, failed.ExitCode);
        Assert.StartsWith($"gmm: {changed}: the fit to continue ended at the log-likelihood -1130.26", failed.Error);
        var renamed = _scratch.Write("renamed.csv", File.ReadAllText(Tool.Faithful).Replace("waiting", "pause", StringComparison.Ordinal));
        var refused = Tool.Run("fit", renamed, "--continue", model, "-o", model);
        Assert.StartsWith($"gmm: {renamed} has the columns eruptions, pause, and {model} was fitted to eruptions, waiting;", refused.Error);
        Tool.Run("fit", renamed, "--continue", model, "--columns", "eruptions,pause", "-o", model)
            .Fails(3, $"{renamed}: the columns are eruptions, pause; the fit to continue had eruptions, waiting, and the same are required");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "--reg-covar", "0.1")
            .Fails(2, $"--reg-covar is 0.1; {model} has 2E-12 of each column's variance, and a fit goes on with the same (see gmm fit --help)");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "--variance-floor", "0.1")
            .Fails(2, $"--variance-floor is 0.1; {model} has 0, and a fit goes on with the same (see gmm fit --help)");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "--seed", "3")
            .Fails(2, $"--seed is 3; {model} has 0, and a fit goes on with the same (see gmm fit --help)");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "-k", "3").Fails(2, $"-k is 3; {model} has 2 components (see gmm fit --help)");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "--reg-relative", "1e-3")
            .Fails(2, $"--reg-relative is 0.001; {model} has 2E-12 of each column's variance, and a fit goes on with the same (see gmm fit --help)");
        Tool.Run("fit", Tool.Faithful, "--continue", model, "--reg-relative", "2e-12", "-o", model, "--quiet").Clean();
        Assert.Equal(before, File.ReadAllText(model));

        var alone = _scratch.Write("alone.json", """{"covarianceType":"full","weights":[1],"means":[[1,2]],"covariances":[[[1,0],[0,1]]]}""");
        Tool.Run("fit", Tool.Faithful, "--continue", alone)
            .Fails(3, $"{alone}: has a model without its fit, which cannot go on; --init starts from its parameters");
    }

    [Fact]
    public void ColumnsAreFoundByNameAndWeightsHaveToBeGivenAgain()
    {
        var rows = File.ReadAllLines(Tool.Faithful);
        var turned = _scratch.Write("turned.csv", string.Join('\n', rows.Select((row, i) => row.Split(',') is var c ? $"{(i == 0 ? "w" : $"{i % 3 + 1}")},{c[1]},{c[0]}" : "")));
        var (whole, model) = (_scratch.Path("whole.json"), _scratch.Path("m.json"));
        Tool.Run("fit", turned, "-k", "2", "--weights", "w", "-o", whole, "--quiet").Clean();
        Tool.Run("fit", turned, "-k", "2", "--weights", "w", "--max-iter", "2", "-o", model, "--quiet");
        Tool.Run("fit", turned, "--continue", model, "--columns", "waiting,eruptions", "-o", model)
            .Fails(3, $"{turned}: the fit to continue was of points of total weight 545; these have 272; the same points are required");
        Tool.Run("fit", turned, "--continue", model, "--weights", "w", "-o", model, "--quiet").Clean();
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(model));
    }
}
