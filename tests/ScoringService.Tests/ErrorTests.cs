using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ScoringService.Tests;

/// <summary>Every request that cannot be served gets problem details with a code, a sentence, and the place.</summary>
public class ErrorTests(SharedService shared) : IClassFixture<SharedService>
{
    private const string Score = "/v1/models/flowers/score";

    private readonly Service _service = shared.Service;

    [Theory]
    [InlineData("""{"rows": [[1, 2, 3], [4, null, 6]]}""", 1, 1, "row 1, column 1 ('width') is null; a finite number is required")]
    [InlineData("""{"rows": [[1, 2, "a"]]}""", 0, 2, "row 0, column 2 ('depth') is the text \"a\"; a finite number is required")]
    [InlineData("""{"rows": [[true, 2, 3]]}""", 0, 0, "row 0, column 0 ('length') is true; a finite number is required")]
    [InlineData("""{"rows": [[1, [2], 3]]}""", 0, 1, "row 0, column 1 ('width') is an array; a finite number is required")]
    [InlineData("""{"rows": [[1, {}, 3]]}""", 0, 1, "row 0, column 1 ('width') is an object; a finite number is required")]
    [InlineData("""{"rows": [[1, 1e999, 3]]}""", 0, 1, "row 0, column 1 ('width') is 1e999, beyond the range of a double; a finite number is required")]
    [InlineData("""{"columns": ["depth", "length", "width"], "rows": [[1, 2, null]]}""", 0, 2, "row 0, column 2 ('width') is null; a finite number is required")]
    public async Task AValueHasRowAndColumn(string body, int row, int column, string detail)
    {
        var problem = await Service.Problem(await _service.PostJson(Score, body), 400, "bad-value");
        Assert.Equal(row, problem.GetProperty("row").GetInt32());
        Assert.Equal(column, problem.GetProperty("column").GetInt32());
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{"rows": [[1, 2, 3], [1, 2]]}""", 1, "row 1 has 2 values; an array of 3 numbers is required")]
    [InlineData("""{"rows": [[1, 2, 3, 4]]}""", 0, "row 0 has more than 3 values; an array of 3 numbers is required")]
    [InlineData("""{"rows": [1, 2, 3]}""", 0, "row 0 is the number 1; an array of 3 numbers is required")]
    [InlineData("""{"rows": [[1, 2, 3], null]}""", 1, "row 1 is null; an array of 3 numbers is required")]
    public async Task ARowHasItsNumber(string body, int row, string detail)
    {
        var problem = await Service.Problem(await _service.PostJson(Score, body), 400, "bad-row");
        Assert.Equal(row, problem.GetProperty("row").GetInt32());
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{"rows": [[1, NaN, 3]]}""", 1, 15, 0, 1)]
    [InlineData("{\"rows\": [[1, 2, 3],\n[4, 5", 2, 6, 1, 1)]
    [InlineData("""{"rows": [[1, 2, 3]""", 1, 20, 1, null)]
    [InlineData("""{"rows": [[1, 2, 3]]} x""", 1, 23, null, null)]
    [InlineData("""{"rows" [[1]]}""", 1, 9, null, null)]
    [InlineData("", 1, 1, null, null)]
    [InlineData("\0", 1, 1, null, null)]
    public async Task TextThatIsNotJsonHasLineAndByte(string body, int line, int position, int? row, int? column)
    {
        var problem = await Service.Problem(await _service.PostJson(Score, body), 400, "bad-json");
        Assert.StartsWith("the body is not JSON: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal((line, position), (problem.GetProperty("line").GetInt32(), problem.GetProperty("bytePosition").GetInt32()));
        Assert.Equal(row, Optional(problem, "row"));
        Assert.Equal(column, Optional(problem, "column"));
    }

    [Theory]
    [InlineData("[[1, 2, 3]]", "the body is an array; {\"rows\": [[...], ...]} is required")]
    [InlineData("{}", "there is no \"rows\"; {\"rows\": [[...], ...]} is required")]
    [InlineData("""{"row": [[1, 2, 3]]}""", "\"row\" is not known; \"rows\" is required, and \"columns\" is possible")]
    [InlineData("""{"\ud800": 1}""", "\"text that is not valid Unicode\" is not known; \"rows\" is required, and \"columns\" is possible")]
    [InlineData("""{"rows": 1}""", "\"rows\" is the number 1; an array of arrays is required")]
    [InlineData("""{"rows": [], "rows": []}""", "\"rows\" stands twice; once is required")]
    public async Task ADocumentOfAnotherShapeIsRefused(string body, string detail)
    {
        var problem = await Service.Problem(await _service.PostJson(Score, body), 400, "bad-json");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{"columns": ["length", "widht", "depth"], "rows": []}""", "columns[1] is 'widht'; each of length, width, depth is required once")]
    [InlineData("""{"columns": ["length", "length", "depth"], "rows": []}""", "columns[1] is 'length'; each of length, width, depth is required once")]
    [InlineData("""{"columns": ["length"], "rows": []}""", "\"columns\" has 1 names; 3 are required")]
    [InlineData("""{"columns": ["length", "width", "depth", "length"], "rows": []}""", "columns[3] is 'length'; each of length, width, depth is required once")]
    [InlineData("""{"columns": [1], "rows": []}""", "columns[0] is the number 1; a name is required")]
    [InlineData("""{"columns": null, "rows": []}""", "\"columns\" is null; an array of names is required")]
    [InlineData("""{"rows": [], "columns": []}""", "\"columns\" stands after \"rows\"; the names are required before")]
    public async Task NamesHaveToBeThoseOfTheModel(string body, string detail)
    {
        var problem = await Service.Problem(await _service.PostJson(Score, body), 400, "bad-columns");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task AModelWithoutNamesTakesNone()
    {
        var problem = await Service.Problem(await _service.PostJson("/v1/models/plain/score", """{"columns": ["x"], "rows": []}"""), 400, "bad-columns");
        Assert.Equal("the model has no names of columns; leave out \"columns\"", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(30_000)]
    public async Task DeepNestingIsRefusedWhereItBegins(int depth)
    {
        var problem = await Service.Problem(await _service.PostJson(Score, "{\"rows\": " + new string('[', depth)), 400, "bad-value");
        Assert.Equal(0, problem.GetProperty("row").GetInt32());
    }

    [Theory]
    [InlineData("outputs=density", "outputs has 'density'; logDensity, label, responsibilities, outlier, tailProbability are possible")]
    [InlineData("outputs=", "outputs has ''; logDensity, label, responsibilities, outlier, tailProbability are possible")]
    [InlineData("output=label", "'output' is not known; outputs, anomaly, columns and dtype are possible")]
    [InlineData("anomaly=2", "anomaly is '2'; a share from 0 to 1 is required")]
    [InlineData("anomaly=0.1&anomaly=0.2", "anomaly stands 2 times; once is required")]
    [InlineData("columns=3", "columns and dtype are for binary bodies; leave them out")]
    [InlineData("columns=three", "columns is 'three'; the number of columns is required")]
    [InlineData("dtype=f8", "dtype is 'f8'; float64 or float32 is required")]
    public async Task AQueryNamesWhatIsPossible(string query, string detail)
    {
        var problem = await Service.Problem(await _service.PostJson($"{Score}?{query}", """{"rows": []}"""), 400, "bad-query");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("", 24, "a binary body needs ?columns=, the number of columns of its rows; the model has 3")]
    [InlineData("?columns=2", 24, "columns is 2; 3, the number of columns of the model, is required")]
    public async Task ABinaryBodySaysItsWidth(string query, int bytes, string detail)
    {
        var problem = await Service.Problem(await _service.PostBinary(Score + query, new byte[bytes]), 400, "bad-query");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("", 25, "the body has 25 bytes; a multiple of 24, 3 columns of 8 bytes, is required")]
    [InlineData("&dtype=float32", 25, "the body has 25 bytes; a multiple of 12, 3 columns of 4 bytes, is required")]
    public async Task ABinaryBodyIsOfWholeRows(string query, int bytes, string detail)
    {
        var problem = await Service.Problem(await _service.PostBinary($"{Score}?columns=3{query}", new byte[bytes]), 400, "bad-length");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task ABinaryBodyOfUnknownLengthIsOfWholeRows()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Score}?columns=3") { Content = new StreamContent(new MemoryStream(new byte[25])) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.TransferEncodingChunked = true;
        await Service.Problem(await _service.Client.SendAsync(request), 400, "bad-length");
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public async Task ABinaryValueHasRowAndColumn(double value, string shown)
    {
        var problem = await Service.Problem(await _service.PostBinary($"{Score}?columns=3", ScoreTests.Bytes(1, 2, 3, 4, 5, value)), 400, "bad-value");
        Assert.Equal(("row 1, column 2 ('depth') is " + shown + "; a finite number is required", "depth"),
            (problem.GetProperty("detail").GetString(), problem.GetProperty("columnName").GetString()));
    }

    [Theory]
    [InlineData("text/csv", "the Content-Type is 'text/csv; charset=utf-8'; application/json or application/octet-stream is required")]
    [InlineData("application/json; charset=utf-16", "the charset is 'utf-16'; utf-8 is required")]
    public async Task OtherMediaTypesAreRefused(string contentType, string detail)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType == "text/csv" ? "text/csv; charset=utf-8" : contentType);
        var problem = await Service.Problem(await _service.Client.PostAsync(Score, content), 415, "unsupported-media-type");
        Assert.Equal(detail, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task ABodyWithoutATypeOrWithAnEncodingIsRefused()
    {
        await Service.Problem(await _service.Client.PostAsync(Score, new ByteArrayContent("{}"u8.ToArray())), 415, "unsupported-media-type");
        using var packed = new StringContent("{}", Encoding.UTF8, "application/json");
        packed.Headers.ContentEncoding.Add("gzip");
        var problem = await Service.Problem(await _service.Client.PostAsync(Score, packed), 415, "unsupported-media-type");
        Assert.Equal("the Content-Encoding is 'gzip'; none is required", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task TooMuchIs413()
    {
        var rows = string.Join(", ", Enumerable.Repeat("[1, 2, 3]", 1001));
        await Service.Problem(await _service.PostJson(Score, $$"""{"rows": [{{rows}}]}"""), 413, "too-many-rows");
        await Service.Problem(await _service.PostBinary($"{Score}?columns=3", new byte[1001 * 24]), 413, "too-many-rows");
        await Service.Problem(await _service.PostJson($"{Score}?outputs=logDensity,label,responsibilities", $$"""{"rows": [{{rows[11..]}}]}"""), 413, "answer-too-large");
        var problem = await Service.Problem(await _service.PostJson(Score, "{\"rows\": [" + new string(' ', 100_000)), 413, "body-too-large");
        Assert.Equal("the body has more than 100000 bytes; send fewer rows a request", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task AModelThatIsNotThereHasNearNames()
    {
        var problem = await Service.Problem(await _service.PostJson("/v1/models/Flower/score", """{"rows": []}"""), 404, "model-not-found");
        Assert.Equal("there is no model 'Flower'; did you mean 'flowers'?", problem.GetProperty("detail").GetString());
        Assert.Equal("flowers", problem.GetProperty("near")[0].GetString());
        await Service.Problem(await _service.Client.GetAsync("/v1/models/nothing"), 404, "model-not-found");
    }

    [Fact]
    public async Task AModelWithoutQuantilesHasNoOutliers()
    {
        var problem = await Service.Problem(await _service.PostJson("/v1/models/plain/score?outputs=outlier", """{"rows": []}"""), 400, "bad-query");
        Assert.Contains("gmm fit DATA --continue MODEL -o MODEL adds it", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, (await _service.Scores("/v1/models/plain/score", """{"rows": [[1]]}""")).GetProperty("label").ValueKind);
    }

    [Fact]
    public async Task OtherPathsAndMethodsAreProblemsToo()
    {
        await Service.Problem(await _service.Client.GetAsync("/v2"), 404, "not-found");
        var problem = await Service.Problem(await _service.Client.GetAsync(Score), 405, "method-not-allowed");
        Assert.Equal($"{Score} does not take GET; POST is required", problem.GetProperty("detail").GetString());
    }

    private static int? Optional(JsonElement problem, string name) => problem.TryGetProperty(name, out var value) ? value.GetInt32() : null;
}
