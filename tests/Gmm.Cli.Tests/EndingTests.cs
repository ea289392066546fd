using System.Diagnostics;
using System.Globalization;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>Ends other than success: warnings, a failed fit, cancellation, defects.</summary>
public sealed class EndingTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void ACollapsedFitStillWritesItsModel()
    {
        var data = _scratch.Write("twins.csv", "1,1\n1,1\n1,1\n5,5\n5,6\n");
        var path = _scratch.Path("m.json");
        var result = Tool.Run("fit", data, "-k", "2", "--reg-covar", "0", "--init", "points", "-o", path, "--json");
        Assert.Equal(4, result.ExitCode);
        Assert.Equal(File.ReadAllBytes(path), result.Bytes);
        var fit = result.Fit();
        Assert.Equal(FitStatus.Collapsed, fit.Status);
        var last = result.Error.TrimEnd().Split('\n')[^1];
        Assert.Equal($"gmm: the fit failed after {DataInput.Count(fit.Iterations, "iteration")}: {fit.Failure}; {path} holds the model so far", last);
    }

    [Theory]
    [InlineData("keep", "it keeps the mean and covariance it had before; 5 times in all", 2)]
    [InlineData("drop", "it was taken out of the mixture; its number is that of the start", 1)]
    public void WhatWasDoneAboutACollapseIsSaid(string policy, string done, int components)
    {
        var start = _scratch.Write("start.json", """
            { "covarianceType": "spherical", "weights": [0.5, 0.5], "means": [[1, 1], [5, 5]], "covariances": [0.01, 1] }
            """);
        var data = _scratch.Write("twins.csv", "1,1\n1,1\n1,1\n5,5\n5,6\n");
        var result = Tool.Run(
            "fit", data, "--init", start, "--reg-covar", "0", "--on-collapse", policy, "--stop", "fixed", "--max-iter", "5", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"gmm: warning: component 0 collapsed onto 3 identical points in iteration 1: {done}{Environment.NewLine}", result.Error);
        Assert.Equal(components, result.Fit().Model.ComponentCount);

        // The report goes the way again where it can; one component less half way is no reason to fail.
        var page = _scratch.Path("report.html");
        Assert.Equal(0, Tool.Run(
            "fit", data, "--init", start, "--reg-covar", "0", "--on-collapse", policy, "--stop", "fixed", "--max-iter", "5", "--report", page).ExitCode);
        Assert.Contains("A component that collapses", File.ReadAllText(page));
    }

    [Fact]
    public void AFloorOfTheVariancesKeepsIdenticalPointsFromCollapsing()
    {
        var data = _scratch.Write("twins.csv", "1,1\n1,1\n1,1\n5,5\n5,6\n");
        var result = Tool.Run("fit", data, "-k", "2", "--reg-covar", "0", "--init", "points", "--variance-floor", "0.01", "--stop", "total", "--json");
        Assert.Equal((0, FitStatus.Converged), (result.ExitCode, result.Fit().Status));
    }

    [Fact]
    public void WhatRegularizationHeldUpIsSaid()
    {
        var data = _scratch.Write("twins.csv", "1,1\n1,1\n1,1\n5,5\n5,6\n");
        var result = Tool.Run("fit", data, "-k", "2", "--quiet", "--stop", "total");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            [
                "gmm: warning: component 0 has 2 points, and a full covariance of 2 dimensions needs at least 3: only regularization gives it a variance in every "
                    + "direction",
                "gmm: warning: repeated values: component 1 sits on 3 equal points, x1 = 1, x2 = 1; the variance there is all regularization",
            ],
            result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void ASharedCovarianceIsSpokenOfOnce()
    {
        var data = _scratch.Write("line.csv", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i * i % 17},{i * i % 17 * 1e8}\n")));
        var result = Tool.Run("fit", data, "-k", "2", "--quiet", "--covariance", "tied", "--max-iter", "1000");
        Assert.Equal(0, result.ExitCode);
        var line = Assert.Single(result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), text => text.Contains("follow"));
        Assert.Equal(
            "gmm: warning: columns follow from others in every point: x2 = 1e+08 x1; a covariance has no variance of its own there; leave out x2", line);
    }

    [Fact]
    public void AComponentWithoutPointsIsNamed()
    {
        var start = _scratch.Write("start.json", """
            { "covarianceType": "spherical", "weights": [0.5, 0.5], "means": [[0, 0], [1e6, 1e6]], "covariances": [1, 1] }
            """);
        var data = _scratch.Write("data.csv", "0,1\n1,0\n-1,0\n0,-1\n");
        var result = Tool.Run("fit", data, "--init", start, "--max-iter", "5", "--quiet");
        Assert.Contains("gmm: warning: component 1 has lost its points: its effective count is 0; it describes nothing in these data" + Environment.NewLine, result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void CancelledBeforeThereIsAModelNothingIsWritten()
    {
        Tool.RunCancelled("fit", Tool.Faithful, "-k", "2", "--json", "-o", _scratch.Path("m.json"))
            .Fails(130, "canceled before there was a model; nothing was written");
        Assert.Empty(_scratch.Files);
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task ASignalEndsAFitWithItsModel(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill.");
        SkipWhereIgnored(signal);
        Tool.Run("sample", _scratch.Model("start.json"), "-n", "20000", "-o", _scratch.Path("data.csv")).Clean();
        using var process = Tool.Start(
            _scratch.Folder, "fit", "data.csv", "-k", "4", "--stop", "fixed", "--max-iter", "1000000", "--threads", "1", "-o", "m.json");
        var finish = Tool.Finish(process);

        // Processor time, not time: start and reading take half a second of it, however busy the machine is.
        while (process.TotalProcessorTime < TimeSpan.FromSeconds(1.5) && !process.HasExited)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            process.Refresh();
        }
        await Process.Start("kill", [signal, $"{process.Id}"]).WaitForExitAsync(TestContext.Current.CancellationToken);

        var result = await finish;
        Assert.Equal(130, result.ExitCode);
        await using var stream = File.OpenRead(_scratch.Path("m.json"));
        var fit = FitResult.Load(stream)!;
        Assert.Equal(FitStatus.Cancelled, fit.Status);
        Assert.True(fit.Iterations > 0);
        var after = DataInput.Count(fit.Iterations, "iteration");
        Assert.Equal($"gmm: canceled after {after}; m.json holds the model so far{Environment.NewLine}", result.Error);
        Assert.Contains("canceled after", result.Output);
        Assert.Equal(["data.csv", "m.json", "start.json"], _scratch.Files);
    }

    [Fact]
    public void ADefectIsOneLineAndExitCode70()
    {
        using var error = new StringWriter();
        var streams = new StandardStreams(Stream.Null, new Broken(), error, false);
        Assert.Equal(70, Program.Run(["fit", Tool.Faithful, "-k", "2"], streams, CancellationToken.None));
        Assert.Equal($"gmm: internal error: InvalidOperationException: broken (set GMM_TRACE=1 to see where){Environment.NewLine}", error.ToString());
    }

    [Fact]
    public void StandardOutputThatCannotBeWrittenIsSaid()
    {
        using var error = new StringWriter();
        var streams = new StandardStreams(Stream.Null, new Broken(new IOException("No space left on device")), error, false);
        Assert.Equal(3, Program.Run(["fit", Tool.Faithful, "-k", "2"], streams, CancellationToken.None));
        Assert.Equal($"gmm: standard output cannot be written: No space left on device{Environment.NewLine}", error.ToString());
    }

    private static void SkipWhereIgnored(string signal) =>
        Assert.SkipWhen(signal.EndsWith("INT", StringComparison.Ordinal) && IgnoresInterrupts(), "This process ignores SIGINT, as a shell's background jobs do, and so would its children.");

    // Signal 2 among those in the mask of ignored ones; children inherit it.
    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        var mask = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) : null;
        return mask is not null && (ulong.Parse(mask[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }

    private sealed class Broken(Exception? exception = null) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw exception ?? new InvalidOperationException("broken");

        public override void Write(byte[] buffer, int offset, int count) => throw exception ?? new InvalidOperationException("broken");
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task ASignalLeavesNoUnfinishedFile(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no such signals");
        SkipWhereIgnored(signal);
        var model = _scratch.Model();
        using var process = Tool.Start(_scratch.Folder, "sample", model, "-n", "1000000000", "-o", "rows.npy");
        var finish = Tool.Finish(process);
        while (!process.HasExited && !Directory.GetFiles(_scratch.Folder, ".*.tmp").Any(file => new FileInfo(file) is { Exists: true, Length: > 100_000 }))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.NotEqual(0, (await finish).ExitCode);
        Assert.Equal(["model.json"], _scratch.Files);
    }
}
