using System.Diagnostics;
using System.Text;
using Gmm.Fast;

namespace Gmm.Cli.Tests;

/// <summary>What a run of the tool left behind.</summary>
internal sealed record ToolResult(int ExitCode, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Exit code 0 and nothing on standard error.</summary>
    public ToolResult Clean()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return this;
    }

    public FitResult Fit() => FitResult.Load(new MemoryStream(Bytes))!;

    public void Fails(int exitCode, string line)
    {
        Assert.Equal($"gmm: {line}{Environment.NewLine}", Error);
        Assert.Equal(exitCode, ExitCode);
        Assert.Empty(Bytes);
    }
}

/// <summary>Runs the tool through its entry point, in this process or as one of its own.</summary>
internal static class Tool
{
    public static string Faithful { get; } = Data("old-faithful.csv");

    public static string Iris { get; } = Data("iris.csv");

    public static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    public static ToolResult Run(params string[] arguments) => RunWith("", arguments);

    public static ToolResult RunWith(string input, string[] arguments, bool terminal = false) =>
        Run(input, arguments, terminal, CancellationToken.None);

    public static ToolResult RunCancelled(params string[] arguments) => Run("", arguments, false, new CancellationToken(canceled: true));

    private static ToolResult Run(string input, string[] arguments, bool terminal, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var streams = new StandardStreams(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, error, terminal);
        var exitCode = Program.Run(arguments, streams, cancellation);
        return new ToolResult(exitCode, output.ToArray(), error.ToString());
    }

    public static Process Start(string folder, params string[] arguments) => Process.Start(Info(folder, arguments))!;

    /// <summary>How to run the tool as a process of its own.</summary>
    public static ProcessStartInfo Info(string folder, params string[] arguments) => new(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "gmm.dll"), .. arguments])
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    public static async Task<ToolResult> Finish(Process process, string input = "")
    {
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        var text = await error;
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, output.ToArray(), text);
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("gmm-cli-").FullName;

    public string[] Files => [.. Directory.GetFiles(Folder).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>A model fitted to Old Faithful.</summary>
    public string Model(string name = "model.json")
    {
        Tool.Run("fit", Tool.Faithful, "-k", "2", "--stop", "total", "-o", Path(name), "--quiet").Clean();
        return Path(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
