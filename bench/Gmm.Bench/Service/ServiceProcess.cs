using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Gmm.Bench.Service;

/// <summary>samples/ScoringService as a process of its own, over a folder of models, on a free port.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const string Announcement = "Now listening on: ";

    private readonly Process _process;
    private readonly HttpClient _client;

    public ServiceProcess(string models)
    {
        var program = Path.Combine(Machine.Root(), "samples", "ScoringService", "bin", "Release", "net10.0", "ScoringService.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, "--models", models, "--urls", "http://127.0.0.1:0", "--Scoring:PollSeconds", "1"])
        {
            RedirectStandardOutput = true,
        })!;
        Address = new Uri(Listening());
        _client = new HttpClient { BaseAddress = Address };

        // A pipe that nobody reads would block the log.
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public Uri Address { get; }

    public bool IsAlive => !_process.HasExited;

    /// <summary>Resident memory, in MB.</summary>
    public double Megabytes => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>User and system time so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, Address.Port);
        return socket;
    }

    /// <summary>The state and version of a model.</summary>
    public (string State, string Version) Model(string name)
    {
        using var document = JsonDocument.Parse(_client.GetStringAsync($"/v1/models/{name}").Result);
        return (document.RootElement.GetProperty("state").GetString()!, document.RootElement.GetProperty("version").GetString()!);
    }

    public void Dispose()
    {
        _client.Dispose();
        if (IsAlive) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string Listening()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var at) return line[(at + Announcement.Length)..].Trim();
        }
        throw new InvalidOperationException("the service ended before it listened");
    }
}
