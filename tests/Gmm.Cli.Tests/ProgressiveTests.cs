namespace Gmm.Cli.Tests;

/// <summary>gmm fit --progressive.</summary>
public sealed class ProgressiveTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void TheWorkOverSamplesIsShownAndKept()
    {
        var model = _scratch.Write("true.json", """{"covarianceType":"diag","weights":[0.5,0.5],"means":[[0],[3]],"covariances":[[1],[1]]}""");
        var (data, path) = (_scratch.Path("rows.npy"), _scratch.Path("fit.json"));
        Tool.Run("sample", model, "-n", "20000", "--seed", "1", "-o", data);
        Assert.DoesNotContain(Tool.Run("fit", data, "-k", "2").Clean().Lines, IsOfSamples);
        Assert.DoesNotContain(Tool.Run("fit", data, "-k", "2", "--progressive", "off").Clean().Lines, IsOfSamples);
        var line = Assert.Single(Tool.Run("fit", data, "-k", "2", "--progressive", "on", "-o", path).Clean().Lines, IsOfSamples);
        var fit = Fast.FitResult.Load(new MemoryStream(File.ReadAllBytes(path)))!;
        Assert.EndsWith(FormattableString.Invariant($" {fit.SamplePasses:f1} of all points"), line);
        Assert.True(fit.SamplePasses > 0);

        static bool IsOfSamples(string line) => line.StartsWith("passes over samples", StringComparison.Ordinal);
    }
}
