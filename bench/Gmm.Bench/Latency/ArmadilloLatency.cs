using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Gmm.Bench.Latency;

/// <summary>Armadillo's log-density of one point, in a process of its own: bench/peers/latency_armadillo.cpp.</summary>
internal sealed class ArmadilloLatency : IDisposable
{
    private readonly string _folder;

    private ArmadilloLatency(string folder) => _folder = folder;

    private string Program => Path.Combine(_folder, "latency_armadillo");

    /// <summary>Compiles the program; null where that is not possible, which is said.</summary>
    public static ArmadilloLatency? Build()
    {
        var peer = new ArmadilloLatency(Directory.CreateTempSubdirectory("latency").FullName);
        var source = Path.Combine(Machine.Root(), "bench", "peers", "latency_armadillo.cpp");
        try
        {
            Call("g++", "-std=c++17", "-O3", "-march=native", "-DARMA_NO_DEBUG", source, "-o", peer.Program, "-larmadillo");
            return peer;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            Console.Error.WriteLine($"Armadillo is left out: {e.Message}");
            peer.Dispose();
            return null;
        }
    }

    /// <summary>Adds the times of some calls.</summary>
    public void Take(Problem problem, int calls, Histogram times)
    {
        var data = Path.Combine(_folder, "model");
        using (var file = File.Create(data))
        {
            foreach (var numbers in (double[][])[
                problem.Initial.Weights.ToArray(), problem.Initial.Means.ToArray(), problem.Initial.Covariances.ToArray(), problem.Rows])
            {
                file.Write(MemoryMarshal.AsBytes<double>(numbers));
            }
        }
        foreach (var line in Call(Program, data, $"{problem.Dimension}", $"{problem.Components}", $"{problem.Points}", $"{calls}").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            times.Add(long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Call(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error.Result.Split('\n')[0]}");
    }
}
