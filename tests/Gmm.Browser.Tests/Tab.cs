using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gmm.Browser.Tests;

/// <summary>A page in the browser, and what it complained about and asked for.</summary>
internal sealed class Tab : IAsyncDisposable
{
    private readonly DevTools _tools;
    private readonly string _target;
    private readonly string _session;
    private readonly string _address;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Tab(DevTools tools, string target, string session, string address) => (_tools, _target, _session, _address) = (tools, target, session, address);

    /// <summary>Errors and warnings that scripts wrote to the console, errors that the browser did, and exceptions.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>Addresses asked for, but for the page itself and what lies within it.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public static async Task<Tab> OpenAsync(DevTools tools, string file, int width, int height, bool isDark)
    {
        var target = (string)(await tools.SendAsync("Target.createTarget", new { url = "about:blank" }))["targetId"]!;
        var session = (string)(await tools.SendAsync("Target.attachToTarget", new { targetId = target, flatten = true }))["sessionId"]!;
        var tab = new Tab(tools, target, session, new Uri(Path.GetFullPath(file)).AbsoluteUri);
        tools.Told += tab.Listen;
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" }) await tab.SendAsync(domain + ".enable");
        await tab.ResizeAsync(width, height);
        await tab.SetDarkAsync(isDark);
        await tab.SendAsync("Page.bringToFront");
        await tab.SendAsync("Page.navigate", new { url = tab._address });
        await tab._loaded.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return tab;
    }

    /// <summary>Waits for the first figure, which is in view.</summary>
    public Task FirstFigureAsync() => WaitForAsync("document.querySelector('figure.plot').dataset.state === 'ready'");

    /// <summary>Draws all figures, also those not scrolled to.</summary>
    public Task RenderAllAsync() => EvaluateAsync("gmmReport.renderAll()");

    /// <summary>The value of an expression, awaited where it is a promise.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var result = await SendAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        if (result["exceptionDetails"] is { } failure) throw new InvalidOperationException(failure.ToJsonString());
        return result["result"]!["value"]?.DeepClone();
    }

    public async Task<T> EvaluateAsync<T>(string expression) => (await EvaluateAsync(expression))!.Deserialize<T>()!;

    /// <summary>Waits until an expression is true.</summary>
    public async Task WaitForAsync(string expression)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await EvaluateAsync<bool>($"!!({expression})")) return;
            await Task.Delay(100);
        }
        Assert.Fail($"within 10 s it did not happen: {expression}");
    }

    public Task ResizeAsync(int width, int height) =>
        SendAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = width < 600 });

    public Task SetDarkAsync(bool isDark) => SendAsync(
        "Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = isDark ? "dark" : "light" } } });

    public async Task MoveMouseAsync(double x, double y)
    {
        // Two steps: a pointer that has not moved hovers over nothing.
        await SendAsync("Input.dispatchMouseEvent", new { type = "mouseMoved", x = x - 1, y });
        await SendAsync("Input.dispatchMouseEvent", new { type = "mouseMoved", x, y });
    }

    public async Task ClickAsync(double x, double y)
    {
        await MoveMouseAsync(x, y);
        await SendAsync("Input.dispatchMouseEvent", new { type = "mousePressed", x, y, button = "left", clickCount = 1 });
        await SendAsync("Input.dispatchMouseEvent", new { type = "mouseReleased", x, y, button = "left", clickCount = 1 });
    }

    /// <summary>The whole page as a PNG file.</summary>
    public async Task<byte[]> ScreenshotAsync() =>
        Convert.FromBase64String((string)(await SendAsync("Page.captureScreenshot", new { captureBeyondViewport = true }))["data"]!);

    /// <summary>The page as it would be printed.</summary>
    public async Task<byte[]> PrintAsync() =>
        Convert.FromBase64String((string)(await SendAsync("Page.printToPDF", new { printBackground = true, preferCSSPageSize = true }))["data"]!);

    public async ValueTask DisposeAsync()
    {
        _tools.Told -= Listen;
        await _tools.SendAsync("Target.closeTarget", new { targetId = _target });
    }

    private Task<JsonNode> SendAsync(string method, object? parameters = null) => _tools.SendAsync(method, parameters, _session);

    private void Listen(string? session, string method, JsonNode? parameters)
    {
        if (session != _session || parameters is null) return;
        switch (method)
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Runtime.exceptionThrown":
                Complaints.Enqueue(parameters.ToJsonString());
                break;
            case "Runtime.consoleAPICalled" when (string?)parameters["type"] is "error" or "warning" or "assert":
                Complaints.Enqueue(parameters["args"]!.ToJsonString());
                break;
            case "Log.entryAdded" when (string?)parameters["entry"]!["level"] is "error":
                Complaints.Enqueue(parameters["entry"]!.ToJsonString());
                break;
            case "Network.requestWillBeSent":
                var address = (string)parameters["request"]!["url"]!;
                if (address != _address && !address.StartsWith("data:", StringComparison.Ordinal) && !address.StartsWith("blob:", StringComparison.Ordinal))
                    Requests.Enqueue(address);
                break;
        }
    }
}
