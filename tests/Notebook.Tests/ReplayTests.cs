using System.Net;
using System.Text.RegularExpressions;
using Gmm.Fast;
using Gmm.TestKit;
using SkiaSharp;

namespace Notebook.Tests;

/// <summary>Runs the sample once, for all tests of its results.</summary>
public sealed class Replay : IDisposable
{
    private readonly Scratch _scratch = new();

    public Replay()
    {
        Folder = _scratch.Path("out");
        Outcome = Sample.Run("-o", Folder);
        Page = File.ReadAllText(Path.Combine(Folder, "notebook.html"));

        Markup = Regex.Replace(Page, "<script.*?</script>", "", RegexOptions.Singleline);
        var body = Markup[Markup.IndexOf("<body>", StringComparison.Ordinal)..];
        Text = Regex.Replace(WebUtility.HtmlDecode(Regex.Replace(body, "<[^>]*>", " ")), @"\s+", " ");
    }

    public string Folder { get; }

    internal Outcome Outcome { get; }

    public string Page { get; }

    /// <summary>Holds the page without its scripts.</summary>
    public string Markup { get; }

    /// <summary>Holds the text that a reader sees.</summary>
    public string Text { get; }

    public void Dispose() => _scratch.Dispose();
}

/// <summary>Checks the results of the sample on its own data.</summary>
public class ReplayTests(Replay replay) : IClassFixture<Replay>
{
    [Fact]
    public void TheReplayAgreesAndSaysSo()
    {
        replay.Outcome.Clean();
        Assert.Contains("all 50 numbers and texts known of the document agree", replay.Outcome.Output, StringComparison.Ordinal);
        Assert.Contains("23 iterations; weights, means, covariances", replay.Outcome.Output, StringComparison.Ordinal);
        Assert.Contains("12 iterations of 23", replay.Outcome.Output, StringComparison.Ordinal);
        Assert.Contains("103 iterations, log-likelihood", replay.Outcome.Output, StringComparison.Ordinal);
        Assert.Equal(6, replay.Outcome.Lines.Count(line => line.EndsWith("  agrees", StringComparison.Ordinal)));
        Assert.DoesNotContain("differs", replay.Outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3-model.json", 23, FitStatus.Converged, "notebook", "default")]
    [InlineData("5-model-after-12.json", 12, FitStatus.MaxIterations, "notebook", "maxiter12")]
    [InlineData("8-pictures-model.json", 103, FitStatus.Converged, "synthetic400", null)]
    public void TheModelsAgreeWithExactArithmetic(string name, int iterations, FitStatus status, string golden, string? run)
    {
        using var stream = File.OpenRead(Path.Combine(replay.Folder, name));
        var fit = FitResult.Load(stream)!;
        Assert.Equal((iterations, status), (fit.Iterations, fit.Status));
        var exact = GoldenCase.Load(golden);
        GoldenCheck.Verify(
            exact, run is null ? exact.Runs.Single(run => run.Stop == "total_ll") : exact.Run(run), fit.Model.Weights.ToArray(),
            fit.Model.Means.ToArray(), fit.Model.Covariances.ToArray(), fit.Trace.ToArray(), fit.Iterations, fit.Converged);
    }

    [Theory]
    [InlineData("0.3007102300609823")]
    [InlineData("0.17993710074247007")]
    [InlineData("0.51935266919654721")]
    [InlineData("4.94239235")]
    [InlineData("-0.01494875")]
    [InlineData("-318.8308214856092")]
    [InlineData("last line Iteration 22")]
    [InlineData("Iteration 0, 5, 10, 11")]
    [InlineData("0.301")]
    [InlineData("4.942")]
    [InlineData("0.671")]
    [InlineData("last line of the log Iteration 118 Iteration 102 other data")]
    [InlineData("16.5271595911")]
    [InlineData("sunsets_000.png is assigned to component")]
    public void ThePageShows(string text) => Assert.Contains(text, replay.Text, StringComparison.Ordinal);

    [Fact]
    public void NoNumberOfThePointsDiffersAndEveryNumberOfThePicturesIsMarked()
    {
        Assert.DoesNotContain(">differs<", replay.Page, StringComparison.Ordinal);
        Assert.Equal(55, Regex.Count(replay.Page, ">agrees<"));
        Assert.Equal(11, Regex.Count(replay.Page, ">other data<"));
    }

    [Fact]
    public void EachComponentShowsItsFiveBestPicturesAndTheDoubtfulOnesFollow()
    {
        Assert.Equal(4 * 5 + 10, Regex.Count(replay.Markup, "src=\"data:image/jpeg;base64,"));
        Assert.Equal(400, Regex.Matches(replay.Text, @"Component \d: (\d+) pictures, weight").Sum(match => int.Parse(match.Groups[1].Value)));
        Assert.Contains("Adjusted Rand index: 0.1690", replay.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageAsksNothingOfAnyNetwork()
    {
        Assert.DoesNotMatch("""<[^>]*(src|href|action|data)="(?!data:|#)""", replay.Markup);
        Assert.DoesNotMatch("""https?://""", replay.Markup);
        Assert.Contains("default-src &#x27;none&#x27;", replay.Page, StringComparison.Ordinal);
        Assert.True(replay.Page.Length < 12_000_000);
    }

    [Theory]
    [InlineData("1-points-and-truth.png")]
    [InlineData("5-components-on-the-way.png")]
    [InlineData("6-log-likelihood.png")]
    [InlineData("6-log-likelihood-without-first-3.png")]
    [InlineData("8-pictures-log-likelihood.png")]
    [InlineData("9-pictures-red-green.png")]
    [InlineData("9-pictures-green-blue.png")]
    [InlineData("9-pictures-red-blue.png")]
    [InlineData("11-pictures-responsibilities.png")]
    public void TheFiguresArePicturesAndStandInThePage(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(replay.Folder, name));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);
        using var picture = SKBitmap.Decode(bytes);
        Assert.True(picture.Width > 800 && picture.Height > 400);
        Assert.Contains(Convert.ToBase64String(bytes).Replace("+", "&#x2B;", StringComparison.Ordinal), replay.Markup, StringComparison.Ordinal);
        Assert.Contains($"File: {name}", replay.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ThereAreNoOtherFilesThanThePageNames()
    {
        var files = Directory.GetFiles(replay.Folder).Select(Path.GetFileName).ToList();
        Assert.Equal(14, files.Count);
        Assert.All(files.Where(file => file != "notebook.html"), file => Assert.Contains(file!, replay.Text, StringComparison.Ordinal));
        Assert.Equal(401, File.ReadLines(Path.Combine(replay.Folder, "7-pictures-features.csv")).Count());
    }

    [Theory]
    [InlineData("3-model.json")]
    [InlineData("5-model-after-12.json")]
    public void TheCommandsShownGiveTheModelsShown(string name)
    {
        using var scratch = new Scratch();
        var shown = Regex.Match(replay.Text, $@"gmm (fit (?:(?!gmm fit).)*?) -o {Regex.Escape(name)}").Groups[1].Value;
        var outcome = Sample.RunTool([.. shown.Replace("\\ ", "", StringComparison.Ordinal).Split(' '), "-o", scratch.Path(name), "--quiet"]);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(replay.Folder, name)), File.ReadAllText(scratch.Path(name)));
    }
}
