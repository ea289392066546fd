using System.Diagnostics;
using Gmm.Browser.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Chromium))]

// A tab behind another one draws nothing and hears of no change of colors; so one at a time, in front.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Gmm.Browser.Tests;

/// <summary>One headless browser for all tests; without one every test is skipped and says so.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Variable = "GMM_CHROMIUM";

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly string _profile = Path.Combine(Path.GetTempPath(), $"gmm-browser-{Guid.NewGuid():n}");
    private readonly DevTools _tools = new();
    private Process? _process;

    public async ValueTask InitializeAsync()
    {
        if (Find() is not { } path) return;

        // Software drawing of WebGL, so that three-dimensional figures appear without a graphics card, and of WebGL alone: the rest of a page is drawn
        // several times faster without. And no calls home, which a closed network refuses.
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing",
            "--disable-gpu-rasterization", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={_profile}", "about:blank",
        ];
        _process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        const string Announcement = "DevTools listening on ";
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Announcement, StringComparison.Ordinal) == true) address.TrySetResult(line.Data[Announcement.Length..]);
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await _tools.ConnectAsync(new Uri(await address.Task.WaitAsync(TimeSpan.FromSeconds(60))));
    }

    /// <summary>Opens a file in a new tab.</summary>
    internal async Task<Tab> OpenAsync(string file, int width = 1280, int height = 900, bool isDark = false)
    {
        if (_process is null)
            Assert.Skip($"no Chromium found: install the package chromium, or name the program in the environment variable {Variable}");
        return await Tab.OpenAsync(_tools, file, width, height, isDark);
    }

    public async ValueTask DisposeAsync()
    {
        SamplePages.Delete();
        await _tools.DisposeAsync();
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A helper process may write a moment longer; the folder is in the system's temporary one.
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return given;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return s_names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
