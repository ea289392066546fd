using System.Buffers.Binary;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gmm.Fast;

namespace ScoringService.Tests;

/// <summary>Compares answers with the engine, bit for bit.</summary>
public class ScoreTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Everything = "outputs=logDensity,label,responsibilities,outlier,tailProbability";

    private readonly Service _service = shared.Service;
    private readonly GaussianMixture _model = shared.Flowers.Model;

    [Fact]
    public async Task JsonHasTheScoresOfTheEngine()
    {
        var rows = Rows(7, 20);
        var answer = await _service.Scores($"/v1/models/flowers/score?{Everything}&anomaly=0.3", Json(rows));
        Assert.Equal("flowers", answer.GetProperty("model").GetString());
        Assert.Equal(20, answer.GetProperty("rows").GetInt32());
        Assert.Matches("^[0-9a-f]{16}$", answer.GetProperty("version").GetString());
        var outliers = 0;
        for (var i = 0; i < 20; i++)
        {
            var row = rows.AsSpan(i * TestModels.Columns, TestModels.Columns);
            var shares = new double[2];
            _model.Responsibilities(row, shares);
            Assert.Equal(_model.LogDensity(row), answer.GetProperty("logDensity")[i].GetDouble());
            Assert.Equal(_model.Label(row), answer.GetProperty("label")[i].GetInt32());
            Assert.Equal(shares, answer.GetProperty("responsibilities")[i].EnumerateArray().Select(share => share.GetDouble()));
            Assert.Equal(_model.TailProbability(row), answer.GetProperty("tailProbability")[i].GetDouble());
            Assert.Equal(_model.TailProbability(row) <= 0.3, answer.GetProperty("outlier")[i].GetBoolean());
            if (answer.GetProperty("outlier")[i].GetBoolean()) outliers++;
        }
        Assert.InRange(outliers, 1, 19);
    }

    [Fact]
    public async Task AnAnswerHasWhatWasAskedFor()
    {
        Assert.Equal(["model", "version", "rows", "logDensity", "label"], await Members(""));
        Assert.Equal(["model", "version", "rows", "outlier"], await Members("?outputs=outlier"));
        Assert.Equal(["model", "version", "rows", "label", "responsibilities"], await Members("?outputs=responsibilities&outputs=label"));

        async Task<string[]> Members(string query) =>
            [.. (await _service.Scores($"/v1/models/flowers/score{query}", Json(Rows(1, 2)))).EnumerateObject().Select(member => member.Name)];
    }

    [Fact]
    public async Task ColumnsMayHaveAnyOrderIfTheyAreNamed()
    {
        var named = await _service.Scores("/v1/models/flowers/score", """{"columns": ["depth", "length", "width"], "rows": [[3.5, 1, 2.25]]}""");
        Assert.Equal(_model.LogDensity([1, 2.25, 3.5]), named.GetProperty("logDensity")[0].GetDouble());
    }

    [Theory]
    [InlineData("float64")]
    [InlineData("float32")]
    public async Task BinaryHasTheScoresOfTheEngine(string dtype)
    {
        var rows = Rows(9, 50);
        var floats = Array.ConvertAll(rows, number => (float)number);
        if (dtype == "float32") rows = Array.ConvertAll(floats, number => (double)number);
        var body = dtype == "float32" ? MemoryMarshal.AsBytes<float>(floats).ToArray() : Bytes(rows);
        using var response = await _service.PostBinary($"/v1/models/flowers/score?{Everything}&columns=3&dtype={dtype}", body);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Matches("^[0-9a-f]{16}$", response.Headers.GetValues("Model-Version").Single());
        var numbers = Numbers(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(50 * 6, numbers.Length);
        for (var i = 0; i < 50; i++)
        {
            var row = rows.AsSpan(i * TestModels.Columns, TestModels.Columns);
            var shares = new double[2];
            _model.Responsibilities(row, shares);
            var tail = _model.TailProbability(row);
            Assert.Equal([_model.LogDensity(row), _model.Label(row), .. shares, tail <= 0.01 ? 1 : 0, tail], numbers[(i * 6)..(i * 6 + 6)]);
        }
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("*/*", true)]
    [InlineData("application/json", false)]
    [InlineData("text/html, application/json;q=0.5, application/octet-stream", false)]
    [InlineData("application/octet-stream", true)]
    public async Task AcceptChoosesTheForm(string? accept, bool isBinary)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/flowers/score?columns=3") { Content = new ByteArrayContent(new byte[24]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _service.Client.SendAsync(request);
        Assert.Equal(isBinary ? "application/octet-stream" : "application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task ABatchMayBeEmpty()
    {
        var answer = await _service.Scores($"/v1/models/flowers/score?{Everything}", """{"rows": []}""");
        Assert.Equal(0, answer.GetProperty("rows").GetInt32());
        Assert.Equal(0, answer.GetProperty("responsibilities").GetArrayLength());
        using var response = await _service.PostBinary("/v1/models/flowers/score?columns=3", ReadOnlyMemory<byte>.Empty);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task ALongAnswerComesInPieces()
    {
        var rows = Rows(11, 1000);
        var answer = await _service.Scores("/v1/models/flowers/score?outputs=logDensity,responsibilities", Json(rows));
        var expected = new double[1000];
        _model.LogDensities(new Points(rows, TestModels.Columns), expected);
        Assert.Equal(expected, answer.GetProperty("logDensity").EnumerateArray().Select(number => number.GetDouble()));
        Assert.Equal(1000, answer.GetProperty("responsibilities").GetArrayLength());
    }

    [Fact]
    public async Task AMissingValueIsNullWhereTheModelAllowsIt()
    {
        var model = shared.Gaps.Model;
        var answer = await _service.Scores($"/v1/models/gaps/score?{Everything}", """{"rows": [[1, null, 3], [null, null, null], [1, 2, 3]]}""");
        Assert.Equal(model.LogDensity([1, double.NaN, 3]), answer.GetProperty("logDensity")[0].GetDouble());
        Assert.Equal(0, answer.GetProperty("logDensity")[1].GetDouble());

        // A density of fewer columns compares with none.
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null], Kinds("outlier")[..2]);
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Number], Kinds("tailProbability"));

        using var response = await _service.PostBinary("/v1/models/gaps/score?columns=3&outputs=outlier", Bytes(1, double.NaN, 3));
        Assert.True(double.IsNaN(Assert.Single(Numbers(await response.Content.ReadAsByteArrayAsync()))));

        JsonValueKind[] Kinds(string output) => [.. answer.GetProperty(output).EnumerateArray().Select(value => value.ValueKind)];
    }

    [Fact]
    public async Task ARowOutOfReachIsAnswered()
    {
        var answer = await _service.Scores("/v1/models/flowers/score?outputs=logDensity,outlier", """{"rows": [[1e300, -1e300, 1e300]]}""");
        Assert.Equal(double.MinValue, answer.GetProperty("logDensity")[0].GetDouble());
        Assert.True(answer.GetProperty("outlier")[0].GetBoolean());
    }

    internal static byte[] Bytes(params double[] numbers) => MemoryMarshal.AsBytes<double>(numbers).ToArray();

    internal static double[] Rows(int seed, int count) => TestModels.Rows(seed, count);

    internal static string Json(double[] rows) => $$"""
        {"rows": [{{string.Join(", ", rows.Chunk(TestModels.Columns).Select(row => $"[{string.Join(", ", row.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]"))}}]}
        """;

    private static double[] Numbers(byte[] bytes) =>
        [.. bytes.Chunk(sizeof(double)).Select(number => BinaryPrimitives.ReadDoubleLittleEndian(number))];
}
