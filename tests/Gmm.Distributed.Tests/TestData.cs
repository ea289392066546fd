using System.Diagnostics;
using System.Text;
using Gmm.Cli;
using Gmm.Cli.Ranks;
using Gmm.Fast;
using Gmm.TestKit;

namespace Gmm.Distributed.Tests;

/// <summary>Makes tables, and runs the tool on them.</summary>
internal static class TestData
{
    /// <summary>Writes rows of two columns in two clusters.</summary>
    public static string Csv(int rows)
    {
        var data = Blobs.Build(seed: 5, rows, d: 2, k: 2, separation: 3).Data;
        var text = new StringBuilder("x,y\n");
        for (var i = 0; i < rows; i++) text.Append(Invariant($"{data[2 * i]:R},{data[2 * i + 1]:R}\n"));
        return text.ToString();
    }

    /// <summary>Runs the tool in this process, alone.</summary>
    public static MpiEnd Run(params string[] arguments) => Run(arguments, null, CancellationToken.None);

    /// <summary>Runs the tool in this process, as one of several ranks.</summary>
    /// <param name="arguments">The words behind its name.</param>
    /// <param name="communicator">What joins the ranks; null for none.</param>
    /// <param name="cancellation">Cancels the fit.</param>
    public static MpiEnd Run(string[] arguments, ICommunicator? communicator, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        var streams = new StandardStreams(Stream.Null, output, error, ErrorIsTerminal: false);
        var ranks = communicator is null ? null : new CommandRanks(communicator, code => throw new InvalidOperationException(Invariant($"aborted with {code}")), streams);
        var exitCode = Program.Run(arguments, ranks?.Streams ?? streams, cancellation, ranks);
        return new MpiEnd(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>Runs the tool as a process of its own, without mpirun.</summary>
    public static MpiEnd Start((string Name, string Value) variable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "gmm.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable.Name] = variable.Value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new MpiEnd(process.ExitCode, output, error.Result);
    }
}
