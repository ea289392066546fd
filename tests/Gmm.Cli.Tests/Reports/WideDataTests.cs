using Gmm.Data;
using Gmm.TestKit;

namespace Gmm.Cli.Tests.Reports;

/// <summary>Tables of very many columns, as genes and pictures give them.</summary>
public sealed class WideDataTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void ManyColumnsFitAndPrintAndDraw()
    {
        var columns = SlowTests.AreOn ? 50_000 : 5_000;
        var data = Write("genes.npy", 100, columns);
        var model = _scratch.Path("m.json");
        var table = Tool.Run("fit", data, "-k", "2", "--covariance", "diag", "-o", model, "--report", _scratch.Path("r.html"), "--plot", _scratch.Path("f.svg"));
        Assert.Equal(0, table.ExitCode);
        Assert.InRange(table.Lines.Length, 40, 70);
        Assert.Contains($"20 of {columns} columns are shown: the first 4, and those in which the components differ most", table.Output);
        Assert.Contains("--all shows all", table.Output);
        Assert.Contains("\n  x4 ", table.Output);
        Assert.Equal(table.Output, Tool.Run("info", model).Clean().Output);
        Assert.InRange(Tool.Run("info", model, "--all").Clean().Lines.Length, 2 * columns, 2 * columns + 20);
        Assert.All((string[])["r.html", "f.svg"], file => Assert.True(new FileInfo(_scratch.Path(file)).Length > 10_000));
        Assert.Equal(101, Tool.Run("predict", model, data).Clean().Lines.Length);
    }

    [Fact]
    public async Task WhatDoesNotFitInMemoryIsRefusedBeforehand()
    {
        // The runtime takes the limit of its heap for the memory there is, as it takes that of a container.
        var data = Write("genes.npy", 60, SlowTests.AreOn ? 20_000 : 4_000);
        var info = Tool.Info(_scratch.Folder, "fit", data, "-k", "2", "-o", "m.json");
        info.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        using var process = System.Diagnostics.Process.Start(info)!;
        var result = await Tool.Finish(process);
        Assert.Equal(3, result.ExitCode);
        Assert.Matches(
            @"^gmm: .*genes\.npy: 2 full covariances of \d+ columns need about [\d.,]+ GB of memory; \d+ MB are available; use covariances of type diag \(\d+ MB\)"
                + @" or spherical \(\d+ MB\), fewer columns or fewer components\r?\n$", result.Error);
        Assert.Empty(result.Bytes);
        Assert.Equal(["genes.npy"], _scratch.Files);
    }

    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    public async Task ASignalAfterTheFitEndsTheProcessAndLeavesNothing(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill.");
        Assert.SkipUnless(File.Exists("/bin/kill") || File.Exists("/usr/bin/kill"), "There is no kill.");

        // The model is written slowly, into a pipe that nobody reads: the process is there for as long as we like.
        var data = Write("x.npy", 300, 250);
        var process = Tool.Start(_scratch.Folder, "fit", data, "-k", "3", "--stop", "fixed", "--max-iter", "1", "--json");
        using var owned = process;
        await Task.Delay(100, TestContext.Current.CancellationToken);
        for (var wait = 0; wait < 600 && !await HasOutput(process); wait++) await Task.Delay(50, TestContext.Current.CancellationToken);
        using (var kill = System.Diagnostics.Process.Start("kill", [signal, $"{process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var rest = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, limit.Token);
        await process.WaitForExitAsync(limit.Token);
        await rest;
        if (signal == "-TERM") Assert.NotEqual(0, process.ExitCode);
        Assert.Equal(["x.npy"], _scratch.Files);
    }

    private static async Task<bool> HasOutput(System.Diagnostics.Process process)
    {
        var first = new byte[1];
        return await process.StandardOutput.BaseStream.ReadAsync(first) == 1;
    }

    // Two clouds, a standard deviation apart in every column.
    private string Write(string name, int rows, int columns)
    {
        var random = new Random(5);
        var values = new double[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) + (i / columns < rows / 2 ? 0 : 1);
        var path = _scratch.Path(name);
        TableFile.Write(path, new NumericTable(values, columns));
        return path;
    }
}
