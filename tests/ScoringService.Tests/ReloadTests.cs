using System.Text.Json;
using ScoringService.Models;

namespace ScoringService.Tests;

/// <summary>Changes files below a running service.</summary>
public class ReloadTests
{
    private const string Body = """{"rows": [[1, 2, 3]]}""";

    private static readonly byte[] s_first = TestModels.File(TestModels.Fit(1));
    private static readonly byte[] s_second = TestModels.File(TestModels.Fit(2));

    [Theory]
    [InlineData("3600")]
    [InlineData("0.02")]
    public async Task ANewFileIsServed(string pollSeconds)
    {
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", pollSeconds);
        service.Replace("flowers.json", s_second);
        service.Replace("other.json", s_first);
        await service.Until("other", model => State(model) == "serving");
        await service.Until("flowers", model => Version(model) == LoadedModel.VersionOf(s_second));
        await AnswersAs(service, "other", s_first);
        await AnswersAs(service, "flowers", s_second);
    }

    [Fact]
    public async Task ABrokenFileLeavesTheOldModelAndIsReported()
    {
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "0.02");
        var version = Version(await service.Until("flowers", model => State(model) == "serving"));
        service.Replace("flowers.json", s_second[..(s_second.Length / 2)]);
        var stale = await service.Until("flowers", model => State(model) == "stale");
        Assert.Equal(version, Version(stale));
        Assert.Contains("not a JSON document", stale.GetProperty("failure").GetProperty("message").GetString(), StringComparison.Ordinal);
        await AnswersAs(service, "flowers", s_first);
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/ready"));

        service.Replace("flowers.json", s_first);
        var back = await service.Until("flowers", model => State(model) == "serving");
        Assert.Equal(version, Version(back));
        Assert.False(back.TryGetProperty("failure", out _));
        service.Replace("flowers.json", s_second);
        await service.Until("flowers", model => Version(model) != version);
        await AnswersAs(service, "flowers", s_second);
    }

    [Fact]
    public async Task AFileThatWasNeverGoodIsNamed()
    {
        await using var service = await Service.StartAsync(new Dictionary<string, byte[]> { ["flowers.json"] = "{}"u8.ToArray() }, "--Scoring:PollSeconds", "0.02");
        await Service.Problem(await service.PostJson("/v1/models/flowers/score", Body), 503, "model-broken");
        using var ready = await service.Client.GetAsync("/health/ready");
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/live"));
        service.Replace("flowers.json", s_first);
        await service.Until("flowers", model => State(model) == "serving");
        Assert.Equal("Healthy", await service.Client.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task AFileThatIsGoneTakesItsModelAfterAWhile()
    {
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "0.02", "--Scoring:RemoveAfterSeconds", "0.3");
        File.Delete(Path.Combine(service.Folder, "flowers.json"));
        await service.Until("flowers", model => model.ValueKind == JsonValueKind.Undefined);
        await Service.Problem(await service.PostJson("/v1/models/flowers/score", Body), 404, "model-not-found");
    }

    [Fact]
    public async Task AFileThatComesBackInTimeIsNeverMissed()
    {
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "0.02", "--Scoring:RemoveAfterSeconds", "3600");
        File.Delete(Path.Combine(service.Folder, "flowers.json"));
        await service.Until("flowers", model => model.TryGetProperty("missingSince", out _));
        await AnswersAs(service, "flowers", s_first);
        service.Replace("flowers.json", s_second);
        await service.Until("flowers", model => !model.TryGetProperty("missingSince", out _));
        await AnswersAs(service, "flowers", s_second);
    }

    [Fact]
    public async Task AnotherFileOfTheSameLengthAndTimeIsServed()
    {
        // As rsync and tar leave it. Only the report of the system tells.
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "3600");
        var time = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var length = Math.Max(s_first.Length, s_second.Length);
        foreach (var content in new[] { s_first, s_second })
        {
            byte[] padded = [.. content, .. Enumerable.Repeat((byte)' ', length - content.Length)];
            var written = Path.Combine(service.Folder, "flowers.tmp");
            await File.WriteAllBytesAsync(written, padded);
            File.SetLastWriteTimeUtc(written, time);
            File.Move(written, Path.Combine(service.Folder, "flowers.json"), overwrite: true);
            await service.Until("flowers", model => Version(model) == LoadedModel.VersionOf(padded));
        }
    }

    [Fact]
    public async Task AFileThatCannotBeReadStopsNoOther()
    {
        var files = new Dictionary<string, byte[]> { ["empty.json"] = [], ["large.json"] = new byte[100_000], ["flowers.json"] = s_first };
        await using var service = await Service.StartAsync(files, "--Scoring:PollSeconds", "0.02", "--Scoring:MaxModelBytes", "99999");
        await AnswersAs(service, "flowers", s_first);
        Assert.Equal("the file is empty", Failure(await service.Until("empty", model => State(model) == "broken")));
        Assert.StartsWith("the file has 100000 bytes; at most", Failure(await service.Until("large", model => State(model) == "broken")), StringComparison.Ordinal);
        service.Replace("flowers.json", s_second);
        await service.Until("flowers", model => Version(model) == LoadedModel.VersionOf(s_second));

        static string? Failure(JsonElement model) => model.GetProperty("failure").GetProperty("message").GetString();
    }

    [Fact]
    public async Task AFolderThatIsAwayTakesNothing()
    {
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "0.02", "--Scoring:RemoveAfterSeconds", "0");
        Directory.Move(service.Folder, service.Folder + "-away");
        await Task.Delay(100);
        await AnswersAs(service, "flowers", s_first);
        Directory.Move(service.Folder + "-away", service.Folder);
        service.Replace("flowers.json", s_second);
        await service.Until("flowers", model => Version(model) != LoadedModel.VersionOf(s_first));
    }

    [Fact]
    public async Task LinksThatAreExchangedAreSeen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "0.02");

        // As Kubernetes mounts a ConfigMap: the file is a link into a folder that is a link, and the latter is exchanged.
        foreach (var (folder, content) in new[] { ("..one", s_first), ("..two", s_second) })
        {
            Directory.CreateDirectory(Path.Combine(service.Folder, folder));
            await File.WriteAllBytesAsync(Path.Combine(service.Folder, folder, "linked.json"), content);
        }
        Directory.CreateSymbolicLink(Path.Combine(service.Folder, "..data"), "..one");
        File.CreateSymbolicLink(Path.Combine(service.Folder, "linked.json"), "..data/linked.json");
        await service.Until("linked", model => State(model) == "serving");
        await AnswersAs(service, "linked", s_first);
        Directory.Delete(Path.Combine(service.Folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(service.Folder, "..data"), "..two");
        await service.Until("linked", model => Version(model) == LoadedModel.VersionOf(s_second));
        await AnswersAs(service, "linked", s_second);
    }

    [Fact]
    public async Task OtherFilesAreLeftOut()
    {
        await using var service = await Service.StartAsync(new Dictionary<string, byte[]>
        {
            [".hidden.json"] = s_first,
            ["a b.json"] = s_first,
            ["notes.txt"] = s_first,
            ["good-1.2_x.json"] = s_first,
        });
        var models = await service.Get("/v1/models");
        Assert.Equal(["good-1.2_x"], models.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task EveryAnswerUnderSwapsIsOfOneVersion()
    {
        await using var service = await Service.StartAsync("--Scoring:PollSeconds", "0.02");
        var rows = TestModels.Rows(5, 30);
        var body = ScoreTests.Json(rows);
        byte[][] files = [s_first, s_second];
        var expected = files.ToDictionary(file => LoadedModel.VersionOf(file), file => Densities(file, rows));
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = new HashSet<string>();
            while (!stop.IsCancellationRequested)
            {
                var answer = await service.Scores("/v1/models/flowers/score", body);
                var version = answer.GetProperty("version").GetString()!;
                Assert.Equal(expected[version], answer.GetProperty("logDensity").EnumerateArray().Select(number => number.GetDouble()));
                seen.Add(version);
            }
            return seen;
        })).ToArray();
        for (var swap = 1; swap <= 10; swap++)
        {
            service.Replace("flowers.json", files[swap % 2]);
            await service.Until("flowers", model => Version(model) == LoadedModel.VersionOf(files[swap % 2]));
        }
        await stop.CancelAsync();
        Assert.Equal(2, (await Task.WhenAll(clients)).SelectMany(seen => seen).Distinct().Count());
    }

    private static double[] Densities(byte[] file, double[] rows)
    {
        var densities = new double[rows.Length / TestModels.Columns];
        Service.Model(file).LogDensities(new Gmm.Fast.Points(rows, TestModels.Columns), densities);
        return densities;
    }

    private static async Task AnswersAs(Service service, string name, byte[] file)
    {
        var answer = await service.Scores($"/v1/models/{name}/score", Body);
        Assert.Equal(LoadedModel.VersionOf(file), answer.GetProperty("version").GetString());
        Assert.Equal(Service.Model(file).LogDensity([1, 2, 3]), answer.GetProperty("logDensity")[0].GetDouble());
    }

    private static string State(JsonElement model) => model.ValueKind == JsonValueKind.Undefined ? "" : model.GetProperty("state").GetString()!;

    private static string Version(JsonElement model) =>
        model.ValueKind == JsonValueKind.Object && model.TryGetProperty("version", out var version) ? version.GetString()! : "";
}
