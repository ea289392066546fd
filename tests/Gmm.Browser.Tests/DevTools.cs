using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gmm.Browser.Tests;

/// <summary>
/// The few words of the DevTools protocol (chromedevtools.github.io/devtools-protocol) that the tests need. A browser-driving package would bring its own
/// copies of node for every system, hundreds of megabytes, for the same.
/// </summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _pending = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _sending = new(1);
    private Task _reading = Task.CompletedTask;
    private int _lastId;

    /// <summary>Session, method and parameters of everything that the browser tells unasked.</summary>
    public event Action<string?, string, JsonNode?>? Told;

    public async Task ConnectAsync(Uri address)
    {
        _socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await _socket.ConnectAsync(address, _stop.Token);
        _reading = Task.Run(ReadAsync);
    }

    public async Task<JsonNode> SendAsync(string method, object? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = answer;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = JsonSerializer.SerializeToNode(parameters ?? new { }) };
        if (session is not null) message["sessionId"] = session;
        await _sending.WaitAsync(_stop.Token);
        try
        {
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, _stop.Token);
        }
        finally
        {
            _sending.Release();
        }
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(120), _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
        _sending.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (part.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                message.SetLength(0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The browser has gone, or we are done with it; whoever waits for an answer learns it below.
        }
        foreach (var answer in _pending.Values) answer.TrySetException(new IOException("the browser has closed the connection"));
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is not { } id)
        {
            Told?.Invoke((string?)message["sessionId"], (string)message["method"]!, message["params"]);
            return;
        }
        if (!_pending.TryRemove((int)id, out var answer)) return;
        if (message["error"] is { } error) answer.SetException(new InvalidOperationException(error.ToJsonString()));
        else answer.SetResult(message["result"]!);
    }
}
