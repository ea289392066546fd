using Gmm.TestKit;

namespace Gmm.Browser.Tests;

/// <summary>
/// What can be said about looks by measuring. With GMM_SCREENSHOTS=FOLDER the pages are also saved as pictures there, for people to look at.
/// </summary>
public class LooksTests(Chromium chromium)
{
    public static TheoryData<string, int, bool> Views()
    {
        var views = new TheoryData<string, int, bool>();

        // All with GMM_SLOW=1; drawing takes seconds.
        foreach (var page in SlowTests.AreOn ? (string[])["Notebook", "Iris", "OneDimension", "Hostile", "Gallery"] : ["Iris"])
        {
            if (SlowTests.AreOn) views.Add(page, 1280, false);

            // Odd names are as odd on every screen, and drawing by WebGL in software is slow.
            if (page != "Hostile") views.Add(page, 390, true);
        }
        return views;
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task APageIsNoWiderThanTheScreenAndHasNoComplaints(string page, int width, bool isDark)
    {
        await using var tab = await chromium.OpenAsync(File(page), width, isDark: isDark);
        if (page != "Gallery") await tab.RenderAllAsync();
        if (Environment.GetEnvironmentVariable("GMM_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            var name = $"{page.ToLowerInvariant()}-{width}-{(isDark ? "dark" : "light")}.png";
            await System.IO.File.WriteAllBytesAsync(Path.Combine(folder, name), await tab.ScreenshotAsync(), TestContext.Current.CancellationToken);
        }
        Assert.True(await tab.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
    }

    private static string File(string page) => page switch
    {
        "Notebook" => SamplePages.Notebook,
        "Iris" => SamplePages.Iris,
        "OneDimension" => SamplePages.OneDimension,
        "Hostile" => SamplePages.Hostile,
        _ => SamplePages.Gallery,
    };
}
