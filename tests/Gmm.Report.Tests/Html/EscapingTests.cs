using Gmm.Report.Html;

namespace Gmm.Report.Tests.Html;

/// <summary>No text from outside becomes markup or script, wherever it stands.</summary>
public class EscapingTests
{
    private static string Hostile(int i) => Pages.HostileNames[i];

    [Fact]
    public void NamesOfDataAndColumnsAreText()
    {
        var html = Pages.Html(new ReportContent(Pages.Subject(50, 3, 2, Hostile(0), Pages.HostileNames))
        {
            Options = [new(Hostile(0), Hostile(1))],
            Warnings = [Hostile(1)],
            Progress = [new(Hostile(1), Pages.Model(2, 3))],
            Selection = [new(2, 1, 2, null, Hostile(0), Hostile(1))],
        });
        AssertNoneIn(html);
        foreach (var name in Pages.HostileNames) Assert.Contains(name, Pages.Text(html), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryBlockEscapesItsText()
    {
        var (a, b, c) = (Hostile(0), Hostile(1), Hostile(2));
        var html = Pages.Html(new Page(a, b).AddHeader(new Notice(c)).Add(new Section(
            a, new Paragraph(a), new Subheading(b), new Preformatted(c), new Facts([new(a, b)]), new Table([a, b], c).Add(b, new Cell(c, Mark.Good)),
            new Gallery([new(new byte[] { 1 }, "image/png", c, a, b)]),
            new Beside(new Paragraph(c)),
            Plots.Lines(a, b, c, [new(a, [1], [2]), new(b, [1], [3])], c), Plots.Histogram(a, b, c, [0, 1], [2], b))));
        AssertNoneIn(html);
    }

    [Fact]
    public void PlotlyGetsEntitiesForWhatItWouldReadAsTags()
    {
        var figure = Pages.Json(Pages.Html(Plots.Lines("t", "<a href=\"x\">y</a>", "y", [new("<b>n</b>&lt;", [1], [2])])))[0];
        Assert.Equal("&lt;a href=\"x\"&gt;y&lt;/a&gt;", figure.GetProperty("layout").GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("&lt;b&gt;n&lt;/b&gt;&amp;lt;", figure.GetProperty("data")[0].GetProperty("name").GetString());
        Assert.StartsWith("&lt;b&gt;n&lt;/b&gt;&amp;lt;<br>", figure.GetProperty("data")[0].GetProperty("text")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AttributesCannotBeLeft()
    {
        var html = Pages.Html(new Gallery([new(new byte[] { 1 }, "image/png", "\" onerror=\"alert(1)")]));
        Assert.Contains("alt=\"&quot; onerror=&quot;alert(1)\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png\" onerror=\"alert(1)")]
    public void OnlyPicturesArePictures(string mediaType)
    {
        var failure = Assert.Throws<ArgumentException>(() => new Gallery([new(new byte[] { 1 }, mediaType, "a")]));
        Assert.Contains(mediaType, failure.Message, StringComparison.Ordinal);
    }

    // Scripts that run are the page's own two; what names hold appears nowhere outside of text.
    private static void AssertNoneIn(string html)
    {
        Assert.Equal(2, Count(html, "<script>"));
        Assert.DoesNotContain("alert(1)</script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", Pages.WithoutScripts(html), StringComparison.Ordinal);
        Assert.DoesNotContain("onload='", Pages.WithoutScripts(html), StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", Pages.WithoutScripts(html), StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
