using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gmm.Fast;
using Gmm.Report.Html;

namespace Gmm.Report.Tests.Html;

/// <summary>The page as a file: size, policy, repeatability, and JSON that parses.</summary>
public partial class PageTests
{
    private const int Megabyte = 1_000_000;

    [Fact]
    public void FiftyThousandPointsInTenDimensionsStayBelow12MB()
    {
        var subject = Pages.Subject(50_000, 10, 8);
        var snapshots = Enumerable.Range(0, 12).Select(i => new ModelSnapshot($"after {i}", subject.Model));
        var bytes = Pages.Bytes(HtmlReport.Compose(new ReportContent(subject) { Progress = [.. snapshots] }));
        Assert.InRange(bytes.Length, 4 * Megabyte, 12 * Megabyte);
        Assert.Equal(50_000, Cloud(Encoding.UTF8.GetString(bytes)).GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData(60_000, 200, 5)]
    [InlineData(2_000, 20, 300)]
    public void SoDoManyDimensionsAndManyComponents(int points, int dimension, int components)
    {
        var bytes = Pages.Bytes(HtmlReport.Compose(new ReportContent(Pages.Subject(points, dimension, components))));
        Assert.InRange(bytes.Length, 0, 12 * Megabyte);
    }

    [Fact]
    public void TheSameContentGivesTheSameBytes()
    {
        byte[] Once() => Pages.Bytes(HtmlReport.Compose(new ReportContent(Pages.Subject(300, 4)) { Elapsed = TimeSpan.FromSeconds(1) }));
        Assert.Equal(Once(), Once());
    }

    [Fact]
    public void AllJSONParsesAndNumbersThatJSONLacksBecomeGaps()
    {
        var html = Pages.Html(Plots.Lines("t", "x", "y", [new("a", [1, 2, 3], [double.NaN, double.NegativeInfinity, 1])]));
        var y = Pages.Json(html)[0].GetProperty("data")[0].GetProperty("y");
        Assert.Equal("[null,null,1]", y.GetRawText());

        // The plane, space, the trace, the certainty, and the points once for all of them.
        var report = new ReportContent(Pages.Fitted(Pages.Sample(Pages.Model(2, 3), 60), 3, new FitOptions { Components = 2 }));
        Assert.Equal(5, Pages.Json(Pages.Html(report)).Length);
    }

    [Fact]
    public void ThePolicyNamesTheScriptsByTheirHashesAndNothingIsLinked()
    {
        var html = Pages.Html(new ReportContent(Pages.Subject(20, 2)));
        var policy = System.Net.WebUtility.HtmlDecode(Policy().Match(html).Groups[1].Value);
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        var scripts = Script().Matches(html);
        Assert.Equal(2, scripts.Count);
        foreach (Match script in scripts)
            Assert.Contains("sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups[1].Value))), policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(Link(), Pages.WithoutScripts(html));
    }

    [Fact]
    public void APageWithoutFiguresCarriesNoScripts()
    {
        var html = Pages.Html(new Paragraph("text"), new Gallery([new(new byte[] { 1, 2, 3 }, "image/jpeg", "a picture", "caption", "detail")]));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/jpeg;base64,AQID\"", html, StringComparison.Ordinal);
        Assert.True(html.Length < 20_000);
    }

    [Fact]
    public void FiguresOfOneViewShareThePoints()
    {
        var view = new FitView(Pages.Subject(100, 3));
        var html = Pages.Html(view.Scatter(), view.Scatter3D(), view.Progress([new("a", view.Subject.Model)]));
        Assert.Single(Pages.Json(html), json => json.TryGetProperty("shareValues", out _));
        var other = new FitView(Pages.Subject(100, 3));
        Assert.Equal(2, Pages.Json(Pages.Html(view.Scatter(), other.Scatter())).Count(json => json.TryGetProperty("shareValues", out _)));
    }

    [Fact]
    public void ASampleIsDrawnBeyondTheLimitAndThePageSaysSo()
    {
        var html = Pages.Html(new ReportContent(Pages.Subject(50_001, 1)));
        var cloud = Cloud(html);
        Assert.Equal(50_000, cloud.GetProperty("count").GetInt32());
        var rows = MemoryOf<int>(cloud.GetProperty("rows").GetBytesFromBase64());
        Assert.Equal(PointSample.Rows(50_001), rows);
        Assert.Contains("Drawn are 50,000 of the 50,001 points", Pages.Text(html), StringComparison.Ordinal);

        var all = Pages.Html(new ReportContent(Pages.Subject(50, 2)));
        Assert.False(Cloud(all).TryGetProperty("rows", out _));
        Assert.Contains("All 50 points.", Pages.Text(all), StringComparison.Ordinal);
    }

    [Fact]
    public void ValuesFarFromZeroKeepTheirDigits()
    {
        var model = new GaussianMixture(CovarianceType.Full, 1, [1], [1e8], [1]);
        double[] rows = [1e8 - 1.5, 1e8, 1e8 + 0.001, 1e8 + 2];
        var column = Cloud(Pages.Html(new ReportContent(new Subject(model, rows)))).GetProperty("columns")[0];
        var values = MemoryOf<float>(column.GetProperty("values").GetBytesFromBase64());
        var middle = column.GetProperty("middle").GetDouble();
        for (var i = 0; i < rows.Length; i++) Assert.Equal(rows[i] - 1e8, values[i] + (middle - 1e8), 1e-6);
    }

    [Fact]
    public void OnlyTheDimensionsThatSeparateTheComponentsAreOfferedWhereThereAreMany()
    {
        var means = new double[2 * 50];
        (means[50 + 49], means[50 + 7]) = (5, 3);
        var model = new GaussianMixture(CovarianceType.Diagonal, 50, [0.5, 0.5], means, [.. Enumerable.Repeat(1.0, 100)]);
        var html = Pages.Html(new ReportContent(new Subject(model, Pages.Sample(model, 30))));
        var names = Cloud(html).GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()).ToArray();
        Assert.Equal(32, names.Length);
        Assert.Contains("x8", names);
        Assert.Contains("x50", names);
        Assert.Contains("32 of the 50 dimensions are shown", Pages.Text(html), StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonElement Cloud(string html) => Pages.Json(html).Single(json => json.TryGetProperty("shareValues", out _));

    private static T[] MemoryOf<T>(byte[] bytes)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bytes).ToArray();

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("(src|href)=\"(?!data:|#)")]
    private static partial Regex Link();
}
