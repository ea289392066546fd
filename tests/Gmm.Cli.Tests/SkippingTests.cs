namespace Gmm.Cli.Tests;

/// <summary>gmm fit --dense and --skip-below.</summary>
public sealed class SkippingTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void TheResultIsTheSameWithAllPairs()
    {
        var model = _scratch.Write("true.json", """
            {"covarianceType":"diag","weights":[0.25,0.25,0.25,0.25],"means":[[0,0,0,0],[40,0,0,0],[0,40,0,0],[0,0,40,0]],
             "covariances":[[1,1,1,1],[1,2,1,1],[2,1,1,1],[1,1,1,2]]}
            """);
        var data = _scratch.Path("rows.npy");
        Tool.Run("sample", model, "-n", "1100000", "--seed", "1", "-o", data);
        string[] fit = ["fit", data, "-k", "4", "--covariance", "diag", "--init", model, "--max-iter", "20", "--stop", "fixed"];
        var some = Tool.Run([.. fit]).Clean();
        var all = Tool.Run([.. fit, "--dense"]).Clean();
        var pairs = Assert.Single(some.Lines, line => line.StartsWith("pairs computed", StringComparison.Ordinal));
        Assert.Equal(all.Lines, some.Lines.Where(line => line != pairs));
        Assert.EndsWith("% of points and components", pairs);
    }

    [Fact]
    public void ACutoffStaysWithItsFit()
    {
        var path = _scratch.Path("cut.json");
        Tool.Run("fit", Tool.Iris, "-k", "3", "--covariance", "spherical", "--skip-below", "2^-8", "--max-iter", "3", "--stop", "fixed", "-o", path, "--quiet");
        Tool.Run("fit", Tool.Iris, "--continue", path, "--quiet").Clean();
        Tool.Run("fit", Tool.Iris, "--continue", path, "--skip-below", "2^-8", "--quiet").Clean();
        Assert.Contains($"--skip-below is 0; {path} has 0.00390625", Tool.Run("fit", Tool.Iris, "--continue", path, "--skip-below", "0", "--quiet").Error);
    }

    [Fact]
    public void WhatACutoffTookIsPrintedBesideItsBound()
    {
        var cut = Tool.Run("fit", Tool.Iris, "-k", "3", "--covariance", "spherical", "--skip-below", "2^-8").Clean();
        Assert.EndsWith(
            " nats of the mean log-likelihood, at most 0.0117", Assert.Single(cut.Lines, line => line.StartsWith("left out by cutoff", StringComparison.Ordinal)));
        Assert.DoesNotContain("left out by cutoff", Tool.Run("fit", Tool.Iris, "-k", "3").Clean().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2^-7")]
    [InlineData("2^-65")]
    [InlineData("0.1")]
    [InlineData("-1")]
    [InlineData("some")]
    public void OtherCutoffsAreRefused(string text)
    {
        var refused = Tool.Run("fit", Tool.Iris, "-k", "3", "--skip-below", text);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("from 2^-64 to 2^-8", refused.Error);
    }
}
