using System.Diagnostics;
using System.Globalization;

namespace Gmm.Distributed.Tests;

/// <summary>How a job ended.</summary>
/// <param name="ExitCode">That of mpirun.</param>
/// <param name="Output">What all ranks wrote to standard output.</param>
/// <param name="Error">What they wrote to standard error, and mpirun after them.</param>
internal sealed record MpiEnd(int ExitCode, string Output, string Error);

/// <summary>Starts processes with mpirun, in a folder of their own that is gone after the test.</summary>
internal sealed class MpiJob : IDisposable
{
    // A job that hangs, not a slow one: the machine may be busy.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly string? s_mpirun = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);

    public string Folder { get; } = Directory.CreateTempSubdirectory("gmm-mpi-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>Skips the test where there is no mpirun.</summary>
    public static void SkipUnlessInstalled() =>
        Assert.SkipWhen(s_mpirun is null, "mpirun is not installed (apt-get install openmpi-bin)");

    /// <summary>Runs the program of the tests in a mode, and gives what each rank found.</summary>
    public async Task<(MpiEnd End, string[][] Found)> RunProgram(int ranks, string mode)
    {
        using var process = StartProgram(ranks, mode);
        var end = await Finish(process);
        return (end, [.. Enumerable.Range(0, ranks).Select(rank => File.ReadAllLines(Path(Invariant($"{rank}.txt"))))]);
    }

    public Process StartProgram(int ranks, string mode) => Start(ranks, 1, "exec \"$@\"", "Gmm.RankProgram.dll", Folder, mode);

    /// <summary>Starts the tool in each rank.</summary>
    /// <param name="ranks">How many.</param>
    /// <param name="script">What a shell does in each rank; the tool is "$@".</param>
    /// <param name="arguments">Those of the tool.</param>
    public Process StartTool(int ranks, string script, params string[] arguments) => Start(ranks, 4, script, "gmm.dll", arguments);

    /// <summary>Waits for the end of a job; fails where its ranks wait for each other.</summary>
    public static async Task<MpiEnd> Finish(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the job did not end");
        }
        return new MpiEnd(process.ExitCode, await output, await error);
    }

    /// <summary>Waits until a rank has written the number of its process to a file.</summary>
    public async Task<Process> Rank(string file)
    {
        int id;
        while (!File.Exists(Path(file)) || !int.TryParse(await File.ReadAllTextAsync(Path(file)), CultureInfo.InvariantCulture, out id))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        return Process.GetProcessById(id);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // mpirun waits so many seconds, one unless told, between SIGTERM and SIGKILL. A rank of the tool writes its model in them, on a busy machine too.
    private Process Start(int ranks, int killSeconds, string script, string program, params string[] arguments)
    {
        SkipUnlessInstalled();
        var host = Environment.ProcessPath is { } path && System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(s_mpirun!)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] words =
        [
            "--oversubscribe", "-n", Invariant($"{ranks}"), "sh", "-c", script, "sh", host, System.IO.Path.Combine(AppContext.BaseDirectory, program), .. arguments,
        ];
        foreach (var word in words) start.ArgumentList.Add(word);

        start.Environment["OMPI_MCA_odls_base_sigkill_timeout"] = Invariant($"{killSeconds}");

        // Containers of builds run as root.
        (start.Environment["OMPI_ALLOW_RUN_AS_ROOT"], start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"]) = ("1", "1");
        return Process.Start(start)!;
    }
}
