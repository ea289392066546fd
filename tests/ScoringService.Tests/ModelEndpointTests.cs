using System.Net;
using System.Net.Http.Headers;

namespace ScoringService.Tests;

public class ModelEndpointTests(SharedService shared) : IClassFixture<SharedService>
{
    private readonly Service _service = shared.Service;

    [Fact]
    public async Task TheListHasEveryModel()
    {
        var models = (await _service.Get("/v1/models")).GetProperty("models");
        Assert.Equal(["flowers", "gaps", "plain"], models.EnumerateArray().Select(model => model.GetProperty("name").GetString()));
        Assert.All(models.EnumerateArray(), model => Assert.Equal("serving", model.GetProperty("state").GetString()));
        Assert.Equal([2, 2, 1], models.EnumerateArray().Select(model => model.GetProperty("components").GetInt32()));
    }

    [Fact]
    public async Task AModelTellsWhatItTakesAndWhatIsUsual()
    {
        var model = await _service.Get("/v1/models/flowers");
        Assert.Equal(["length", "width", "depth"], model.GetProperty("columns").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal((3, "full"), (model.GetProperty("dimension").GetInt32(), model.GetProperty("covarianceType").GetString()));
        Assert.False(model.GetProperty("mayHaveGaps").GetBoolean());
        var training = model.GetProperty("training");
        Assert.Equal(200, training.GetProperty("rows").GetInt64());
        Assert.Equal(shared.Flowers.MeanLogLikelihood, training.GetProperty("meanLogDensity").GetDouble());
        Assert.Equal(shared.Flowers.Model.DensityQuantile(0), training.GetProperty("lowestLogDensity").GetDouble());
        Assert.Equal(shared.Flowers.Model.DensityQuantile(0.01), model.GetProperty("anomaly").GetProperty("logDensity").GetDouble());
        Assert.True((await _service.Get("/v1/models/gaps")).GetProperty("mayHaveGaps").GetBoolean());
        Assert.False((await _service.Get("/v1/models/plain")).TryGetProperty("anomaly", out _));
    }

    [Fact]
    public async Task AVersionThatIsKnownIsNotSentAgain()
    {
        using var response = await _service.Client.GetAsync("/v1/models/flowers");
        var tag = response.Headers.ETag!;
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/models/flowers");
        again.Headers.IfNoneMatch.Add(tag);
        Assert.Equal(HttpStatusCode.NotModified, (await _service.Client.SendAsync(again)).StatusCode);
        using var other = new HttpRequestMessage(HttpMethod.Get, "/v1/models/flowers");
        other.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"another\""));
        Assert.Equal(HttpStatusCode.OK, (await _service.Client.SendAsync(other)).StatusCode);
    }

    [Fact]
    public async Task MetricsAreThereForPrometheus()
    {
        await _service.Scores("/v1/models/flowers/score", """{"rows": [[1, 2, 3], [1e6, 0, 0]]}""");
        var text = await _service.Client.GetStringAsync("/metrics");
        Assert.Contains("gmm_service_rows_total{", text, StringComparison.Ordinal);
        Assert.Contains("gmm_service_out_of_model_rows_total{", text, StringComparison.Ordinal);
        Assert.Contains("gmm_service_log_density_drift{", text, StringComparison.Ordinal);
        Assert.Contains("gmm_score_points_total", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", text, StringComparison.Ordinal);
    }
}
