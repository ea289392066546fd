using System.Diagnostics;
using Gmm.TestKit;

namespace Gmm.Browser.Tests;

/// <summary>Opens the gallery of gmm images and the replay of samples/Notebook, both on the shipped pictures.</summary>
public class ToolPagesTests(Chromium chromium)
{
    private const int TopPictures = 5;
    private const int DoubtfulPictures = 10;

    private static readonly Lazy<string> s_pictures = new(() => Run(
        "gmm.dll", "report.html", "images", Data("pictures"), "-k", "4", "--exact", "--labels", Data("pictures-labels.csv"),
        "--init", Data("pictures-init.json"), "--reg-covar", "0"));

    private static readonly Lazy<string> s_notebook = new(() => Run("Notebook.dll", "notebook.html"));

    // The large one with GMM_SLOW=1: drawing takes seconds.
    public static TheoryData<int, bool> Screens => SlowTests.AreOn ? new() { { 1280, false }, { 390, true } } : new() { { 390, true } };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task TheGalleryShowsTheTopPicturesOfEachComponent(int width, bool isDark)
    {
        await using var tab = await Open(s_pictures.Value, "pictures", width, isDark);
        await tab.WaitForAsync("[...document.images].every(image => image.complete && image.naturalWidth > 0)");
        var galleries = await tab.EvaluateAsync<int[]>("[...document.querySelectorAll('.gallery')].map(gallery => gallery.querySelectorAll('img').length)");
        Assert.Equal([TopPictures, TopPictures, TopPictures, TopPictures, DoubtfulPictures], galleries);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task TheReplayOfTheNotebookAgreesAndDrawsItsFigures(int width, bool isDark)
    {
        await using var tab = await Open(s_notebook.Value, "replay", width, isDark);
        Assert.Contains("all 50 numbers and texts known of the document agree", await tab.EvaluateAsync<string>("document.body.innerText"), StringComparison.Ordinal);
        if (!isDark) Assert.True(await tab.EvaluateAsync<int>("document.querySelectorAll('.js-plotly-plot').length") >= 4);
    }

    private async Task<Tab> Open(string file, string name, int width, bool isDark)
    {
        var tab = await chromium.OpenAsync(file, width, isDark: isDark);

        // Drawing every figure in software takes its time; one view does it for both, and pictures for people have them too.
        var isForPeople = Environment.GetEnvironmentVariable("GMM_SCREENSHOTS") is { Length: > 0 };
        if (isForPeople || !isDark) await tab.RenderAllAsync();
        if (Environment.GetEnvironmentVariable("GMM_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            var picture = Path.Combine(folder, $"{name}-{width}-{(isDark ? "dark" : "light")}.png");
            await File.WriteAllBytesAsync(picture, await tab.ScreenshotAsync(), TestContext.Current.CancellationToken);
        }
        Assert.True(await tab.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
        return tab;
    }

    private static string Data(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    private static string Run(string program, string page, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("gmm-tool-pages-").FullName;
        string[] command = [Path.Combine(AppContext.BaseDirectory, program), .. arguments, "-o", folder];
        using var tool = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true })!;
        tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        Assert.Equal(0, tool.ExitCode);
        return Path.Combine(folder, page);
    }
}
