using System.Diagnostics;

namespace ScoringService.Tests;

/// <summary>Publishes the service trimmed and as native code, with GMM_SLOW=1; analyzers look for the same in every build.</summary>
public class PublishTests
{
    [Theory]
    [InlineData("-p:PublishTrimmed=true", "--self-contained")]
    [InlineData("-p:PublishAot=true", "-p:IlcInstructionSet=native")]
    public async Task ItPublishesWithoutWarningsAndServes(params string[] options)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("GMM_SLOW") == "1", "GMM_SLOW=1 publishes the service, which takes minutes");
        var output = Directory.CreateTempSubdirectory("gmm-publish-").FullName;
        var models = Directory.CreateDirectory(Path.Combine(output, "models")).FullName;
        try
        {
            var (published, text) = await Run("dotnet", [
                "publish", Path.Combine(Root(), "samples", "ScoringService"), "-c", "Release", "-o", Path.Combine(output, "app"), "--use-current-runtime",
                "--artifacts-path", Path.Combine(output, "build"), "-warnaserror", .. options]);
            Assert.True(published == 0, text);
            Assert.DoesNotContain("warning", text, StringComparison.OrdinalIgnoreCase);

            await File.WriteAllBytesAsync(Path.Combine(models, "flowers.json"), TestModels.File(TestModels.Fit()));
            await Serves(Path.Combine(output, "app", "ScoringService"), models);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static async Task Serves(string program, string models)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["--models", models, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true })!;
        try
        {
            const string Announcement = "Now listening on: ";
            string? line;
            do line = await process.StandardOutput.ReadLineAsync();
            while (line?.Contains(Announcement, StringComparison.Ordinal) == false);
            Assert.NotNull(line);
            using var client = new HttpClient { BaseAddress = new Uri(line.Split(Announcement)[1].Trim()) };
            using var content = new StringContent("""{"rows": [[1, 2, 3]]}""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/v1/models/flowers/score?outputs=logDensity", content);
            var density = TestModels.Fit().Model.LogDensity([1, 2, 3]).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains($"\"logDensity\":[{density}]", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains("gmm_service_rows_total", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    private static async Task<(int ExitCode, string Output)> Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gmm.Fast.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
