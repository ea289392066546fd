using System.Globalization;
using Gmm.Report;
using Gmm.TestKit;

namespace Gmm.Browser.Tests;

/// <summary>A report in a real browser: what is drawn, what hovering and clicking do, and that nothing from a data file becomes markup.</summary>
public class ReportTests(Chromium chromium)
{
    // The first figure of a report is its scatter.
    private const string Scatter = "document.querySelector('figure.plot .canvas')";

    private const string PointCount = $"{Scatter}.data.filter(trace => trace.meta.role === 'points').reduce((sum, trace) => sum + trace.x.length, 0)";

    [Fact]
    public async Task FiguresAreDrawnWhenTheyComeIntoView()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        await tab.FirstFigureAsync();
        Assert.False(await tab.EvaluateAsync<bool>("[...document.querySelectorAll('figure.plot')].every(figure => figure.dataset.state === 'ready')"));
        await tab.EvaluateAsync("scrollTo(0, document.body.scrollHeight)");
        await tab.WaitForAsync("[...document.querySelectorAll('figure.plot')].at(-1).dataset.state === 'ready'");
        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
    }

    [Fact]
    public async Task TheScatterHasPointsMeansAndTwoEllipsesPerComponent()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        await tab.FirstFigureAsync();
        Assert.Equal(12, await tab.EvaluateAsync<int>($"{Scatter}.data.length"));
        foreach (var (role, count) in new[] { ("points", 3), ("ellipse", 6), ("mean", 3) })
            Assert.Equal(count, await tab.EvaluateAsync<int>($"{Scatter}.data.filter(trace => trace.meta.role === '{role}').length"));
        Assert.Equal(100, await tab.EvaluateAsync<int>(PointCount));

        // Drawn, not only listed.
        Assert.Equal(100 + 3, await tab.EvaluateAsync<int>($"{Scatter}.querySelectorAll('.scatterlayer .points path').length"));
        Assert.Equal(6, await tab.EvaluateAsync<int>($"{Scatter}.querySelectorAll('.scatterlayer .lines path.js-line').length"));
    }

    [Fact]
    public async Task AnEllipseIsThePolygonOfTheLibrary()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        await tab.FirstFigureAsync();
        var (x, y) = Ellipse.Polygon(SamplePages.NotebookFit.Model, 2, 0, 1, 2);
        var trace = $"{Scatter}.data.find(trace => trace.meta.role === 'ellipse' && trace.meta.component === 2 && trace.meta.radius === 2)";
        var (drawnX, drawnY) = (await tab.EvaluateAsync<double[]>($"{trace}.x"), await tab.EvaluateAsync<double[]>($"{trace}.y"));
        Assert.Equal(x.Length, drawnX.Length);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.Equal(x[i], drawnX[i], 1e-12);
            Assert.Equal(y[i], drawnY[i], 1e-12);
        }
    }

    [Fact]
    public async Task HoveringOverAPointTellsItsRowValuesAndResponsibilities()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        await tab.FirstFigureAsync();
        await HoverAsync(tab, "row 1<");

        // The second line of notebook.csv.
        var lines = await HoverLinesAsync(tab);
        var responsibilities = new double[3];
        SamplePages.NotebookFit.Model.Responsibilities([1.4502933864162864, 2.1571757338038555], responsibilities);
        Assert.Equal(["row 1", "x: 1.450293", "y: 2.157176", $"component 2: {responsibilities[2].ToString("0.0000", CultureInfo.InvariantCulture)}"], lines.Take(4));
    }

    [Fact]
    public async Task AClickInTheLegendHidesAllOfAComponent()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        await tab.FirstFigureAsync();
        Assert.Equal(3, await tab.EvaluateAsync<int>($"{Scatter}.querySelectorAll('.legendtoggle').length"));
        var place = await tab.EvaluateAsync<double[]>(
            $"(() => {{ const box = {Scatter}.querySelectorAll('.legendtoggle')[1].getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()");
        await tab.ClickAsync(place[0], place[1]);
        const string Hidden = $"{Scatter}._fullData.filter(trace => trace.visible === 'legendonly')";
        await tab.WaitForAsync($"{Hidden}.length === 4");
        Assert.True(await tab.EvaluateAsync<bool>($"{Hidden}.every(trace => trace.meta.component === 1)"));

        // And stays hidden when the colors change.
        await tab.SetDarkAsync(true);
        await tab.WaitForAsync($"{Scatter}._fullLayout.paper_bgcolor !== '#ffffff'");
        Assert.Equal(4, await tab.EvaluateAsync<int>($"{Hidden}.length"));
    }

    [Fact]
    public async Task AnotherDimensionIsChosenByItsName()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Iris);
        await tab.FirstFigureAsync();
        await ChooseAsync(tab, 2);
        await tab.WaitForAsync($"{Scatter}._fullLayout.xaxis.title.text === 'petal_length'");
        Assert.Equal("sepal_width", await tab.EvaluateAsync<string>($"{Scatter}._fullLayout.yaxis.title.text"));

        // What the other axis shows changes places.
        await ChooseAsync(tab, 1);
        await tab.WaitForAsync($"{Scatter}._fullLayout.yaxis.title.text === 'petal_length'");
        Assert.Equal("sepal_width", await tab.EvaluateAsync<string>($"{Scatter}._fullLayout.xaxis.title.text"));
    }

    [Fact]
    public async Task ThreeDimensionsTurn()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Iris);
        await tab.RenderAllAsync();
        const string Scene = "document.querySelectorAll('figure.plot .canvas')[1]";
        Assert.Equal(9, await tab.EvaluateAsync<int>($"{Scene}.data.length"));
        Assert.Equal(3, await tab.EvaluateAsync<int>($"{Scene}.data.filter(trace => trace.meta.role === 'ellipsoid').length"));
        var before = await tab.EvaluateAsync<double>($"{Scene}._fullLayout.scene.camera.eye.x");
        await tab.EvaluateAsync("document.querySelector('.choice button').click()");
        await tab.WaitForAsync($"Math.abs({Scene}._fullLayout.scene.camera.eye.x - {before.ToString("R", CultureInfo.InvariantCulture)}) > 0.01");
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task OneDimensionShowsAHistogramTheDensitiesAndTheirSum()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.OneDimension);
        await tab.RenderAllAsync();
        var roles = await tab.EvaluateAsync<string[]>($"{Scatter}.data.map(trace => trace.meta.role)");
        Assert.Equal(["histogram", "density", "density", "sum", "points", "points"], roles);

        // Both hold all of the probability: the bars exactly, the curve but for its tails.
        const string Bars = $"{Scatter}.data[0]", Curve = $"{Scatter}.data[3]";
        Assert.Equal(1, await tab.EvaluateAsync<double>($"{Bars}.y.reduce((sum, y, i) => sum + y * {Bars}.width[i], 0)"), 1e-12);
        Assert.Equal(1, await tab.EvaluateAsync<double>($"{Curve}.y.reduce((sum, y) => sum + y, 0) * ({Curve}.x[1] - {Curve}.x[0])"), 0.01);
    }

    [Fact]
    public async Task PanelsShowEachStage()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        await tab.RenderAllAsync();
        Assert.Equal(
            ["start", "after 1", "after 2", "after 3", "after 5", "after 8", "after 12", "converged", "random", "after 1", "after 20", "converged"],
            await tab.EvaluateAsync<string[]>("[...document.querySelectorAll('.panel h4')].map(title => title.textContent)"));
        var traces = await tab.EvaluateAsync<int[]>("[0, 8].map(i => document.querySelectorAll('.panel > div')[i].data.length)");
        Assert.Equal([10, 1], traces);
    }

    [Fact]
    public async Task NamesThatAreMarkupAreShownAsText()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Hostile);
        await tab.RenderAllAsync();
        var headings = await tab.EvaluateAsync<string[]>("[...document.querySelectorAll('thead tr')[0].cells].slice(-4).map(cell => cell.textContent)");
        var choices = await tab.EvaluateAsync<string[]>("[...document.querySelector('.choice select').options].map(option => option.text)");
        Assert.Equal(SamplePages.HostileNames, headings);
        Assert.Equal(SamplePages.HostileNames, choices);
        Assert.Equal(SamplePages.HostileNames[0], await tab.EvaluateAsync<string>($"{Scatter}.querySelector('.xtitle').textContent"));
        Assert.Equal(SamplePages.HostileNames[1], await tab.EvaluateAsync<string>($"{Scatter}.querySelector('.ytitle').textContent"));
        await HoverAsync(tab, "row ");
        var lines = await HoverLinesAsync(tab);
        for (var j = 0; j < 4; j++) Assert.StartsWith(SamplePages.HostileNames[j] + ": ", lines[1 + j], StringComparison.Ordinal);

        // The page's own two scripts, no others that run; no picture, no bold text but that of the page.
        Assert.Equal(0, await tab.EvaluateAsync<int>("document.querySelectorAll('img, main b, svg a').length"));
        Assert.Equal(2, await tab.EvaluateAsync<int>("document.querySelectorAll('script:not([type])').length"));
        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
    }

    [Fact]
    public async Task DarkAndLightFollowTheReader()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook, isDark: true);
        await tab.FirstFigureAsync();
        Assert.Equal("rgb(20, 24, 29)", await tab.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("#14181d", await tab.EvaluateAsync<string>($"{Scatter}._fullLayout.paper_bgcolor"));
        await tab.SetDarkAsync(false);
        await tab.WaitForAsync($"{Scatter}._fullLayout.paper_bgcolor === '#ffffff'");
        Assert.Equal("rgb(255, 255, 255)", await tab.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [Fact]
    public async Task FiftyThousandPointsAreDrawn()
    {
        Assert.SkipUnless(SlowTests.AreOn, "GMM_SLOW=1 draws so many");
        await using var tab = await chromium.OpenAsync(SamplePages.Large);
        await tab.FirstFigureAsync();
        Assert.Equal(50_000, await tab.EvaluateAsync<int>(PointCount));
        if (Environment.GetEnvironmentVariable("GMM_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await tab.RenderAllAsync();
            await File.WriteAllBytesAsync(Path.Combine(folder, "large.png"), await tab.ScreenshotAsync(), TestContext.Current.CancellationToken);
        }
        Assert.Empty(tab.Complaints);
    }

    [Fact]
    public async Task ThePagePrints()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook, isDark: true);
        var file = await tab.PrintAsync();
        if (Environment.GetEnvironmentVariable("GMM_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "notebook.pdf"), file, TestContext.Current.CancellationToken);
        Assert.Equal("%PDF"u8, file.AsSpan(0, 4));
        Assert.Empty(tab.Complaints);
        Assert.Empty(tab.Requests);
    }

    [Fact]
    public async Task ThePageForbidsItselfTheNetwork()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Notebook);
        Assert.Equal("refused", await tab.EvaluateAsync<string>("fetch('https://example.invalid/').then(() => 'sent', () => 'refused')"));
        Assert.Contains(tab.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
        Assert.Equal("stopped", await tab.EvaluateAsync<string>("""
            (() => {
              const script = document.createElement('script');
              script.textContent = 'globalThis.ran = 1';
              document.body.append(script);
              return globalThis.ran ? 'ran' : 'stopped';
            })()
            """));
    }

    [Fact]
    public async Task AGalleryShowsItsPictures()
    {
        await using var tab = await chromium.OpenAsync(SamplePages.Gallery);
        await tab.WaitForAsync("[...document.images].every(image => image.complete && image.naturalWidth > 0)");
        var pictures = await tab.EvaluateAsync<int[]>("[...document.querySelectorAll('.gallery')].map(gallery => gallery.querySelectorAll('img').length)");
        Assert.Equal([5, 5], pictures);
        Assert.Equal("<i>picture</i> 0.jpg", await tab.EvaluateAsync<string>("document.querySelector('.gallery figcaption span').textContent"));
    }

    // Moves the mouse onto the first point whose text begins so.
    private static async Task HoverAsync(Tab tab, string start)
    {
        await tab.EvaluateAsync($"{Scatter}.scrollIntoView({{ block: 'center', behavior: 'instant' }})");
        var place = await tab.EvaluateAsync<double[]>($$"""
            (() => {
              const plot = {{Scatter}}, { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
              const trace = plot.data.find(trace => trace.meta.role === 'points' && trace.text.some(text => text.startsWith('{{start}}')));
              const i = trace.text.findIndex(text => text.startsWith('{{start}}'));
              return [box.x + xaxis._offset + xaxis.d2p(trace.x[i]), box.y + yaxis._offset + yaxis.d2p(trace.y[i])];
            })()
            """);
        await tab.MoveMouseAsync(place[0], place[1]);
        await tab.WaitForAsync($"{Scatter}.querySelector('.hovertext')");
    }

    // In the first list: the horizontal axis.
    private static Task ChooseAsync(Tab tab, int dimension) => tab.EvaluateAsync($$"""
        (() => {
          const select = document.querySelector('.choice select');
          select.value = {{dimension}};
          select.dispatchEvent(new Event('change'));
        })()
        """);

    private static Task<string[]> HoverLinesAsync(Tab tab) =>
        tab.EvaluateAsync<string[]>($"[...{Scatter}.querySelectorAll('.hovertext .nums tspan')].map(line => line.textContent)");
}
