using System.Diagnostics;

namespace Notebook.Tests;

/// <summary>Holds the outcome of one run of a program.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Requires exit code 0 and nothing on standard error.</summary>
    public Outcome Clean()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
        return this;
    }

    /// <summary>Requires an exit code, one line on standard error and nothing on standard output.</summary>
    public void Fails(int exitCode, string line)
    {
        Assert.Equal($"notebook: {line}{Environment.NewLine}", Error);
        Assert.Equal(exitCode, ExitCode);
        Assert.Empty(Output);
    }
}

/// <summary>Runs the sample, or the tool, as a process of its own.</summary>
internal static class Sample
{
    public static Outcome Run(params string[] arguments) => RunFrom(AppContext.BaseDirectory, "Notebook.dll", arguments);

    /// <summary>Runs the tool where its data are data/.</summary>
    public static Outcome RunTool(params string[] arguments) => RunFrom(AppContext.BaseDirectory, "gmm.dll", arguments);

    /// <summary>Runs a program of a folder, with the folder as its working folder.</summary>
    public static Outcome RunFrom(string folder, string program, params string[] arguments)
    {
        using var process = Start(folder, program, arguments);
        return Finish(process);
    }

    public static Process Start(string folder, string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, program), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    public static Outcome Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }
}

/// <summary>Makes a folder that is gone after the test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("gmm-notebook-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public string MakeFolder(string name) => Directory.CreateDirectory(Path(name)).FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
