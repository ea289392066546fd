using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gmm.Fast;
using Microsoft.AspNetCore.Builder;
using ScoringService.Host;

namespace ScoringService.Tests;

/// <summary>Runs the service on a free port over a folder of its own.</summary>
public sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Service(string folder, WebApplication app)
    {
        (Folder, _app) = (folder, app);
        Client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public string Folder { get; }

    public HttpClient Client { get; }

    /// <summary>Starts a service over the given files.</summary>
    public static async Task<Service> StartAsync(IReadOnlyDictionary<string, byte[]> files, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("gmm-service-").FullName;
        foreach (var (name, content) in files) await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
        var app = ServiceHost.Build(
            ["--models", folder, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None", "--Scoring:Prometheus", "false", .. settings]);
        await app.StartAsync();
        return new Service(folder, app);
    }

    /// <summary>Starts a service with the model "flowers".</summary>
    public static Task<Service> StartAsync(params string[] settings) =>
        StartAsync(new Dictionary<string, byte[]> { ["flowers.json"] = TestModels.File(TestModels.Fit()) }, settings);

    /// <summary>Ends the service as SIGTERM does.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Replaces a file as writers should: another file is written and takes its name.</summary>
    public void Replace(string name, byte[] content)
    {
        var written = Path.Combine(Folder, name + ".tmp");
        File.WriteAllBytes(written, content);
        File.Move(written, Path.Combine(Folder, name), overwrite: true);
    }

    public Task<HttpResponseMessage> PostJson(string path, string body, string contentType = "application/json") =>
        Client.PostAsync(path, new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType)));

    public Task<HttpResponseMessage> PostBinary(string path, ReadOnlyMemory<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return Client.PostAsync(path, content);
    }

    /// <summary>Gives the answer to a request that is served.</summary>
    public async Task<JsonElement> Scores(string path, string body)
    {
        using var response = await PostJson(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<JsonElement> Get(string path) => JsonDocument.Parse(await Client.GetStringAsync(path)).RootElement;

    /// <summary>Waits until what is shown of a model fulfills a condition.</summary>
    public async Task<JsonElement> Until(string name, Func<JsonElement, bool> condition)
    {
        var last = default(JsonElement);
        for (var i = 0; i < 3000; i++)
        {
            var models = (await Get("/v1/models")).GetProperty("models").EnumerateArray();
            last = models.FirstOrDefault(model => model.GetProperty("name").GetString() == name);
            if (condition(last)) return last;
            await Task.Delay(10);
        }
        Assert.Fail($"never came true; the model is last {(last.ValueKind == JsonValueKind.Undefined ? "not listed" : last.GetRawText())}");
        return last;
    }

    /// <summary>Checks that a response is a problem, and gives it.</summary>
    internal static async Task<JsonElement> Problem(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("traceId").GetString());
        return problem;
    }

    internal static GaussianMixture Model(byte[] file) => GaussianMixture.Load(new MemoryStream(file));
}

/// <summary>Shares one service, with models with and without gaps and with nothing but parameters, among the tests of a class.</summary>
public sealed class SharedService : IAsyncLifetime
{
    internal FitResult Flowers { get; } = TestModels.Fit();

    internal FitResult Gaps { get; } = TestModels.Fit(2, mayHaveGaps: true);

    public Service Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var plain = new GaussianMixture(CovarianceType.Spherical, 1, [1], [0], [1]);
        Service = await Service.StartAsync(
            new Dictionary<string, byte[]>
            {
                ["flowers.json"] = TestModels.File(Flowers),
                ["gaps.json"] = TestModels.File(Gaps),
                ["plain.json"] = System.Text.Encoding.UTF8.GetBytes(plain.ToJson()),
            },
            "--Scoring:MaxRows", "1000", "--Scoring:MaxRequestBytes", "100000", "--Scoring:MaxResponseNumbers", "3000", "--Scoring:Prometheus", "true");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
