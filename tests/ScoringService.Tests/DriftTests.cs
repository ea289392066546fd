using ScoringService.Models;

namespace ScoringService.Tests;

public class DriftTests
{
    [Fact]
    public async Task TrafficLikeTheFitHasNoDriftAndOtherTrafficHas()
    {
        await using var service = await Service.StartAsync();
        await service.Scores("/v1/models/flowers/score", ScoreTests.Json(TestModels.Rows(1, 200)));
        var usual = (await service.Get("/v1/models/flowers")).GetProperty("recent");
        Assert.Equal(200, usual.GetProperty("rows").GetInt64());
        Assert.Equal(0, usual.GetProperty("drift").GetDouble(), 1e-12);
        Assert.Equal(0, usual.GetProperty("outOfModelShare").GetDouble());
        Assert.Equal(0.01, usual.GetProperty("outlierShare").GetDouble(), 1e-12);

        double[] shifted = [.. TestModels.Rows(1, 200).Select(number => number + 3)];
        await service.Scores("/v1/models/flowers/score", ScoreTests.Json(shifted));
        var drifted = (await service.Get("/v1/models/flowers")).GetProperty("recent");
        Assert.True(drifted.GetProperty("drift").GetDouble() < -1);
        Assert.InRange(drifted.GetProperty("outOfModelShare").GetDouble(), 0.25, 0.5);
    }

    [Fact]
    public async Task ARowOutOfReachIsCountedAndNotAveraged()
    {
        await using var service = await Service.StartAsync();
        await service.Scores("/v1/models/flowers/score", """{"rows": [[1e300, 0, 0], [1, 2, 3]]}""");
        var recent = (await service.Get("/v1/models/flowers")).GetProperty("recent");
        Assert.Equal(0.5, recent.GetProperty("outOfModelShare").GetDouble());
        Assert.InRange(recent.GetProperty("meanLogDensity").GetDouble(), -1000, 0);
    }

    [Fact]
    public void SumsAreOfTheWindow()
    {
        var clock = new ManualClock();
        var recent = new RecentScores(TimeSpan.FromMinutes(2), clock);
        recent.Add(new ScoreSums { Rows = 1, Measured = 1, LogDensity = -2 });
        clock.Pass(TimeSpan.FromSeconds(60));
        recent.Add(new ScoreSums { Rows = 3, Measured = 3, LogDensity = -9 });
        Assert.Equal((4, -11 / 4.0), (recent.Read().Rows, recent.Read().Mean));
        clock.Pass(TimeSpan.FromSeconds(70));
        Assert.Equal((3, -3.0), (recent.Read().Rows, recent.Read().Mean));
        clock.Pass(TimeSpan.FromSeconds(55));
        Assert.Equal((0, null), (recent.Read().Rows, recent.Read().Mean));
        recent.Add(new ScoreSums { Rows = 5 });
        Assert.Equal(5, recent.Read().Rows);
        clock.Pass(TimeSpan.FromDays(1000));
        Assert.Equal(0, recent.Read().Rows);
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
