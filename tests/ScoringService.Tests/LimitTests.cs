using System.Net;

namespace ScoringService.Tests;

/// <summary>Sends more than the service is set to take.</summary>
public class LimitTests
{
    private const string Score = "/v1/models/flowers/score";
    private const string Body = """{"rows": [[1, 2, 3]]}""";

    [Fact]
    public async Task AClientThatSendsTooOftenWaits()
    {
        await using var service = await Service.StartAsync("--Scoring:RequestsPerSecond", "1", "--Scoring:RequestBurst", "3");

        // Tokens come back while these are sent, but not so many.
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => service.PostJson(Score, Body)));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        var response = answers.First(answer => answer.StatusCode != HttpStatusCode.OK);
        await Service.Problem(response, 429, "too-many-requests");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 2);
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/v1/models")).StatusCode);
    }

    [Fact]
    public async Task RequestsBeyondTheQueueAreRefusedAndOthersServed()
    {
        await using var service = await Service.StartAsync("--Scoring:MaxConcurrentRequests", "1", "--Scoring:MaxQueuedRequests", "1");

        // Holds the only place until its body ends. The service asks for the body when it has the place.
        using var slow = new SlowContent(Body);
        using var holding = new HttpRequestMessage(HttpMethod.Post, Score) { Content = slow };
        holding.Headers.ExpectContinue = true;
        var first = service.Client.SendAsync(holding);
        await slow.Begun;

        // One of these waits, the others are refused.
        var others = Enumerable.Range(0, 3).Select(_ => service.PostJson(Score, Body)).ToList();
        for (var i = 0; i < 2; i++)
        {
            var refused = await Task.WhenAny(others);
            others.Remove(refused);
            await Service.Problem(await refused, 429, "too-many-requests");
        }
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/ready"));
        slow.End();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await others.Single()).StatusCode);
        await service.Scores(Score, Body);
    }

    [Fact]
    public async Task ABodyThatIsTooSlowGivesItsPlaceBack()
    {
        await using var service = await Service.StartAsync("--Scoring:MaxConcurrentRequests", "1", "--Scoring:RequestSeconds", "0.1");
        using var slow = new SlowContent(Body);
        using var holding = new HttpRequestMessage(HttpMethod.Post, Score) { Content = slow };
        holding.Headers.ExpectContinue = true;
        var first = service.Client.SendAsync(holding);
        await slow.Begun;
        await service.Scores(Score, Body);

        // The client reads no answer before its body has ended.
        slow.End();
        await Service.Problem(await first, 408, "request-timeout");
    }

    [Fact]
    public async Task ARequestThatHasBegunIsServedWhileTheServiceStops()
    {
        await using var service = await Service.StartAsync();
        using var slow = new SlowContent(Body);
        using var begun = new HttpRequestMessage(HttpMethod.Post, Score) { Content = slow };
        begun.Headers.ExpectContinue = true;
        var answer = service.Client.SendAsync(begun);
        await slow.Begun;
        var stop = service.StopAsync();
        await Task.Delay(100);
        Assert.False(stop.IsCompleted);
        slow.End();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        await stop;
    }
}
